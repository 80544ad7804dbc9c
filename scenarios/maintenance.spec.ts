import { killOf } from '../fixtures/faults.ts';
import { plannedGuests } from '../fixtures/guests.ts';
import { test } from '../fixtures/test.ts';
import { theGuestIsRecovered } from './claims/failure.ts';
import { maintenanceIsOver } from './claims/maintenance.ts';

/** A failure that is known, and told as such; the drill fails once it is mended. */
const monitorLost = {
  type: 'known finding',
  description: 'its connection is not monitored again, and its loss is not noticed: docs/findings.md, 24',
};

for (const kind of ['lxc', 'kvm'] as const)
  for (const guest of plannedGuests(kind).slice(0, 1)) {
    test(
      `${guest.name} is recovered after maintenance mode`,
      { tag: ['@daemon', `@${kind}`] },
      async ({ drill, cluster }) => {
        await maintenanceIsOver(cluster, guest, () => cluster.setProperty('maintenance-mode', 'false'));
        await theGuestIsRecovered(drill, guest, killOf(guest));
      },
    );

    test.fail(
      `${guest.name} is recovered after maintenance mode that a pushed configuration has ended`,
      { tag: ['@daemon', `@${kind}`], annotation: monitorLost },
      async ({ drill, cluster }) => {
        await maintenanceIsOver(cluster, guest, () => cluster.pushProperty('maintenance-mode', 'false'));
        await theGuestIsRecovered(drill, guest, killOf(guest));
      },
    );
  }
