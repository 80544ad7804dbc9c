import type { GuestPlan } from '../plan.ts';
import type { CommandResult, HostShell, RunOptions } from '../transport/host-shell.ts';
import type { GuestClock, GuestKind } from './guest-kind.ts';
import type { GuestTruth } from './guest-truth.ts';
import { kvm } from './kvm/kvm.ts';
import { lxc } from './lxc/lxc.ts';

export const kinds: Readonly<Record<GuestPlan['kind'], GuestKind>> = { lxc, kvm };

export const kindOf = (guest: GuestPlan): GuestKind => kinds[guest.kind];

/** Copies the host's authkey, or the file given, to where the guest has it from its next boot on. */
export const giveAuthkey = async (shell: HostShell, guest: GuestPlan, from?: string): Promise<void> => {
  await shell.run(`set -e\n${kindOf(guest).giveAuthkeyScript(guest, from)}`);
};

/**
 * Compares a guest's clock with its host's: all stamps of a drill are on the host's, so what is stamped in a guest has to
 * be brought there. An LXC guest has the host's own clock.
 */
export const readGuestClock = (shell: HostShell, guest: GuestPlan): Promise<GuestClock> =>
  kindOf(guest).readClock(shell, guest);

/**
 * Runs a bash script inside a guest as root and returns what it printed, on a way that no fault on a network cuts.
 * Takes the shell of the host that runs the guest, and the same options as its `run`. Throws a CommandError if the guest
 * does not run or the script ends with a status that is not accepted.
 */
export const runInGuest = (
  shell: HostShell,
  guest: GuestPlan,
  script: string,
  options?: RunOptions,
): Promise<CommandResult> => kindOf(guest).run(shell, guest, script, options);

/**
 * Does the same with a script that the guest may not survive for long: what it prints, a single line, reaches the host
 * all the same. It has no standard input, and its standard error is not returned.
 */
export const runLastInGuest: typeof runInGuest = (shell, guest, script, options) =>
  kindOf(guest).runLast(shell, guest, script, options);

/**
 * Asks the machine about the guests: libvirt for the domain ids, the process table and the guests' own files for the
 * rest. Throws a LabError if what comes back makes no sense.
 */
export const readGuestTruth = async (
  shell: HostShell,
  guests: readonly GuestPlan[],
): Promise<ReadonlyMap<string, GuestTruth>> => {
  const ofKinds = await Promise.all(
    [...new Set(guests.map(kindOf))].map((kind) =>
      kind.readTruth(
        shell,
        guests.filter((guest) => kindOf(guest) === kind),
      ),
    ),
  );
  return new Map(ofKinds.flatMap((truths) => [...truths]));
};
