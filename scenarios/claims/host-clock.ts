import { expect } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { resourceOf, whatRunsOn } from '../../fixtures/observer/running.ts';
import type { Hands } from './common.ts';

/** How far the time of a record may be from the host's clock when it is asked: it has a resolution of 1 s, and the host may be slow. */
const recordedWithinMs = 60_000;

/**
 * With a clock that was set, recurring monitors go on by the time that passes: a resource that fails is found by the next one, and
 * restarted where it is. The record has the time that the clock shows. Nothing else is disturbed, then or when the clock is put back.
 */
export const aFailureIsNoticedByTimeThatPasses = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  { clock, failure }: { readonly clock: Fault; readonly failure: Fault },
): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  const truth = await cluster.truthOf(guest);
  const before = await cluster.now();
  const ran = whatRunsOn(before.status, guest.name);
  await drill.breakNow(clock, guest);
  await drill.breakNow(failure, guest);
  const recovered = await cluster.eventually(
    'one failed action is recorded, and what ran runs again',
    ({ status }) => status.failures.length > 0 && ran.every((id) => resourceOf(status, id)?.role === 'Started'),
    orderlyMs,
  );
  const failures = recovered.status.failures.map(({ node, task, intervalMs, exitCode }) => ({
    node,
    task,
    intervalMs,
    exitCode,
  }));
  expect(failures, 'the monitor found it stopped').toEqual([
    { node: guest.name, task: 'monitor', intervalMs: 10_000, exitCode: 7 },
  ]);
  const [record] = recovered.status.failures;
  const recordedMs = Date.parse(record?.lastChange ?? '');
  expect(
    Math.abs(recordedMs - (await cluster.clock())),
    'milliseconds between the time of the record and what the clock shows',
  ).toBeLessThan(recordedWithinMs);
  await drill.heal();
  await cluster.cleanUp(record?.resource ?? '');
  await cluster.eventuallySteady(orderlyMs);
  const { domainId, bootId, daemon } = await cluster.truthOf(guest);
  expect({ domainId, bootId, daemon }, 'the same domain, boot and pacemaker_remoted').toEqual({
    domainId: truth.domainId,
    bootId: truth.bootId,
    daemon: truth.daemon,
  });
};
