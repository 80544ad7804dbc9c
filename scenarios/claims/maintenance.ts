import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';

/** The cluster goes into maintenance mode and comes out of it in the way that is given, and all is as planned. */
export const maintenanceIsOver = async (
  cluster: Cluster,
  guest: GuestPlan,
  end: () => Promise<void>,
): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  await cluster.setProperty('maintenance-mode', 'true');
  await cluster.eventually(
    'the cluster is in maintenance mode',
    ({ status }) => status.options.maintenanceMode,
    orderlyMs,
  );
  await end();
  await cluster.eventuallySteady(orderlyMs);
};
