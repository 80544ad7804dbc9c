import { killOf } from '../fixtures/faults.ts';
import { plannedGuests } from '../fixtures/guests.ts';
import { test } from '../fixtures/test.ts';
import { theGuestIsRecovered } from './claims/failure.ts';
import { maintenanceIsOver } from './claims/maintenance.ts';
import { detailsOf, monitorLost, testOf } from './known-findings.ts';

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

    testOf(monitorLost)(
      `${guest.name} is recovered after maintenance mode that a pushed configuration has ended`,
      detailsOf(monitorLost, { tag: ['@daemon', `@${kind}`] }),
      async ({ drill, cluster }) => {
        await maintenanceIsOver(cluster, guest, () => cluster.pushProperty('maintenance-mode', 'false'));
        await theGuestIsRecovered(drill, guest, killOf(guest));
      },
    );
  }
