import { findFault } from '../fixtures/faults.ts';
import { plannedGuests } from '../fixtures/guests.ts';
import { test } from '../fixtures/test.ts';
import { theGuestIsRecovered } from './claims/failure.ts';

/** Faults that cut the connection at once and for good, as a kill does, so that the guest has to be recovered as after one. */
const faults = ['pacemaker-remoted-segfault', 'pacemaker-remoted-aborted', 'guest-init-killed'].map(findFault);

// One guest of each kind stands for all.
for (const kind of ['lxc', 'kvm'] as const)
  for (const guest of plannedGuests(kind).slice(0, 1))
    for (const fault of faults)
      test(
        `${guest.name} is recovered from ${fault.name}`,
        { tag: [`@${fault.family}`, `@${kind}`] },
        async ({ drill }) => {
          await theGuestIsRecovered(drill, guest, fault);
        },
      );
