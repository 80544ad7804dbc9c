import { requireMarker } from '../cluster/marker.ts';
import { FaultError } from '../errors.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { leavesNothing, type Fault, type FaultSite, type Injection } from './fault.ts';

/** A fault that the host does not outlive: it is injected, and proven, when the host has booted anew. Nothing of it is left to heal. */
interface HostEnd extends Pick<Fault, 'name' | 'description'> {
  /** Why it can't be had where {@link HostEnd.end} is null. */
  readonly cannot: string;
  /** Ends the host, waits until it has booted, and returns in words what was seen of its end; null where that is in nobody's hands. */
  readonly end: (host: FaultSite['host']) => ((signal?: AbortSignal) => Promise<string>) | null;
}

/** The host's clock in milliseconds since the epoch, and its boot. */
const readBoot = async (shell: HostShell): Promise<{ readonly atMs: number; readonly bootId: string }> => {
  const { stdout } = await shell.run('echo "${EPOCHREALTIME/[.,]/}"; cat /proc/sys/kernel/random/boot_id');
  const [us, bootId = ''] = stdout.split('\n');
  return { atMs: Number(us) / 1000, bootId };
};

const hostEnd = ({ name, description, cannot, end }: HostEnd): Fault => ({
  name,
  family: 'host',
  description,
  kinds: ['lxc', 'kvm'],

  available: ({ host }) => Promise.resolve(end(host) === null ? cannot : null),

  async inject({ guest, host, shell, signal }): Promise<Injection> {
    const endHost = end(host);
    if (!endHost) throw new FaultError(`The fault ${name} could not be injected in ${guest.name}: ${cannot}`);
    await requireMarker(shell);
    const before = await readBoot(shell);
    const seen = await endHost(signal);
    const after = await readBoot(shell);
    if (after.bootId === before.bootId)
      throw new FaultError(
        `The fault ${name} did not take effect in ${guest.name}: ${host.name} runs on in the same boot.`,
      );
    return {
      atMs: after.atMs,
      target: host.name,
      proof: `${seen}, and it was booted anew`,
      ...leavesNothing,
    };
  },
});

/** An end that shows in nothing but the next boot, and what was done for it, in words. */
const doneBy = (end: ((signal?: AbortSignal) => Promise<void>) | null, words: string): ReturnType<HostEnd['end']> =>
  end &&
  (async (signal) => {
    await end(signal);
    return words;
  });

/** Faults that end everything on the host at once. A stream of samples does not outlive them, either. */
export const hostEnds: readonly Fault[] = [
  hostEnd({
    name: 'host-power-lost',
    description: 'the host’s power is cut and given back',
    cannot: 'nobody has the power switch of the host',
    end: ({ losePower }) => doneBy(losePower, 'its power was cut and given back'),
  }),
  hostEnd({
    name: 'host-reset',
    description: 'the host’s reset button is pressed',
    cannot: 'nobody has the reset button of the host',
    end: ({ reset }) => doneBy(reset, 'its reset button was pressed'),
  }),
  hostEnd({
    name: 'host-crashed',
    description: 'the host’s kernel crashes (sysrq) and boots anew',
    cannot: 'the host has no kernel of its own whose console and power switch are the lab’s',
    end: ({ crash }) =>
      crash && (async (signal) => `its console says "Kernel panic - not syncing: ${await crash(signal)}"`),
  }),
];
