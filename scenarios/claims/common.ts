import { test } from '@playwright/test';
import { byRelease } from '../../fixtures/by-release.ts';
import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import type { Drill } from '../../fixtures/drill.ts';
import { expect, type ExpectedFailedAction } from '../../fixtures/expect.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import type { DrillOutcome } from '../../fixtures/outcome.ts';

/** What a claim works with that does something by hand, too. */
export interface Hands {
  readonly cluster: Cluster;
  readonly drill: Drill;
}

/** The reason in the record of an agent that hangs, with the time-out that it had, such as `20s`. */
export const agentDidNotComplete = (timeout: string): string | null =>
  byRelease<string | null>(`Resource agent did not complete within ${timeout}`, [
    {
      until: '2.1.2',
      value: null,
      source: '4b0894984f "Feature: libcrmservice: set exit reason for internal errors"',
    },
    {
      until: '2.1.3',
      value: 'Process did not exit within specified timeout',
      source: '0fe8ede2f8 "Feature: libcrmservice: improve exit reason for timeouts"',
    },
  ]);

/** Whatever becomes of a guest: what the cluster says of it is true, nobody else is disturbed, and it does not take too long. */
export const expectACleanRecovery = (outcome: DrillOutcome): void => {
  expect(outcome).toAgreeWithTheMachine();
  expect(outcome).toKeepTheInvariants();
  expect(outcome).toLeaveTheOthersAlone();
  expect(outcome).toRecoverInTime();
};

/** One failed action is recorded and counted, the guest is restarted for it, and everything that ran there runs again. */
export const expectARestartFor = (outcome: DrillOutcome, failed: ExpectedFailedAction): void => {
  expect(outcome).toRecordOnlyTheFailedActions([failed]);
  expect(outcome).toCountOnlyTheFailures([{ resource: failed.resource, node: failed.node, failCount: 1 }]);
  expect(outcome).toBeOfflineWhileRecovered();
  expect(outcome).toHaveRestartedTheGuest();
  expect(outcome).toHaveStoppedAndRestartedWhatRanThere();
  expectACleanRecovery(outcome);
};

/** Says whether all that was expected so far held: what a person does next is asked only of a guest that did as it should until then. */
export const allHeldSoFar = (): boolean => test.info().errors.length === 0;

/** What the cluster has given up is back after a clean-up of the resource that failed. */
export const expectACleanUpToBringItBack = async (
  cluster: Cluster,
  guest: GuestPlan,
  failed: string,
): Promise<void> => {
  await cluster.cleanUp(failed);
  await cluster.eventuallySteady(cluster.orderlyMs(guest));
};
