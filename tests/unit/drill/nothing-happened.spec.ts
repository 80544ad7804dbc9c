import { expect, test } from '@playwright/test';
import { lastSample, type DrillOutcome } from '../../../fixtures/outcome.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { withMachine, withNode, withResource } from '../observer/drill-samples.ts';
import {
  expectOutcome,
  lastSampleOnly,
  recordedOutcome,
  saidBy,
  truthOf,
  uneventfulOutcome,
  withStopped,
  type Doctor,
} from './recorded-outcome.ts';

const secondSampleOnly =
  (edit: (sample: Sample) => Sample): Doctor =>
  (outcome) => ({ ...outcome, samples: outcome.samples.map((sample, at) => (at === 1 ? edit(sample) : sample)) });

const saidOf = (outcome: DrillOutcome): ReturnType<typeof saidBy> =>
  saidBy(() => {
    expectOutcome(outcome).toLeaveEverythingAlone();
  });

test('a drill of which nothing came passes toLeaveEverythingAlone', () => {
  expect(saidOf(uneventfulOutcome)).toBeNull();
});

test('toLeaveEverythingAlone fails for the recorded drill, and says all that happened', () => {
  expect(saidOf(recordedOutcome)?.problems).toEqual([
    'lxc2: domain id was 2001, is 2002',
    'lxc2: boot id was old-boot, is new-boot',
    'lxc2: pacemaker_remoted was process 2101, started at tick 7001, is process 2102, started at tick 7002',
    'lxc2: not online 47 ms after the fault',
    'lxc2: FAKE2 did not run there 47 ms after the fault',
    'lxc2: FAKE5 did not run there 47 ms after the fault',
    'recorded: lxc2_monitor_30000 on example-host (exit code 1, error, reason: Lost connection to remote executor)',
  ]);
});

for (const [what, doctor, problems] of [
  [
    'the guest has another daemon',
    truthOf('truthAfter', 'lxc2', { daemon: { processId: 9, startTicks: 9 } }),
    ['lxc2: pacemaker_remoted was process 2101, started at tick 7001, is process 9, started at tick 9'],
  ],
  [
    'another guest has another domain',
    truthOf('truthAfter', 'lxc3', { domainId: '3002' }),
    ['lxc3: domain id was 3001, is 3002'],
  ],
  [
    'nothing is known of a guest',
    truthOf('truthAfter', 'lxc1', null),
    [
      'lxc1: domain id was 1001, is none',
      'lxc1: boot id was lxc1-boot, is none',
      'lxc1: pacemaker_remoted was process 1101, started at tick 6001, is none',
    ],
  ],
  [
    'the guest is unclean for a moment',
    lastSampleOnly((sample) => withNode(sample, 'lxc2', { unclean: true })),
    ['lxc2: not online 300 ms after the fault'],
  ],
  [
    'a resource of the guest is starting for a moment',
    secondSampleOnly((sample) => withResource(sample, 'FAKE5', { role: 'Starting' })),
    ['lxc2: FAKE5 did not run there 200 ms after the fault'],
  ],
  [
    'a failed action is recorded',
    lastSampleOnly((sample) => ({
      ...sample,
      status: { ...sample.status, failures: lastSample(recordedOutcome).status.failures },
    })),
    ['recorded: lxc2_monitor_30000 on example-host (exit code 1, error, reason: Lost connection to remote executor)'],
  ],
] satisfies [string, Doctor, string[]][])
  test(`toLeaveEverythingAlone fails when ${what}`, () => {
    expect(saidOf(doctor(uneventfulOutcome))).toEqual({
      headline: 'ExpectationError: nothing happens: not so',
      problems,
    });
  });

const saidOfRestarts = (outcome: DrillOutcome): ReturnType<typeof saidBy> =>
  saidBy(() => {
    expectOutcome(outcome).toHaveRestartedNothing();
  });

for (const [what, outcome] of [
  ['nothing happened', uneventfulOutcome],
  [
    'the cluster said for a moment that a resource is stopped and a guest offline',
    secondSampleOnly((sample) => withStopped(withNode(sample, 'lxc2', { online: false }), 'FAKE5'))(uneventfulOutcome),
  ],
] as const)
  test(`toHaveRestartedNothing passes when ${what}`, () => {
    expect(saidOfRestarts(outcome)).toBeNull();
  });

test('toHaveRestartedNothing fails for the recorded drill, and says what was restarted', () => {
  expect(saidOfRestarts(recordedOutcome)?.problems).toEqual([
    'lxc2: domain id was 2001, is 2002',
    'lxc2: boot id was old-boot, is new-boot',
    'lxc2: pacemaker_remoted was process 2101, started at tick 7001, is process 2102, started at tick 7002',
    'the state file of FAKE2 was on lxc2, is nowhere 146 ms after the fault',
    'the state file of FAKE5 was on lxc2, is nowhere 146 ms after the fault',
  ]);
});

for (const [what, doctor, problems] of [
  [
    'a state file is gone for a moment, whatever the cluster says',
    secondSampleOnly((sample) => withMachine(sample, 'lxc3', { processId: 1, stateFiles: [] })),
    ['the state file of FAKE3 was on lxc3, is nowhere 200 ms after the fault'],
  ],
  [
    'a state file is on another guest too',
    lastSampleOnly((sample) => withMachine(sample, 'lxc1', { processId: 1, stateFiles: ['FAKE1', 'FAKE3', 'FAKE4'] })),
    ['the state file of FAKE3 was on lxc3, is on lxc1 and lxc3 300 ms after the fault'],
  ],
  [
    'the cluster has not found a resource again at the end',
    lastSampleOnly((sample) => withStopped(sample, 'FAKE5')),
    ['FAKE5 ran on lxc2, and runs nowhere 300 ms after the fault'],
  ],
  [
    'another guest has another daemon',
    truthOf('truthAfter', 'lxc3', { daemon: null }),
    ['lxc3: pacemaker_remoted was process 3101, started at tick 8001, is none'],
  ],
] satisfies [string, Doctor, string[]][])
  test(`toHaveRestartedNothing fails when ${what}`, () => {
    expect(saidOfRestarts(doctor(uneventfulOutcome))).toEqual({
      headline: 'ExpectationError: no guest and no resource was restarted or moved: not so',
      problems,
    });
  });
