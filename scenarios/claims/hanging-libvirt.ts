import { restartBudgets } from '../../fixtures/budgets.ts';
import { expect, type ExpectedFailedAction } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import { plannedGuests, type GuestPlan } from '../../fixtures/guests.ts';
import { whereItRuns } from '../../fixtures/observer/running.ts';
import { agentDidNotComplete, type Hands } from './common.ts';

/** The record of a domain whose monitor waited for libvirt until its time was over. */
const theHangingMonitor = ({ resource }: GuestPlan, hostName: string): ExpectedFailedAction => ({
  resource,
  task: 'monitor',
  intervalMs: 10_000,
  node: hostName,
  exitCode: 1,
  status: 'timed out',
  reason: agentDidNotComplete('30s'),
});

const hangsOnMs = 5_000;

/**
 * libvirt answers nobody for longer than the time-out of the domains' monitors: each is recorded as failed, and each guest is
 * to be restarted, healthy as it is. The first stop waits for libvirt as well, the others for that one, and the domains run
 * on. When libvirt answers again, guests are restarted, but for those whose next monitor is there before their stop; which,
 * is a matter of chance. Everything is back.
 */
export const everythingIsBackOnceLibvirtAnswers = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
): Promise<void> => {
  const guests = plannedGuests();
  const before = await cluster.now();
  const ids = [...new Set(before.status.resources.map(({ id }) => id))];
  const processes = ({ machine }: typeof before) => guests.map(({ name }) => machine.get(name)?.processId);
  const notice = 'by the time-out of the domain’s monitor';
  const outcome = await drill.breakAndAwait(fault, guest, {
    budgets(timings) {
      const { detected } = restartBudgets(notice)(timings);
      // All guests may boot at once, the slowest included.
      return { detected, recovered: detected + hangsOnMs + Math.max(...guests.map((each) => cluster.orderlyMs(each))) };
    },
    async meanwhile() {
      await cluster.onTheWay(
        'the monitor of every domain has failed',
        ({ status }) => guests.every(({ resource }) => status.failures.some((each) => each.resource === resource)),
        60_000,
      );
      await cluster.staysSo(
        'the domains run on, their stops waiting for libvirt',
        async () => processes(await cluster.now()).join() === processes(before).join(),
        hangsOnMs,
      );
      await drill.heal();
    },
    async back() {
      const { status } = await cluster.now();
      return ids.every((id) => whereItRuns(status, id).length > 0);
    },
  });
  expect(outcome).toRecordOnlyTheFailedActions(guests.map((each) => theHangingMonitor(each, outcome.hostName)));
  expect(outcome).toCountOnlyTheFailures(
    guests.map(({ resource }) => ({ resource, node: outcome.hostName, failCount: 1 })),
  );
  expect(
    guests.filter(({ name }) => outcome.truthAfter.get(name)?.bootId !== outcome.truthBefore.get(name)?.bootId).length,
    'guests that were restarted',
  ).toBeGreaterThan(0);
  expect(outcome).toAgreeWithTheMachine();
  expect(outcome).toKeepTheInvariants();
  expect(outcome).toRecoverInTime();
};
