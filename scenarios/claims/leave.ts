import { givenUpBudgets, restartBudgets } from '../../fixtures/budgets.ts';
import type { Drill } from '../../fixtures/drill.ts';
import { expect, type ExpectedFailedAction } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { allHeldSoFar, expectACleanRecovery, expectARestartFor, type Hands } from './common.ts';

/**
 * The record of a domain that VirtualDomain's monitor did not find. Exit code 1 where it asks while libvirt is taking the
 * domain away, and does not understand the answer (docs/findings.md).
 */
export const theMissingDomain = (guest: GuestPlan, hostName: string): ExpectedFailedAction => ({
  resource: guest.resource,
  task: 'monitor',
  intervalMs: 10_000,
  node: hostName,
  exitCode: [7, 1],
  status: 'done',
  reason: null,
});

/**
 * The guest's domain ends in order: pacemaker_remoted asks to leave, what ran there moves to other guests, and the
 * connection stops without a failure. VirtualDomain's monitor then finds the domain gone, and the guest is started again;
 * what moved away stays where it is.
 */
export const theGuestLeavesAndIsStartedAgain = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
): Promise<void> => {
  await cluster.setStickiness(1);
  const outcome = await drill.breakAndWatch(fault, guest, {
    budgets: restartBudgets('at once', 'by the monitor of the domain'),
  });
  expect(outcome).toRecordOnlyTheFailedActions([theMissingDomain(guest, outcome.hostName)]);
  expect(outcome).toCountOnlyTheFailures([{ resource: guest.resource, node: outcome.hostName, failCount: 1 }]);
  expect(outcome).toHaveRestartedTheGuest();
  expect(outcome).toHaveRelocatedWhatRanThere();
  expectACleanRecovery(outcome);
};

/**
 * The guest's domain ends without a word: VirtualDomain's monitor finds it gone, and the guest is restarted with what ran
 * there.
 */
export const theGuestIsRestartedWhenItsDomainIsMissed = async (
  drill: Drill,
  guest: GuestPlan,
  fault: Fault,
): Promise<void> => {
  const outcome = await drill.breakAndWatch(fault, guest, { budgets: restartBudgets('by the monitor of the domain') });
  expectARestartFor(outcome, theMissingDomain(guest, outcome.hostName));
};

/**
 * The guest leaves in order and is not called again: what ran there moves to other guests, nothing is recorded, and the
 * domain runs on as no guest node until its resource is restarted by hand.
 */
export const theGuestLeavesForGood = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
): Promise<void> => {
  await cluster.setStickiness(1);
  const outcome = await drill.breakAndWatch(fault, guest, {
    budgets: givenUpBudgets('at once', 'it leaves'),
    guest: 'stays away',
  });
  expect(outcome).toRecordOnlyTheFailedActions([]);
  expect(outcome).toCountOnlyTheFailures([]);
  expect(outcome).toHaveLostTheGuest('domain running');
  expect(outcome).toHaveRelocatedWhatRanThere();
  expect(outcome).toKeepTheInvariants();
  expect(outcome).toLeaveTheOthersAlone();
  expect(outcome).toRecoverInTime();

  if (!allHeldSoFar()) return;
  await drill.heal();
  await cluster.restart(guest);
  await cluster.eventuallySteady(cluster.orderlyMs(guest));
};
