import { LabError } from '../../errors.ts';
import type { GuestPlan, Plan } from '../../plan.ts';
import type { HostShell } from '../../transport/host-shell.ts';
import type { GuestClock } from '../guest-kind.ts';
import { kindOf, readGuestClock } from '../guest-kinds.ts';
import type { GuestTruth } from '../guest-truth.ts';
import { stampsFile } from './stamping.ts';

/** What an agent left when it started or stopped a resource; or the daemon that runs agents, of the boot that it was started in. */
export interface RunStamp {
  /** The resource's id; `-` with a boot. */
  readonly resource: string;
  readonly action: 'start' | 'stop' | 'migrate_from' | 'migrate_to' | 'boot';
  /** When a start ended, or a stop began, or the daemon was started: milliseconds since the epoch on the clock of the place that it was left in. */
  readonly atMs: number;
  /** The agent's exit code. */
  readonly exitCode: number;
  /** Whether the agent had its state file when it was done: then the resource runs, whatever the exit code says. */
  readonly runs: boolean;
  /** The boot in which it was left. */
  readonly bootId: string;
}

/** The stamps of a host or a guest, in the order in which they were left. */
export type RunStamps = ReadonlyMap<string, readonly RunStamp[]>;

/** Beyond this a file of stamps keeps only the last one of each resource, in their order, which tells whether it runs there. */
const trimmedBytes = 64 * 1024;

const placesOf = (shell: HostShell, plan: Plan): readonly (readonly [string, string])[] => [
  [shell.hostName, stampsFile],
  ...plan.guests.map((guest): [string, string] => [guest.name, kindOf(guest).stampsPath(guest)]),
];

/** Keeps the files of stamps small. To be called while the cluster has nothing to do: what is left meanwhile may be lost. */
export const trimRunStamps = async (shell: HostShell, plan: Plan): Promise<void> => {
  const files = placesOf(shell, plan).map(([, path]) => path);
  await shell.run(
    `for file in ${files.join(' ')}; do
      [ "$(stat -c %s "$file" 2>/dev/null || echo 0)" -gt ${trimmedBytes} ] || continue
      last=$(tac "$file" | awk '!seen[$1]++' | tac) && printf '%s\\n' "$last" >"$file"
    done`,
  );
};

const lineOf = /^(\S+) (start|stop|migrate_from|migrate_to|boot) (\d{16,20}) (\d{1,3}) (there|gone) ([\da-f-]{36})$/;

/** Parses a line of a file of stamps. Throws a LabError if it is none. */
export const parseRunStamp = (place: string, line: string): RunStamp => {
  const [, resource, action, atNs, exitCode, file, bootId] = lineOf.exec(line) ?? [];
  if (resource === undefined || atNs === undefined || bootId === undefined)
    throw new LabError(`An agent in ${place} left a stamp that can't be understood: ${line}`);
  return {
    resource,
    action: action as RunStamp['action'],
    // As a number it would lose its last digits before they are rounded.
    atMs: Number(BigInt(atNs) / 1_000n) / 1_000,
    exitCode: Number(exitCode),
    runs: file === 'there',
    bootId,
  };
};

/** Reads every stamp of the host and its guests, also of guests that do not run, in one command for all of them. */
export const readRunStamps = async (shell: HostShell, plan: Plan): Promise<RunStamps> => {
  const places = placesOf(shell, plan);
  const { stdout } = await shell.run(places.map(([, path]) => `cat ${path} 2>/dev/null; printf '\\0'`).join('\n'));
  const files = stdout.split('\0');
  return new Map(
    places.map(([place], at) => [
      place,
      (files[at] ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => parseRunStamp(place, line)),
    ]),
  );
};

/**
 * Compares the clock of every guest with the host's and returns it by the guest's boot id, which the machine said just now:
 * a clock begins anew at each boot. A guest that does not answer is left out.
 */
export const readBootClocks = async (
  shell: HostShell,
  guests: readonly GuestPlan[],
  truths: ReadonlyMap<string, GuestTruth>,
): Promise<ReadonlyMap<string, GuestClock>> => {
  const clocks = await Promise.all(
    guests.map(async (guest): Promise<[string, GuestClock][]> => {
      const bootId = truths.get(guest.name)?.bootId ?? null;
      if (bootId === null) return [];
      try {
        return [[bootId, await readGuestClock(shell, guest)]];
      } catch (error) {
        if (!(error instanceof LabError && error.name === 'CommandError')) throw error;
        return [];
      }
    }),
  );
  return new Map(clocks.flat());
};
