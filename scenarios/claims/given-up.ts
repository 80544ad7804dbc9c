import { givenUpBudgets } from '../../fixtures/budgets.ts';
import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import type { Drill } from '../../fixtures/drill.ts';
import { expect, type ExpectedFailedAction } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { resourceOf } from '../../fixtures/observer/running.ts';
import type { DrillOutcome } from '../../fixtures/outcome.ts';
import { theLostConnection } from './failure.ts';
import { theMissingDomain } from './leave.ts';

/** How the connection to a restarted guest fails, for Pacemaker to give the guest up. */
export type ConnectionFailure = Pick<ExpectedFailedAction, 'exitCode' | 'status' | 'reason'> & {
  readonly givenUp: 'it is refused' | 'its start times out';
};

/** Nobody listens on port 3121, until the time for the start is over. */
export const connectionRefused: ConnectionFailure = {
  exitCode: 1,
  status: 'timed out',
  reason: 'Connection refused without enough time to retry',
  givenUp: 'its start times out',
};

/** Somebody listens on port 3121 and says nothing, until the time for the start is over. */
export const connectionTimedOut: ConnectionFailure = {
  ...connectionRefused,
  reason: 'Timer expired without enough time to retry',
};

/** The guest has another key, which is not tried again. */
export const keyRejected: ConnectionFailure = {
  exitCode: 2,
  status: 'error',
  reason: 'Key was rejected by service',
  givenUp: 'it is refused',
};

interface Fixtures {
  readonly cluster: Cluster;
  readonly drill: Drill;
}

/** Ends the watch when the record of the start is there and the guest's resource is stopped for it. */
const giveUpIsSeen =
  (guest: GuestPlan, failed: string) =>
  (status: Parameters<typeof resourceOf>[0]): boolean =>
    status.failures.some(({ resource, task }) => resource === failed && task === 'start') &&
    resourceOf(status, guest.resource)?.role === 'Stopped';

/** What holds of a guest that was given up: it stays away until somebody cleans up, and what ran there runs elsewhere. */
const expectGivenUp = async (
  { cluster, drill }: Fixtures,
  outcome: DrillOutcome,
  failed: ExpectedFailedAction,
  earlier: readonly ExpectedFailedAction[],
): Promise<void> => {
  const { guest } = outcome;
  expect(outcome).toRecordOnlyTheFailedActions([failed], earlier);
  expect(outcome).toCountOnlyTheFailures([{ resource: failed.resource, node: failed.node, failCount: Infinity }]);
  expect(outcome).toHaveLostTheGuest('domain stopped');
  expect(outcome).toHaveRelocatedWhatRanThere();
  expect(outcome).toAgreeWithTheMachine();
  expect(outcome).toKeepTheInvariants();
  expect(outcome).toLeaveTheOthersAlone();
  expect(outcome).toRecoverInTime();

  await drill.heal();
  const healed = await cluster.now();
  expect(resourceOf(healed.status, guest.resource)?.role, `${guest.resource} stays stopped without a clean-up`).toBe(
    'Stopped',
  );
  await cluster.cleanUp(failed.resource);
  await cluster.eventuallySteady(cluster.orderlyMs(guest));
};

/**
 * The guest is restarted once, can't be connected to, and is given up: the record of the start takes the place of the lost
 * connection's, the fail count is INFINITY, and what ran there waits until then and runs elsewhere.
 */
export const theGuestIsGivenUpWhenItCannotBeConnected = async (
  fixtures: Fixtures,
  guest: GuestPlan,
  fault: Fault,
  { givenUp, ...failure }: ConnectionFailure,
): Promise<void> => {
  await fixtures.cluster.setStickiness(1);
  const outcome = await fixtures.drill.breakAndWatch(fault, guest, {
    budgets: givenUpBudgets('at once', givenUp),
    guest: 'stays away',
    until: giveUpIsSeen(guest, guest.name),
  });
  await expectGivenUp(
    fixtures,
    outcome,
    { ...theLostConnection(guest, outcome.hostName, 'at once'), task: 'start', intervalMs: 0, ...failure },
    [theLostConnection(guest, outcome.hostName, 'at once')],
  );
};

/**
 * The guest's domain ends and can't be started again: VirtualDomain's monitor finds it gone, its start fails for good, and
 * what ran there runs elsewhere.
 */
export const theGuestIsGivenUpWhenItCannotBeStarted = async (
  fixtures: Fixtures,
  guest: GuestPlan,
  fault: Fault,
  failure: Pick<ExpectedFailedAction, 'exitCode' | 'status' | 'reason'>,
): Promise<void> => {
  await fixtures.cluster.setStickiness(1);
  const outcome = await fixtures.drill.breakAndWatch(fault, guest, {
    budgets: givenUpBudgets('at once', 'its start fails'),
    guest: 'stays away',
    until: giveUpIsSeen(guest, guest.resource),
  });
  const missing = theMissingDomain(guest, outcome.hostName);
  await expectGivenUp(fixtures, outcome, { ...missing, task: 'start', intervalMs: 0, ...failure }, [missing]);
};
