import { givenUpBudgets } from '../../fixtures/budgets.ts';
import { byRelease } from '../../fixtures/by-release.ts';
import { expect, type ExpectedFailedAction } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { resourceOf } from '../../fixtures/observer/running.ts';
import type { DrillOutcome } from '../../fixtures/outcome.ts';
import { expectACleanRecovery, expectACleanUpToBringItBack, type Hands } from './common.ts';
import { theLostConnection } from './failure.ts';
import { theMissingDomain } from './leave.ts';

/** How the connection to a restarted guest fails, for Pacemaker to give the guest up. */
export type ConnectionFailure = Pick<ExpectedFailedAction, 'exitCode' | 'status' | 'reason'> & {
  readonly givenUp: 'it is refused' | 'its start times out';
};

/** A connection is tried again until the time for its start is over, and that with the given error. */
const triedInVain = (error: string): ConnectionFailure => ({
  exitCode: 1,
  status: 'timed out',
  reason: byRelease<string | null>(`${error} without enough time to retry`, [
    {
      until: '2.1.2',
      value: null,
      source: '80b109e7e8 "Feature: controller,libpacemaker: set exit reason for internal errors"',
    },
    {
      until: '2.1.3',
      value: error,
      source: 'bb07ea43bc "Log: controller,fencer: add more detail to exit reasons when available"',
    },
  ]),
  givenUp: 'its start times out',
});

/** Nobody listens on port 3121, until the time for the start is over. */
export const connectionRefused = triedInVain('Connection refused');

const triedNoMore: ConnectionFailure = {
  exitCode: 2,
  status: 'error',
  reason: 'Key was rejected by service',
  givenUp: 'it is refused',
};

const invalidKeyTriedAgain = {
  until: '2.1.3',
  value: triedInVain('Key was rejected by service'),
  source: '3dc1cbf38c "Low: controller: don\'t retry an invalid remote key"',
} as const;

/** The guest has another key, which is not tried again. */
export const keyRejected = byRelease(triedNoMore, [invalidKeyTriedAgain]);

/** Somebody listens on port 3121 and says nothing, until the time for the start is over. */
export const connectionTimedOut = byRelease(triedInVain('Timer expired'), [
  invalidKeyTriedAgain,
  {
    until: '3.0.0',
    // The handshake was waited for, 5 s, and however it failed the key was blamed for it.
    value: triedNoMore,
    source: '56a1f763ff "Feature: lrmd: Perform the TLS handshake asynchronously."',
  },
]);

/** Records that the last one takes the place of: seen for a while, or too short for every sample to see. */
interface Earlier {
  readonly earlier?: readonly ExpectedFailedAction[];
  readonly fleeting?: readonly ExpectedFailedAction[];
}

/** Ends the watch when the record of the start is there and the guest's resource is stopped for it. */
const giveUpIsSeen =
  (guest: GuestPlan, failed: string) =>
  (status: Parameters<typeof resourceOf>[0]): boolean =>
    status.failures.some(({ resource, task }) => resource === failed && task === 'start') &&
    resourceOf(status, guest.resource)?.role === 'Stopped';

/** What holds of a guest that was given up: it stays away until somebody cleans up, and what ran there runs elsewhere. */
const expectGivenUp = async (
  { cluster, drill }: Hands,
  outcome: DrillOutcome,
  failed: ExpectedFailedAction,
  { earlier = [], fleeting = [] }: Earlier,
): Promise<void> => {
  const { guest } = outcome;
  expect(outcome).toRecordOnlyTheFailedActions([failed], earlier, fleeting);
  expect(outcome).toCountOnlyTheFailures([{ resource: failed.resource, node: failed.node, failCount: Infinity }]);
  expect(outcome).toHaveLostTheGuest('domain stopped');
  expect(outcome).toHaveRelocatedWhatRanThere();
  expectACleanRecovery(outcome);

  await drill.heal();
  const healed = await cluster.now();
  expect(resourceOf(healed.status, guest.resource)?.role, `${guest.resource} stays stopped without a clean-up`).toBe(
    'Stopped',
  );
  await expectACleanUpToBringItBack(cluster, guest, failed.resource);
};

