import { expect, test } from '@playwright/test';
import { lastSample, newFailedActions } from '../../../fixtures/outcome.ts';
import { drillSamples, steady, withFailure } from '../observer/drill-samples.ts';
import {
  everySample,
  expectOutcome,
  failures,
  lastSampleOnly,
  lostConnection,
  recordedOutcome,
  saidBy,
} from './recorded-outcome.ts';

const wanted = 'lxc2_monitor_30000 on example-host (exit code 1, error, reason: Lost connection to remote executor)';

test('the recorded drill left the one failed action', () => {
  const judge = (): void => {
    expectOutcome(recordedOutcome).toRecordOnlyTheFailedActions([lostConnection]);
  };
  expect(saidBy(judge)).toBeNull();
});

for (const [what, doctor, problems] of [
  ['it is not recorded', everySample(failures(() => [])), [`not recorded: ${wanted}`]],
  [
    'it is filed under the resource that runs the guest',
    everySample(failures((one) => [{ ...one, resource: 'container2', key: 'container2_monitor_30000' }])),
    [`not recorded: ${wanted}`, `also recorded: ${wanted.replace('lxc2', 'container2')}`],
  ],
  [
    'it has another exit code',
    everySample(failures((one) => [{ ...one, exitCode: 7 }])),
    [`not recorded: ${wanted}`, `also recorded: ${wanted.replace('exit code 1', 'exit code 7')}`],
  ],
  [
    'it ended in another way',
    everySample(failures((one) => [{ ...one, status: 'timed out' }])),
    [`not recorded: ${wanted}`, `also recorded: ${wanted.replace('error', 'timed out')}`],
  ],
  [
    'it has no reason',
    everySample(failures((one) => [{ ...one, reason: null }])),
    [`not recorded: ${wanted}`, `also recorded: ${wanted.replace(lostConnection.reason ?? '', 'none')}`],
  ],
  [
    'it is recorded on another node',
    everySample(failures((one) => [{ ...one, node: 'lxc1' }])),
    [`not recorded: ${wanted}`, `also recorded: ${wanted.replace('example-host', 'lxc1')}`],
  ],
  [
    'it is an action of another interval',
    everySample(failures((one) => [{ ...one, intervalMs: 0 }])),
    [`not recorded: ${wanted}`, `also recorded: ${wanted.replace('30000', '0')}`],
  ],
  [
    'another one is recorded, if only for a moment',
    (outcome: typeof recordedOutcome) => ({
      ...outcome,
      samples: outcome.samples.map((sample) => (sample.number === 40 ? withFailure(sample, 'FAKE2', 99) : sample)),
    }),
    [`also recorded: ${wanted.replace('lxc2_monitor_30000', 'FAKE2_monitor_30000')}`],
  ],
  [
    'it is gone again at the end',
    lastSampleOnly(failures(() => [])),
    [`recorded, but gone again at the end: ${wanted}`],
  ],
] as const)
  test(`a failed action is not as expected when ${what}`, () => {
    const said = saidBy(() => {
      expectOutcome(doctor(recordedOutcome)).toRecordOnlyTheFailedActions([lostConnection]);
    });
    expect(said).toEqual({ headline: `ExpectationError: what is recorded as failed is ${wanted}: not so`, problems });
  });

test('what must not be so is told too', () => {
  const said = saidBy(() => {
    expectOutcome(recordedOutcome).not.toRecordOnlyTheFailedActions([lostConnection]);
  });
  expect(said?.headline).toBe(
    `ExpectationError: expected that it is not so that what is recorded as failed is ${wanted}`,
  );
});

test('an earlier record has to come and to go', () => {
  const judge = (doctor: (outcome: typeof recordedOutcome) => typeof recordedOutcome) =>
    saidBy(() => {
      expectOutcome(doctor(recordedOutcome)).toRecordOnlyTheFailedActions([], [lostConnection]);
    });
  expect(judge(lastSampleOnly(failures(() => [])))).toBeNull();
  expect(judge((outcome) => outcome)).toEqual({
    headline: 'ExpectationError: nothing is recorded as failed: not so',
    problems: [`still listed at the end: ${wanted}`],
  });
  expect(judge(everySample(failures(() => [])))?.problems).toEqual([`not recorded: ${wanted}`]);
});

test('a fleeting record may be seen or not, and has to go', () => {
  const judge = (doctor: (outcome: typeof recordedOutcome) => typeof recordedOutcome) =>
    saidBy(() => {
      expectOutcome(doctor(recordedOutcome)).toRecordOnlyTheFailedActions([], [], [lostConnection]);
    });
  expect(judge(everySample(failures(() => [])))).toBeNull();
  expect(judge(lastSampleOnly(failures(() => [])))).toBeNull();
  expect(judge((outcome) => outcome)?.problems).toEqual([`still listed at the end: ${wanted}`]);
});

for (const [what, expected, problems] of [
  ['as they are', [{ resource: 'lxc2', node: 'example-host', failCount: 1 }], null],
  ['none', [], ['also counted: lxc2 on example-host: 1']],
  [
    'another number',
    [{ resource: 'lxc2', node: 'example-host', failCount: Infinity }],
    ['not counted: lxc2 on example-host: INFINITY', 'also counted: lxc2 on example-host: 1'],
  ],
] as const)
  test(`fail counts: expecting ${what}`, () => {
    const said = saidBy(() => {
      expectOutcome(recordedOutcome).toCountOnlyTheFailures(expected);
    });
    expect(said?.problems ?? null).toEqual(problems);
  });

test('older records of the same action are not new, and a new one counts once however often it is seen', () => {
  const found = newFailedActions(steady, drillSamples);
  expect(steady.status.failures.map(({ key, call }) => [key, call])).toContainEqual(['lxc2_monitor_30000', 8]);
  expect(found.map(({ key, call }) => [key, call])).toEqual([['lxc2_monitor_30000', 15]]);
});

test('where nothing was sampled after the fault, the sample before it is the last', () => {
  expect(lastSample(recordedOutcome).number).toBe(92);
  expect(lastSample({ ...recordedOutcome, samples: [] })).toBe(recordedOutcome.before);
});
