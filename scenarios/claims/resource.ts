import { resourceBudgets, restartBudgets } from '../../fixtures/budgets.ts';
import type { Drill, Hold, WatchFor } from '../../fixtures/drill.ts';
import { expect, type ExpectedFailedAction } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { whatRunsOn } from '../../fixtures/observer/running.ts';
import type { DrillOutcome } from '../../fixtures/outcome.ts';
import { agentDidNotComplete, expectACleanRecovery, expectACleanUpToBringItBack, type Hands } from './common.ts';

/** How an operation of a resource ended. */
export type Failure = Pick<ExpectedFailedAction, 'task' | 'intervalMs' | 'exitCode' | 'status' | 'reason'>;

/** The monitor found that the resource does not run. */
export const foundStopped: Failure = { task: 'monitor', intervalMs: 10_000, exitCode: 7, status: 'done', reason: null };

const timedOut = { exitCode: 1, status: 'timed out', reason: agentDidNotComplete('20s') } as const;

/** The monitor did not end within its time. */
export const monitorTimedOut: Failure = { task: 'monitor', intervalMs: 10_000, ...timedOut };

/** A start or stop did not end within its time. */
export const timedOutIn = (task: 'start' | 'stop'): Failure => ({ task, intervalMs: 0, ...timedOut });

/** The agent said that a start or stop failed, with the reason that it gave. */
export const failedIn = (task: 'start' | 'stop', reason: string | null): Failure => ({
  task,
  intervalMs: 0,
  exitCode: 1,
  status: 'done',
  reason,
});

/** The resource that a fault hits: the first of the plan's that runs on the guest. */
const hitBy = ({ plan, before, guest }: DrillOutcome): string => {
  const ran = whatRunsOn(before.status, guest.name);
  return plan.resources.find(({ id }) => ran.includes(id))?.id ?? '';
};

const recordOf = (outcome: DrillOutcome, failure: Failure): ExpectedFailedAction => ({
  resource: hitBy(outcome),
  node: outcome.guest.name,
  ...failure,
});

/** The resource alone fails: the guest, what else runs there and the other guests are not disturbed. */
const expectToFailAlone = (outcome: DrillOutcome): void => {
  expect(outcome).toDisturbOnly(hitBy(outcome));
  expect(outcome).toAgreeWithTheMachine();
  expect(outcome).toKeepTheInvariants();
};

/** The resource has failed once, which is recorded and counted, and runs again. */
const expectOneFailure = (outcome: DrillOutcome, failure: Failure, where: 'on the guest' | 'elsewhere'): void => {
  expect(outcome).toRecordOnlyTheFailedActions([recordOf(outcome, failure)]);
  expect(outcome).toCountOnlyTheFailures([{ resource: hitBy(outcome), node: outcome.guest.name, failCount: 1 }]);
  expect(outcome).toRunAtTheEnd(hitBy(outcome), where);
  expectToFailAlone(outcome);
  expect(outcome).toRecoverInTime();
};

/** The resource is stopped and started again where it was: one failed action, counted once. */
export const theResourceIsRestarted = async (
  drill: Drill,
  guest: GuestPlan,
  fault: Fault,
  failure: Failure,
  watch: Pick<WatchFor, 'budgets' | 'healAt'>,
): Promise<void> => {
  const outcome = await drill.breakAndWatch(fault, guest, { fails: 'what runs there', ...watch });
  expectOneFailure(outcome, failure, 'on the guest');
};

/**
 * The resource has failed as often as the migration-threshold allows: it is started on another node, and its record and its
 * fail count stay on the guest, to which it may go back after a clean-up only.
 */
export const theResourceMovesAtTheThreshold = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
  failure: Failure,
): Promise<void> => {
  await cluster.setStickiness(1);
  await cluster.setMigrationThreshold(1);
  const outcome = await drill.breakAndWatch(fault, guest, {
    fails: 'what runs there',
    budgets: resourceBudgets('by the monitor of a resource'),
  });
  expectOneFailure(outcome, failure, 'elsewhere');
};

