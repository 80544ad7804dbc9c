import type { GuestPlan, Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { giveAuthkey } from './guest-kinds.ts';

/** Holds a key for each guest that was given one of its own: by them a later run knows which guests to give the right one. */
const directory = '/var/lib/guest-drills/other-authkeys';

/** Gives the guest an authkey that is not the cluster's. It counts from the guest's next start on. */
export const giveAnotherAuthkey = async (shell: HostShell, guest: GuestPlan): Promise<void> => {
  const key = `${directory}/${guest.name}`;
  await shell.run(
    `mkdir -p ${directory} && (umask 077 && dd if=/dev/urandom of=${key} bs=4096 count=1 status=none) && sync ${key}`,
  );
  await giveAuthkey(shell, guest, key);
};

/** Gives the guest the cluster's authkey again. It counts from the guest's next start on. */
export const returnAuthkey = async (shell: HostShell, guest: GuestPlan): Promise<void> => {
  await giveAuthkey(shell, guest);
  await shell.run(`rm -f ${directory}/${guest.name}`);
};

/** The guests of the plan that have an authkey of their own, for whatever reason {@link returnAuthkey} was not reached. */
export const guestsWithAnotherAuthkey = async (shell: HostShell, plan: Plan): Promise<Plan['guests']> => {
  const { stdout } = await shell.run(`ls ${directory} 2>/dev/null || true`);
  const names = stdout.split('\n');
  return plan.guests.filter((guest) => names.includes(guest.name));
};
