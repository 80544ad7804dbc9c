import { killOf } from '../fixtures/faults.ts';
import { plannedGuests } from '../fixtures/guests.ts';
import { test } from '../fixtures/test.ts';
import { theGuestIsRecovered } from './claims/failure.ts';

for (const [at, guest] of plannedGuests().entries()) {
  test(
    `${guest.name} is recovered when its pacemaker_remoted is killed`,
    // One guest stands for all in the main drill.
    { tag: [...(at === 0 ? ['@guest-failure'] : []), '@daemon', `@${guest.kind}`] },
    async ({ drill }) => {
      await theGuestIsRecovered(drill, guest, killOf(guest));
    },
  );
}