/** The resource is banned from the guest: it moves, which is no failure, and the end of the ban does not move it back. */
export const theResourceMovesAway = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
  hold: Hold,
): Promise<void> => {
  await cluster.setStickiness(1);
  const outcome = await drill.breakAndHold(fault, guest, hold);
  expect(outcome).toRecordOnlyTheFailedActions([]);
  expect(outcome).toCountOnlyTheFailures([]);
  expect(outcome).toRunAtTheEnd(hitBy(outcome), 'elsewhere');
  expectToFailAlone(outcome);
};

/**
 * The monitor finds that the resource does not run, its start on the guest fails, and it is started on another node: a
 * failed start is fatal, so that its fail count is INFINITY, and its record takes the place of the monitor's.
 */
export const theResourceIsStartedElsewhere = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
  failure: Failure,
): Promise<void> => {
  await cluster.setStickiness(1);
  const start = failure.status === 'timed out' ? 'hangs' : 'fails';
  const outcome = await drill.breakAndWatch(fault, guest, {
    fails: 'what runs there',
    budgets: resourceBudgets('by the monitor of a resource', start),
    until: (status) => status.failures.some(({ task }) => task === failure.task),
  });
  expect(outcome).toRecordOnlyTheFailedActions([recordOf(outcome, failure)], [], [recordOf(outcome, foundStopped)]);
  expect(outcome).toCountOnlyTheFailures([{ resource: hitBy(outcome), node: guest.name, failCount: Infinity }]);
  expect(outcome).toRunAtTheEnd(hitBy(outcome), 'elsewhere');
  expectToFailAlone(outcome);
  expect(outcome).toRecoverInTime();

  await drill.heal();
  await expectACleanUpToBringItBack(cluster, guest, hitBy(outcome));
};

/**
 * The resource can't be stopped, and without fencing it is blocked: it stays failed on the guest and is started nowhere,
 * also when the fault has been healed, until somebody cleans up.
 */
export const theResourceIsBlocked = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
  failure: Failure,
  hold: Hold,
): Promise<void> => {
  const outcome = await drill.breakAndHold(fault, guest, hold);
  expect(outcome).toRecordOnlyTheFailedActions([recordOf(outcome, failure)], [], [recordOf(outcome, foundStopped)]);
  expect(outcome).toCountOnlyTheFailures([{ resource: hitBy(outcome), node: guest.name, failCount: Infinity }]);
  expect(outcome).toBeBlockedAtTheEnd(hitBy(outcome));
  expectToFailAlone(outcome);

  await expectACleanUpToBringItBack(cluster, guest, hitBy(outcome));
};

/**
 * The resource can't be stopped, and with fencing the guest is: its own resource is stopped and started, and everything that
 * ran there runs again. The restart clears the guest's history, so that neither a failed action nor a fail count is left.
 */
export const theGuestIsFenced = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
  failure: Failure,
): Promise<void> => {
  await cluster.enableFencing();
  await cluster.setStickiness(1);
  const logged = await cluster.followLog();
  const outcome = await drill.breakAndWatch(fault, guest, {
    fails: 'what runs there',
    budgets: restartBudgets(
      'by the monitor of a resource',
      failure.status === 'timed out' ? 'by the stop of a resource that hangs' : 'by the monitor of a resource',
    ),
  });
  expect(outcome).toRecordOnlyTheFailedActions([], [], [recordOf(outcome, foundStopped), recordOf(outcome, failure)]);
  expect(outcome).toCountOnlyTheFailures([]);
  expect(outcome).toHaveRestartedTheGuest();
  expect(outcome).toHaveStoppedAndRestartedWhatRanThere();
  expectACleanRecovery(outcome);
  const fencings = (await logged()).filter((line) => line.includes(' will be fenced '));
  expect(fencings, 'Pacemaker says that it fences the guest').toContainEqual(
    expect.stringContaining(
      `Guest node ${guest.name} will be fenced (by recovering its guest resource ${guest.resource})`,
    ),
  );
  await cluster.disableFencing();
  await cluster.eventuallySteady(cluster.orderlyMs(guest));
};
