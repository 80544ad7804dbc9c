import type { Fault, FaultSite } from '../../lab/faults/fault.ts';
import type { HostShell } from '../../lab/transport/host-shell.ts';

/** What acts in the scripts of these families, so that an injection without it does nothing; the rest only looks. */
const acting = [
  ...['kill', 'virsh', 'systemctl', 'systemd-run', 'taskset', 'ip', 'tc', 'mv'],
  ...['rm', 'mount', 'setsid', 'hostname', 'python3'],
];
const canBeIdle: readonly Fault['family'][] = ['domain', 'host', 'resource', 'guest'];

/** Goes through all of an injection, and reaches nothing. */
const idle = {
  begin: `
    ${acting.map((command) => `${command}() { :; }`).join('\n')}
    timeout() { shift; "$@"; }
    crm_resource() { [[ $* == *--fail* ]] || command crm_resource "$@"; }
    awk() { if [ -f "\${@: -1}" ]; then cat "\${@: -1}"; else command awk "$@"; fi; }`,
  end: `unset -f ${acting.join(' ')} timeout crm_resource awk`,
};
/** Does not even begin with it: for what acts with redirections, which can't be taken away. */
const nothing = { begin: 'target=nothing; return', end: ':' };

const mutate = (script: string, { begin, end }: typeof idle): string =>
  script
    .replaceAll('inject() {\n:', () => `inject() {\n${begin}`)
    .replaceAll('proof() {\n:', () => `proof() {\n${end}`)
    .replaceAll(/- injected < \d+/g, '- injected < 500000');

/**
 * A shell on which faults of a family are injected without an effect, and soon given up. A fault whose proof is that it was
 * tried, and not what it did, is believed there.
 */
const withoutEffect = (shell: HostShell, family: Fault['family']): HostShell => {
  const mutated = (text: string): string => mutate(text, canBeIdle.includes(family) ? idle : nothing);
  // What a KVM guest is to run, its agent is told in JSON.
  const mutatedInput = (input: string): string =>
    input.startsWith('{')
      ? JSON.stringify(JSON.parse(input), (_key, value: unknown) =>
          typeof value === 'string' ? mutated(value) : value,
        )
      : input;
  return {
    ...shell,
    run: (script, options = {}) =>
      shell.run(mutated(script), {
        ...options,
        ...(options.input !== undefined && { input: mutatedInput(String(options.input)) }),
      }),
  };
};

/** A site where faults of that family are injected without an effect; a host there neither crashes nor loses its power. */
export const siteWithoutEffect = (site: FaultSite, family: Fault['family']): FaultSite => ({
  ...site,
  shell: withoutEffect(site.shell, family),
  host: {
    ...site.host,
    losePower: site.host.losePower && (() => Promise.resolve()),
    reset: site.host.reset && (() => Promise.resolve()),
    standStill: site.host.standStill && (() => Promise.resolve('running')),
    crash: site.host.crash && (() => Promise.resolve('')),
  },
});
