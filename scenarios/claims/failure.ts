import { reconnectBudgets, restartBudgets } from '../../fixtures/budgets.ts';
import { byRelease } from '../../fixtures/by-release.ts';
import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import type { Drill, WatchFor } from '../../fixtures/drill.ts';
import { expect, type ExpectedFailedAction } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { nodeOf, resourceOf } from '../../fixtures/observer/running.ts';
import type { DrillOutcome } from '../../fixtures/outcome.ts';
import { expectACleanRecovery, expectARestartFor } from './common.ts';

/** The reason in a record of a connection. */
const reasonOfConnection = (reason: string): string | null =>
  byRelease<string | null>(reason, [
    {
      until: '2.1.2',
      value: null,
      source: '80b109e7e8 "Feature: controller,libpacemaker: set exit reason for internal errors"',
    },
  ]);

/** What a lost connection is recorded as: by the way in which the cluster comes to know of it. */
const lostConnection = {
  'at once': { status: 'error', reason: reasonOfConnection('Lost connection to remote executor') },
  'by the monitor of the connection': {
    status: 'timed out',
    reason: reasonOfConnection('Remote executor did not respond'),
  },
} as const;

/** The record of a lost connection: of the implicit resource, on the host. */
export const theLostConnection = (
  guest: GuestPlan,
  hostName: string,
  notice: keyof typeof lostConnection,
): ExpectedFailedAction => ({
  resource: guest.name, // the connection, not the VirtualDomain resource
  task: 'monitor',
  intervalMs: 30_000,
  node: hostName,
  exitCode: 1,
  ...lostConnection[notice],
});

/**
 * The guest is recovered when its connection is lost: a monitor failure of the implicit resource, the guest node gone and
 * what ran there Stopped meanwhile, and everything back again with the failed action still listed.
 */
export const theGuestIsRecovered = async (
  drill: Drill,
  guest: GuestPlan,
  fault: Fault,
  {
    notice = 'at once',
    stopMs = 0,
    ...watch
  }: { readonly notice?: keyof typeof lostConnection; readonly stopMs?: number } & Pick<WatchFor, 'healAt'> = {},
): Promise<void> => {
  const outcome = await drill.breakAndWatch(fault, guest, {
    ...watch,
    budgets: restartBudgets(notice, notice, stopMs),
  });
  expectARestartFor(outcome, theLostConnection(guest, outcome.hostName, notice));
};

/**
 * The guest boots behind the cluster's back, and does not know the cluster's connection any more: its monitor finds that
 * out, and the guest is connected to again and runs what ran there. Whether it is restarted once more for that is a race
 * (docs/findings.md).
 */
export const theGuestIsConnectedToAgain = async (drill: Drill, guest: GuestPlan, fault: Fault): Promise<void> => {
  const outcome = await drill.breakAndWatch(fault, guest, {
    budgets: reconnectBudgets('by the monitor of the connection'),
  });
  expect(outcome).toRecordOnlyTheFailedActions([
    {
      ...theLostConnection(guest, outcome.hostName, 'at once'),
      reason: reasonOfConnection('Remote connection unexpectedly dropped during monitor'),
    },
  ]);
  expect(outcome).toCountOnlyTheFailures([{ resource: guest.name, node: outcome.hostName, failCount: 1 }]);
  expect(outcome).toHaveStoppedAndRestartedWhatRanThere();
  expectACleanRecovery(outcome);
};

const recordsOf = ({ status }: DrillOutcome['before'], guest: GuestPlan) => ({
  failedActions: status.failures.filter(({ resource }) => resource === guest.name).map(({ key }) => key),
  failCount: status.histories.find(({ resource }) => resource === guest.name)?.failCount ?? 0,
});

const noRecords = { failedActions: [], failCount: 0 };

const expectTheRecord = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  expect(recordsOf(await cluster.now(), guest), 'a failed action is listed, and counted once').toEqual({
    failedActions: [`${guest.name}_monitor_30000`],
    failCount: 1,
  });
};

/** Today's clean-up of the failed action: of the connection while the guest is active. It restarts nothing. */
export const aCleanUpWhileItIsActiveClearsTheRecord = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  await expectTheRecord(cluster, guest);
  const before = await cluster.truthOf(guest);
  await cluster.cleanUp(guest.name);
  const after = await cluster.eventually(
    'failed action and fail count are gone',
    (sample) => recordsOf(sample, guest).failedActions.length === 0,
    cluster.orderlyMs(guest),
  );
  expect(recordsOf(after, guest), 'no failed action, no fail count').toEqual(noRecords);
  expect(await cluster.truthOf(guest), 'the clean-up restarts nothing').toEqual(before);
};

/** The walk-through's clean-up of the failed action: the guest's resource disabled, its connection cleaned up, and enabled. */
export const aCleanUpWhileItIsStoppedClearsTheRecord = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  await expectTheRecord(cluster, guest);
  await cluster.disable(guest.resource);
  await cluster.eventually(
    `${guest.resource} is stopped`,
    ({ status }) => resourceOf(status, guest.resource)?.role === 'Stopped',
    orderlyMs,
  );
  await cluster.cleanUp(guest.name);
  await cluster.enable(guest.resource);
  const back = await cluster.eventually(
    `${guest.name} is a guest node again`,
    ({ status }) => nodeOf(status, guest.name)?.online === true && resourceOf(status, guest.name)?.role === 'Started',
    orderlyMs,
  );
  expect(recordsOf(back, guest), 'no failed action, no fail count').toEqual(noRecords);
};