/**
 * The guest is restarted once, can't be connected to, and is given up: the record of the start takes the place of the lost
 * connection's, the fail count is INFINITY, and what ran there waits until then and runs elsewhere.
 */
export const theGuestIsGivenUpWhenItCannotBeConnected = async (
  fixtures: Hands,
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
    { earlier: [theLostConnection(guest, outcome.hostName, 'at once')] },
  );
};

/** The XML of the guest's domain is missing, which VirtualDomain takes for a domain that does not run. */
const environmentIsInvalid = 'environment is invalid, resource considered stopped';

/** How the domain of a guest fails to be started, and what its monitor has said before. */
export interface StartFailure {
  readonly monitor: Partial<ExpectedFailedAction>;
  readonly start: Pick<ExpectedFailedAction, 'exitCode' | 'status' | 'reason'>;
}

/** There is no XML to start the domain from. */
export const noConfiguration: StartFailure = {
  monitor: { exitCode: 1, reason: environmentIsInvalid },
  start: { exitCode: 5, status: 'done', reason: environmentIsInvalid },
};

/** libvirt does not start the domain. */
export const notStarted = ({ name }: GuestPlan): StartFailure => ({
  monitor: {},
  start: { exitCode: 1, status: 'done', reason: `Failed to start virtual domain ${name}.` },
});

/**
 * The guest's domain ends and can't be started again: VirtualDomain's monitor finds it gone, its start fails for good, and
 * what ran there runs elsewhere.
 */
export const theGuestIsGivenUpWhenItCannotBeStarted = async (
  fixtures: Hands,
  guest: GuestPlan,
  fault: Fault,
  failure: StartFailure,
): Promise<void> => {
  const { outcome, failed, fleeting } = await watchItGiveUp(fixtures, guest, fault, failure);
  await expectGivenUp(fixtures, outcome, failed, { fleeting });
};

/**
 * The guest's resource can't be started or stopped, though its domain runs: it is given up all the same, and what ran there
 * is started elsewhere.
 */
export const theGuestIsGivenUpWhileItsDomainRuns = async (
  fixtures: Hands,
  guest: GuestPlan,
  fault: Fault,
  failure: StartFailure,
): Promise<void> => {
  const { outcome, failed, fleeting } = await watchItGiveUp(fixtures, guest, fault, failure);
  expect(outcome).toRecordOnlyTheFailedActions([failed], [], fleeting);
  expect(outcome).toCountOnlyTheFailures([{ resource: failed.resource, node: failed.node, failCount: Infinity }]);
  expect(outcome).toHaveKeptTheGuestRunning();
  expect(outcome).toHaveRelocatedWhatRanThere();
  expect(outcome).toLeaveTheOthersAlone();
  expect(outcome).toRecoverInTime();
  await fixtures.drill.heal();
  await expectACleanUpToBringItBack(fixtures.cluster, guest, failed.resource);
};

/** Of the same fault: nothing that is started elsewhere may still run in the guest. */
export const nothingRunsTwice = async (
  fixtures: Hands,
  guest: GuestPlan,
  fault: Fault,
  failure: StartFailure,
): Promise<void> => {
  const { outcome, failed } = await watchItGiveUp(fixtures, guest, fault, failure);
  expect(outcome).toAgreeWithTheMachine();
  expect(outcome).toKeepTheInvariants();
  await fixtures.drill.heal();
  await expectACleanUpToBringItBack(fixtures.cluster, guest, failed.resource);
};

const watchItGiveUp = async ({ cluster, drill }: Hands, guest: GuestPlan, fault: Fault, failure: StartFailure) => {
  await cluster.setStickiness(1);
  const outcome = await drill.breakAndWatch(fault, guest, {
    budgets: givenUpBudgets('by the monitor of the domain', 'its start fails'),
    guest: 'stays away',
    until: giveUpIsSeen(guest, guest.resource),
  });
  const missing = theMissingDomain(guest, outcome.hostName);
  return {
    outcome,
    failed: { ...missing, task: 'start', intervalMs: 0, ...failure.start },
    // The start fails right after it.
    fleeting: [{ ...missing, ...failure.monitor }],
  };
};
