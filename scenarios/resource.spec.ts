import { resourceBudgets } from '../fixtures/budgets.ts';
import { test } from '../fixtures/test.ts';
import { drillsOf } from './catalogue.ts';
import {
  failedIn,
  foundStopped,
  monitorTimedOut,
  theGuestIsFenced,
  theResourceIsBlocked,
  theResourceIsRestarted,
  theResourceIsStartedElsewhere,
  theResourceMovesAtTheThreshold,
  theResourceMovesAway,
  timedOutIn,
} from './claims/resource.ts';

const gone = ['resource-state-file-removed'];
for (const { title, tags, fault, guest } of drillsOf(gone, 'keeps the resource, which is restarted', { quick: true }))
  test(title, tags, ({ drill }) =>
    theResourceIsRestarted(drill, guest, fault, foundStopped, {
      budgets: resourceBudgets('by the monitor of a resource'),
    }),
  );

for (const { title, tags, fault, guest } of drillsOf(gone, 'loses the resource at the migration-threshold', {
  quick: true,
}))
  test(title, tags, ({ cluster, drill }) =>
    theResourceMovesAtTheThreshold({ cluster, drill }, guest, fault, foundStopped),
  );

const banned = ['resource-banned'];
for (const { title, tags, fault, guest } of drillsOf(banned, 'loses the resource to another node', { quick: true }))
  test(title, tags, ({ cluster, drill }) =>
    theResourceMovesAway({ cluster, drill }, guest, fault, { heldMs: 6_000, healedMs: 5_000 }),
  );

const byHand = ['resource-failed-by-hand'];
for (const { title, tags, fault, guest } of drillsOf(byHand, 'keeps the resource, which is restarted', { quick: true }))
  test(title, tags, ({ drill }) =>
    theResourceIsRestarted(
      drill,
      guest,
      fault,
      { task: 'asyncmon', intervalMs: 0, exitCode: 1, status: 'done', reason: 'Simulated failure' },
      { budgets: resourceBudgets('at once') },
    ),
  );

// The monitor of the resource that was started again would hang as well, and so on.
const hangingMonitors = ['resource-monitor-hangs'];
for (const { title, tags, fault, guest } of drillsOf(hangingMonitors, 'keeps the resource, which is restarted'))
  test(title, tags, ({ drill }) =>
    theResourceIsRestarted(drill, guest, fault, monitorTimedOut, {
      budgets: resourceBudgets('by the monitor of a resource that hangs'),
      healAt: 'detected',
    }),
  );

for (const [name, failure, quick] of [
  ['resource-start-fails', failedIn('start', 'a drill has the start fail'), true],
  ['resource-start-hangs', timedOutIn('start'), false],
] as const)
  for (const { title, tags, fault, guest } of drillsOf([name], 'loses the resource to another node', { quick }))
    test(title, tags, ({ cluster, drill }) => theResourceIsStartedElsewhere({ cluster, drill }, guest, fault, failure));

const failedStop = failedIn('stop', 'a drill has the stop fail');
for (const [name, failure, heldMs] of [
  ['resource-stop-fails', failedStop, 12_000],
  ['resource-stop-hangs', timedOutIn('stop'), 50_000],
] as const) {
  for (const { title, tags, fault, guest } of drillsOf([name], 'keeps the resource, which is blocked'))
    test(title, tags, ({ cluster, drill }) =>
      theResourceIsBlocked({ cluster, drill }, guest, fault, failure, { heldMs, healedMs: 5_000 }),
    );

  for (const { title, tags, fault, guest } of drillsOf([name], 'is fenced where fencing is enabled'))
    test(title, tags, ({ cluster, drill }) => theGuestIsFenced({ cluster, drill }, guest, fault, failure));
}
