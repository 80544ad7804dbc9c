import { LabError } from '../../errors.ts';
import type { GuestPlan } from '../../plan.ts';
import type { Report } from '../../progress/progress.ts';
import type { Release } from '../../releases.ts';
import { quote, type HostShell } from '../../transport/host-shell.ts';
import { requireRelease, type Machine } from './examine.ts';
import { recordFolder } from './files.ts';

const listsTimeoutMs = 300_000;
/** An emulated machine takes minutes. */
const installTimeoutMs = 2_400_000;

/** Says which version of Pacemaker the machine's archives have, fetching their lists if it does not know. */
const candidateOf = async (shell: HostShell, { distribution }: Machine, signal: AbortSignal): Promise<string> => {
  const { candidate, update } = distribution.commands;
  const ask = async (): Promise<string> =>
    (await shell.run(`{ ${candidate}; } || :`, { timeoutMs: listsTimeoutMs, signal })).stdout.trim();
  const known = await ask();
  if (known !== '') return known;
  await shell.run(update, { timeoutMs: listsTimeoutMs, signal });
  return await ask();
};

/** Checks that the machine's archives have the release that is asked for. Throws a LabError otherwise. */
export const checkRelease = async (
  shell: HostShell,
  machine: Machine,
  release: Release,
  signal: AbortSignal,
): Promise<void> => {
  requireRelease(shell, machine, await candidateOf(shell, machine, signal), release);
};

/**
 * Installs what a host needs and writes down before which packages that brings. Nothing is started meanwhile. It is a
 * unit of its own that installs, which no lost connection cuts off in the middle.
 * @param kinds Of the guests that the machine is to run.
 * @returns How many packages it brought.
 */
export const installOnMachine = async (
  shell: HostShell,
  { distribution }: Machine,
  release: Release,
  kinds: ReadonlySet<GuestPlan['kind']>,
  report: Report,
  signal: AbortSignal,
): Promise<number> => {
  const { simulate, install, installNew, update } = distribution.commands;
  const packages = `set -- ${distribution.packages(release, kinds).map(quote).join(' ')}`;
  const plan = async (): Promise<string> =>
    (await shell.run(`set -o pipefail\n${packages}\n${simulate}`, { timeoutMs: listsTimeoutMs, signal })).stdout;
  const simulated = await plan().catch(async () => {
    // Most often the lists are out of date.
    signal.throwIfAborted();
    await shell.run(update, { timeoutMs: listsTimeoutMs, signal });
    return await plan();
  });
  const named = (what: string): string[] =>
    simulated.split('\n').flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []));
  const removed = named('removed');
  if (removed.length > 0)
    throw new LabError(`A lab's packages would take others away from ${shell.hostName}: ${removed.join(', ')}.`, {
      next: 'choose another machine, or remove them by hand if nobody needs them.',
    });
  const brought = named('new');
  const upgraded = named('upgraded');
  if (brought.length === 0 && upgraded.length === 0) return 0;
  report(`${brought.length} packages`);
  await shell.run(
    `cd ${recordFolder} && { cat packages 2>/dev/null; cat; } | sort -u >packages.new && mv packages.new packages`,
    {
      input: `${brought.join('\n')}\n`,
    },
  );
  await shell.run(
    `cd ${recordFolder}
    cat >install.sh
    systemctl reset-failed pacemaker-lab-install.service 2>/dev/null
    systemd-run --quiet --collect --wait --unit=pacemaker-lab-install -p StandardOutput=append:${recordFolder}/install.log \\
      -p StandardError=append:${recordFolder}/install.log bash ${recordFolder}/install.sh || { status=$?; tail -n 15 install.log; exit $status; }`,
    {
      input: `${notStarting}\n${packages}\n${upgraded.length === 0 ? installNew : install} && SYSTEMD_OFFLINE=0 systemctl daemon-reload && sync\n`,
      timeoutMs: installTimeoutMs,
      signal,
    },
  );
  return brought.length;
};

/**
 * What is installed is not started: by invoke-rc.d's policy on Debian; where there is one already it stands. Nor is systemd asked to
 * read its units anew after each package (SYSTEMD_OFFLINE): it does once, when all are there.
 */
const notStarting = `policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\\n# pacemaker-guest-drills\\nexit 101\\n' >$policy
  chmod 755 $policy
fi
export HOME=/root SYSTEMD_OFFLINE=1`;
