import type { Drill, Hold } from '../../fixtures/drill.ts';
import { expect } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';

/** A fault that is over before any time-out notices it. */
export const someSeconds: Hold = { heldMs: 6_000, healedMs: 3_000 };

/**
 * Nothing happens, by design: no guest and no resource is disturbed and nothing is recorded, neither while the fault is in
 * effect nor after it has been healed.
 */
export const nothingHappens = async (drill: Drill, guest: GuestPlan, fault: Fault, hold: Hold): Promise<void> => {
  const outcome = await drill.breakAndHold(fault, guest, hold);
  expect(outcome).toLeaveEverythingAlone();
  expect(outcome).toCountOnlyTheFailures([]);
  expect(outcome).toAgreeWithTheMachine();
  expect(outcome).toKeepTheInvariants();
};
