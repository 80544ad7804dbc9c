import { expect, test } from '@playwright/test';
import type { ClusterStatus, FailedAction, ResourceHistory } from '../../../lab/observation/cluster-status.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { loadPlan } from '../../../lab/plan.ts';
import { givenUp } from '../../../lab/steady-state/given-up.ts';
import { withoutOldRecords } from '../drill/recorded-outcome.ts';
import { sampleOf, withNode, withResource } from '../observer/drill-samples.ts';

const plan = await loadPlan('lxc');
const host = 'example-host';
const steady = withoutOldRecords(sampleOf(1));

const failure: FailedAction = {
  key: 'container1_start_0',
  resource: 'container1',
  task: 'start',
  intervalMs: 0,
  node: host,
  call: 20,
  exitCode: 1,
  status: 'error',
  reason: 'Failed to start domain',
  lastChange: null,
};
const connectionFailure: FailedAction = {
  ...failure,
  key: 'lxc1_start_0',
  resource: 'lxc1',
  status: 'timed out',
  reason: null,
};

const historyOf = (resource: string, failCount: number, change: Partial<ResourceHistory> = {}): ResourceHistory => ({
  node: host,
  resource,
  failCount,
  migrationThreshold: Infinity,
  operations: [],
  ...change,
});

const status = (sample: Sample, change: Partial<ClusterStatus>): Sample => ({
  ...sample,
  status: { ...sample.status, ...change },
});
const stopped = (id: string): Sample => withResource(steady, id, { role: 'Stopped', active: false, nodes: [] });
const failed = (sample: Sample, failures: readonly FailedAction[], ...histories: readonly ResourceHistory[]): Sample =>
  status(sample, { failures, histories });
/** What a start that failed leaves: a fail count of INFINITY. */
const notStarted = failed(stopped('container1'), [failure], historyOf('container1', Infinity));

const words = 'start of container1 on example-host failed for good: exit code 1, error, "Failed to start domain"';

for (const [what, sample, expected] of [
  ['a guest whose start failed', notStarted, [words]],
  [
    'a connection that was not made in time',
    failed(stopped('lxc1'), [connectionFailure], historyOf('lxc1', Infinity)),
    ['start of lxc1 on example-host failed for good: exit code 1, timed out'],
  ],
  [
    'a guest whose domain could not be stopped, without fencing',
    failed(
      withResource(steady, 'container1', { blocked: true, failed: true }),
      [{ ...failure, task: 'stop', status: 'timed out', reason: null }],
      historyOf('container1', Infinity),
    ),
    ['stop of container1 on example-host failed for good: exit code 1, timed out'],
  ],
  [
    'a guest that has failed as often as it may',
    failed(stopped('container1'), [failure], historyOf('container1', 3, { migrationThreshold: 3 })),
    [words],
  ],
  [
    'a guest of which the agent says that it can never run, whatever its fail count',
    failed(
      stopped('container1'),
      [{ ...failure, exitCode: 5, status: 'done', reason: null }],
      historyOf('container1', 1),
    ),
    ['start of container1 on example-host failed for good: exit code 5, done'],
  ],
  [
    'a guest that is not installed by the word of its probe, which is no failure since 2.1',
    failed(
      stopped('container1'),
      [],
      historyOf('container1', 0, { operations: [{ call: 4, task: 'probe', exitCode: 5, intervalMs: 0 }] }),
    ),
    ["container1 can't run on example-host: its probe ended with exit code 5"],
  ],
] satisfies [string, Sample, string[]][])
  test(`tells ${what}`, () => {
    expect(givenUp(sample.status, plan)).toEqual(expected);
  });

test('tells the last of several failures', () => {
  const earlier = { ...failure, task: 'monitor', reason: 'an earlier one' };
  const sample = failed(stopped('container1'), [earlier, failure], historyOf('container1', Infinity));
  expect(givenUp(sample.status, plan)).toEqual([words]);
});

for (const [what, sample] of [
  ['a lab that is as its plan promises', steady],
  [
    'a start that is tried again, as start-failure-is-fatal=false has it',
    failed(stopped('container1'), [failure], historyOf('container1', 1)),
  ],
  ['a guest that has not been tried yet', stopped('container1')],
  ['a failure that is over', failed(steady, [failure], historyOf('container1', Infinity))],
  [
    'a failure on a host that is none any more',
    failed(stopped('container1'), [failure], historyOf('container1', Infinity, { node: 'gone' })),
  ],
  [
    'a probe that found nothing running',
    failed(
      stopped('container1'),
      [],
      historyOf('container1', 0, { operations: [{ call: 4, task: 'probe', exitCode: 7, intervalMs: 0 }] }),
    ),
  ],
  ['a cluster without a DC', status(notStarted, { dc: null })],
  [
    'a cluster in maintenance mode',
    status(notStarted, { options: { ...notStarted.status.options, maintenanceMode: true } }),
  ],
  ['a host that is away', withNode(notStarted, host, { online: false })],
  ['another guest that is being started', withResource(notStarted, 'lxc2', { role: 'Starting' })],
  ['another guest that is being stopped', withResource(notStarted, 'container2', { role: 'Stopping' })],
  ['an operation that is under way', withResource(notStarted, 'FAKE1', { pendingOperation: 'Monitoring' })],
  [
    'a resource of the plan that is no guest',
    failed(stopped('FAKE1'), [{ ...failure, resource: 'FAKE1' }], historyOf('FAKE1', Infinity)),
  ],
] satisfies [string, Sample][])
  test(`says nothing of ${what}`, () => {
    expect(givenUp(sample.status, plan)).toEqual([]);
  });
