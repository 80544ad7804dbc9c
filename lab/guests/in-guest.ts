import type { GuestPlan } from '../plan.ts';
import { quote, type CommandResult, type HostShell, type RunOptions } from '../transport/host-shell.ts';
import { lxcProcessFunctions } from './guest-truth.ts';

/**
 * Runs a POSIX shell script inside a guest as root and returns what it printed, on a way that no fault on a network cuts.
 * Takes the shell of the host that runs the guest, and the same options as its `run`. Throws a CommandError if the guest
 * does not run or the script ends with a status that is not accepted.
 */
export const runInGuest = (
  shell: HostShell,
  guest: GuestPlan,
  script: string,
  options?: RunOptions,
): Promise<CommandResult> =>
  shell.run(
    `${lxcProcessFunctions}
    init=$(init_of ${guest.name}) && [ "$init" ] || { echo '${guest.name} does not run' >&2; exit 1; }
    nsenter -t "$init" -a sh -c ${quote(script)}`,
    options,
  );
