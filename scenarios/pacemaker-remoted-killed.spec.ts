import { lostConnectionBudgets } from '../fixtures/budgets.ts';
import { expect } from '../fixtures/expect.ts';
import { killOf } from '../fixtures/faults.ts';
import { plannedGuests } from '../fixtures/guests.ts';
import { test } from '../fixtures/test.ts';

for (const [at, guest] of plannedGuests().entries()) {
  test(
    `${guest.name} is recovered when its pacemaker_remoted is killed`,
    // One guest stands for all in the main drill.
    { tag: [...(at === 0 ? ['@guest-failure'] : []), '@daemon', `@${guest.kind}`] },
    async ({ drill }) => {
      const outcome = await drill.breakAndWatch(killOf(guest), guest, lostConnectionBudgets);

      expect(outcome).toRecordOnlyTheFailedAction({
        resource: guest.name, // the connection, not the VirtualDomain resource
        task: 'monitor',
        intervalMs: 30_000,
        node: outcome.hostName,
        exitCode: 1,
        reason: 'Lost connection to remote executor',
      });
      expect(outcome).toBeOfflineWhileRecovered();
      expect(outcome).toHaveRestartedTheGuest();
      expect(outcome).toHaveStoppedAndRestartedWhatRanThere();
      expect(outcome).toAgreeWithTheMachine();
      expect(outcome).toKeepTheInvariants();
      expect(outcome).toLeaveTheOthersAlone();
      expect(outcome).toRecoverWithin(lostConnectionBudgets);
    },
  );
}
