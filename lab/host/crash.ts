import { LabError } from '../errors.ts';
import { pause } from '../pause.ts';
import type { HostShell } from '../transport/host-shell.ts';
import type { HostPower } from './host.ts';

/** So that the command that asks for it ends before the kernel does. */
const crashesAfterSeconds = 2;
const lookAgainMs = 200;
/** How long a host with a processor of its own may take to its last word, and from there to the first one of its next boot. */
const panicWithinMs = 15_000;
const beginsAnewWithinMs = 20_000;

/** Has the kernel crash in a moment; see https://docs.kernel.org/admin-guide/sysrq.html. */
export const beginCrash = async (shell: HostShell): Promise<void> => {
  await shell.run(
    `systemd-run --quiet --collect /bin/sh -c 'sleep ${crashesAfterSeconds}; echo c >/proc/sysrq-trigger'`,
  );
};

/** What is said on a console of a crash, and whether the kernel has begun anew since. */
export interface CrashOnConsole {
  /** The kernel's own word for why it does not go on, or null if it goes on. */
  readonly panic: string | null;
  readonly begunAnew: 'yes' | 'not yet';
}

/** Reads off what was said on a host's console since the crash began whether its kernel has crashed. */
export const readCrash = (said: string): CrashOnConsole => {
  const [, reason] = /Kernel panic - not syncing: ([^\r\n]+)\r?\n/u.exec(said) ?? [];
  const [, afterwards = ''] = said.split('Kernel panic - not syncing: ');
  return {
    panic: reason?.trim() ?? null,
    begunAnew: afterwards.includes('] Linux version ') ? 'yes' : 'not yet',
  };
};

/** The console of a host and its power switch. */
export interface ConsoleAndPower {
  readonly console: NonNullable<HostPower['console']>;
  readonly cut: NonNullable<HostPower['cut']>;
  /** How many times longer everything may take on it. */
  readonly timeFactor: number;
}

/**
 * Waits until a host whose console has said so many characters before has crashed and begins anew; its power is cut and given back
 * if it hangs. Returns why its kernel did not go on, in its own words. Throws a LabError if it did not crash.
 */
export const waitForCrash = async (
  { console, cut, timeFactor }: ConsoleAndPower,
  saidBefore: number,
  signal?: AbortSignal,
): Promise<string> => {
  const until = async (holds: (said: CrashOnConsole) => boolean, withinMs: number): Promise<CrashOnConsole> => {
    const endsAt = performance.now() + withinMs * timeFactor;
    for (;;) {
      const said = readCrash((await console()).slice(saidBefore));
      if (holds(said) || performance.now() > endsAt) return said;
      await pause(lookAgainMs, signal);
    }
  };
  const { panic } = await until((said) => said.panic !== null, panicWithinMs);
  if (panic === null)
    throw new LabError('The host did not crash: its console tells of no panic.', {
      next: 'see its console log ("npm run lab logs"), and whether it lets sysrq crash it (/proc/sysrq-trigger).',
    });
  const { begunAnew } = await until((said) => said.begunAnew === 'yes', beginsAnewWithinMs);
  if (begunAnew !== 'yes') await cut(signal);
  return panic;
};
