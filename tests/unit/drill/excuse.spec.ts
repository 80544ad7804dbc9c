import { expect, test } from '@playwright/test';
import { readBundle } from '../../../fixtures/evidence/bundle.ts';
import { judge, type Judgement } from '../../../fixtures/evidence/judge.ts';
import { excuseOfWaits } from '../../../fixtures/excuse.ts';
import type { ExpectedFailedAction } from '../../../fixtures/expect.ts';
import type { DrillOutcome } from '../../../fixtures/outcome.ts';
import type { FailedAction } from '../../../lab/observation/cluster-status.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { withAnother, withNode } from '../observer/drill-samples.ts';
import { everySample, lastSampleOnly, recordedOutcome, truthOf, withStopped, type Doctor } from './recorded-outcome.ts';

/** A machine on which a process had to wait that long for a processor. */
const onMachine =
  (lateMs: number): Doctor =>
  (outcome) => ({
    ...outcome,
    samples: outcome.samples.map((sample, at) => ({
      ...sample,
      strain: {
        ...{ lateMs: at === 1 ? lateMs : 0, tookMs: 30, neededMs: 25 },
        ...{ idleTicks: at, stolenTicks: 0, allTicks: 10 * at, load: 9 },
      },
    })),
  });
const busy = onMachine(3_000);
const calm = onMachine(40);
const tooBusy =
  'The machine was too busy: a process on the host had to wait 3000 ms for a processor (limit: 1000 ms); processors idle 10 %, stolen 0 %, load 9.';

const theRecord: ExpectedFailedAction = {
  ...{ resource: 'lxc2', task: 'monitor', intervalMs: 30_000, node: 'example-host' },
  ...{ exitCode: 1, status: 'error', reason: 'Lost connection to remote executor' },
};
const aRecord = (change: Partial<FailedAction>): Doctor =>
  everySample((sample) => {
    const failure: FailedAction = {
      ...{ key: 'another', resource: 'lxc2', task: 'monitor', intervalMs: 0, node: 'example-host', call: 99 },
      ...{ exitCode: 1, status: 'error', reason: null, lastChange: null },
      ...change,
    };
    return { ...sample, status: { ...sample.status, failures: [...sample.status.failures, failure] } };
  });

const noRecord: Doctor = everySample((sample) => ({ ...sample, status: { ...sample.status, failures: [] } }));

type Judged = readonly [matcher: string, ...given: readonly unknown[]];

const judged = (outcome: DrillOutcome, by: readonly Judged[], others: readonly string[] = []): Judgement =>
  judge({
    ...{ title: 'a drill', verdict: 'failed', reason: '', outcome, others },
    expectations: by.map(([matcher, ...given]) => ({ matcher, given, passed: false, said: 'something' })),
  });

const slow: Doctor = (outcome) => ({ ...outcome, budgets: { detected: 10 } });
const neverBack: Doctor = (outcome) => ({
  ...lastSampleOnly((sample) => withStopped(sample, 'FAKE5'))(truthOf('truthAfter', 'lxc2', null)(outcome)),
  phases: { ...outcome.phases, reconnected: null, recovered: null },
  settled: false,
});
const wrongRecord: Judged = ['toRecordOnlyTheFailedActions', [{ ...theRecord, exitCode: 7 }]];
const onlyTheRecord: Judged = ['toRecordOnlyTheFailedActions', [theRecord]];
const runsTwice: Doctor = everySample((sample: Sample) => withAnother(sample, 'FAKE1', { nodes: ['lxc3'] }));
const othersOffline: Doctor = everySample((sample) => withNode(sample, 'lxc3', { online: false }));
const both =
  (...doctors: readonly Doctor[]): Doctor =>
  (outcome) =>
    doctors.reduce((each, doctor) => doctor(each), outcome);

const cutOff: Judged = ['toRecordOnlyTheFailedActions', []];

for (const [what, doctor, by, others] of [
  ['a budget that is missed', slow, [['toRecoverInTime']], []],
  [
    'a budget that is missed, and a wait in vain afterwards',
    slow,
    [['toRecoverInTime']],
    ['LateError: Not so within 1000 ms: FAKE1 runs'],
  ],
  [
    'a guest that is not back by the end of the watch',
    neverBack,
    [['toRecoverInTime'], ['toHaveRestartedTheGuest'], ['toHaveStoppedAndRestartedWhatRanThere']],
    ['ExpectationError: The cluster is not back in its steady state:\n  - FAKE5 is Stopped'],
  ],
  ['a record that was not seen', (outcome) => outcome, [wrongRecordMissing()], []],
  [
    'an agent that did not end in its time, and what follows',
    aRecord({ resource: 'container2', task: 'stop', status: 'timed out' }),
    [onlyTheRecord, ['toHaveLostTheGuest', 'domain running'], ['toCountOnlyTheFailures', []]],
    [],
  ],
  [
    'a domain that could not be stopped',
    aRecord({ resource: 'container2', task: 'stop', reason: 'forced stop failed: it is still there' }),
    [onlyTheRecord, ['toRunAtTheEnd', 'FAKE2', 'elsewhere']],
    [],
  ],
  [
    'a guest that was cut off before it could leave',
    (outcome) => outcome,
    [cutOff, ['toHaveRelocatedWhatRanThere']],
    [],
  ],
] satisfies [string, Doctor, readonly Judged[], readonly string[]][]) {
  test(`${what}: failed on a machine that had time, inconclusive on one that had not`, () => {
    const outcome = doctor(recordedOutcome);
    expect(judged(outcome, by, others).verdict, 'not measured').toBe('failed');
    expect(judged(calm(outcome), by, others).verdict, 'calm').toBe('failed');
    expect(judged(busy(outcome), by, others)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining(`${tooBusy} Seen: `),
    });
  });
}

function wrongRecordMissing(): Judged {
  return ['toRecordOnlyTheFailedActions', [theRecord, { ...theRecord, resource: 'container2' }]];
}

for (const [what, doctor, by, others] of [
  ['what runs twice', runsTwice, [['toKeepTheInvariants']], []],
  ['another guest that is disturbed', othersOffline, [['toLeaveTheOthersAlone']], []],
  ['a record with another exit code', (outcome) => outcome, [wrongRecord], []],
  [
    'a record of another resource',
    aRecord({ resource: 'container3', task: 'start', status: 'error' }),
    [onlyTheRecord],
    [],
  ],
  ...(
    [
      [
        'another guest’s domain that could not be stopped',
        { resource: 'container3', task: 'stop', reason: 'forced stop failed' },
      ],
      ['a domain’s monitor that failed', { resource: 'container2', task: 'monitor', reason: 'forced stop failed' }],
      [
        'a domain’s stop that failed for another reason',
        { resource: 'container2', task: 'stop', reason: 'no permission' },
      ],
      ['a domain’s stop that failed for no reason', { resource: 'container2', task: 'stop', reason: null }],
    ] satisfies [string, Partial<FailedAction>][]
  ).map(([what, record]): [string, Doctor, readonly Judged[], readonly string[]] => [
    what,
    aRecord(record),
    [onlyTheRecord],
    [],
  ]),
  ['a start of its connection that failed', both(noRecord, aRecord({ resource: 'lxc2', task: 'start' })), [cutOff], []],
  ['a monitor of another connection', both(noRecord, aRecord({ resource: 'lxc3', task: 'monitor' })), [cutOff], []],
  [
    'a connection that failed once more than it was to',
    aRecord({ resource: 'lxc2', task: 'monitor' }),
    [onlyTheRecord],
    [],
  ],
  [
    'a guest that is said to be back and was not restarted',
    truthOf('truthAfter', 'lxc2', { domainId: '2001' }),
    [['toHaveRestartedTheGuest']],
    [],
  ],
  ['a failure that was not to be counted', (outcome) => outcome, [['toCountOnlyTheFailures', []]], []],
  ['a missed budget beside what runs twice', both(slow, runsTwice), [['toRecoverInTime'], ['toKeepTheInvariants']], []],
  ['a guest cut off, and another disturbed', othersOffline, [cutOff, ['toLeaveTheOthersAlone']], []],
  ['a missed budget beside another claim', slow, [['toRecoverInTime']], ['Error: the daemons that were started anew']],
  [
    'a cluster that is not steady afterwards, alone',
    slow,
    [],
    ['ExpectationError: The cluster is not back in its steady state'],
  ],
] satisfies [string, Doctor, readonly Judged[], readonly string[]][]) {
  test(`${what}: failed however busy the machine was`, () => {
    expect(judged(busy(doctor(recordedOutcome)), by, others).verdict).toBe('failed');
  });
}

test('a drill that kept its promises passes on a busy machine too', () => {
  const by: readonly Judged[] = [onlyTheRecord, ['toRecoverInTime'], ['toKeepTheInvariants']];
  expect(judged(busy(recordedOutcome), by).verdict).toBe('passed');
});

test('a guest that could not boot for want of inotify instances makes the drill inconclusive, and nobody else’s trouble does', () => {
  const outcome = neverBack(recordedOutcome);
  const by: readonly Judged[] = [['toRecoverInTime'], wrongRecord];
  const withUsed = (used: number) => judged({ ...outcome, inotify: { limit: 128, used } }, by);
  expect(withUsed(122).verdict).toBe('failed');
  expect(withUsed(123)).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringMatching(
      /^The machine has nothing left for a guest that boots: it needs 6 inotify instances of the kernel, and 123 of 128 are in use\. Seen: /,
    ),
  });
  const twice = { ...runsTwice(outcome), inotify: { limit: 128, used: 128 } };
  expect(judged(twice, [['toKeepTheInvariants']]).verdict).toBe('failed');
  expect(judged({ ...outcome, settled: true, inotify: { limit: 128, used: 128 } }, by).verdict).toBe('failed');
});

test('a wait that was in vain is excused if the machine was too busy at some time, and nothing else went wrong', () => {
  const late = 'LateError: Not so within 1000 ms: FAKE1 runs';
  expect(excuseOfWaits([late], busy(recordedOutcome).samples)).toBe(tooBusy);
  expect(excuseOfWaits([late, 'LabError: the reset failed'], busy(recordedOutcome).samples)).toBe(tooBusy);
  expect(excuseOfWaits([late], calm(recordedOutcome).samples)).toBeNull();
  expect(excuseOfWaits([late], recordedOutcome.samples)).toBeNull();
  expect(excuseOfWaits([late, 'Error: FAKE1 is elsewhere'], busy(recordedOutcome).samples)).toBeNull();
  expect(excuseOfWaits(['ExpectationError: no'], busy(recordedOutcome).samples)).toBeNull();
});

test('a guest whose pacemaker_remoted was killed before it had left, on a lab beside 24 busy loops, is judged as it was', async () => {
  const recorded = new URL('../../recorded/busy/lxc-killed-before-it-left', import.meta.url).pathname;
  const bundle = await readBundle(recorded);
  const { verdict, reason, problems } = judge(bundle);
  expect({ verdict, reason }).toEqual({ verdict: bundle.verdict, reason: bundle.reason });
  expect(reason).toMatch(/^The machine was too busy: work on the host took 21 times as long as it needed/);
  const calmly = bundle.outcome.samples.map(({ strain: _, ...sample }) => sample);
  const calm = judge({ ...bundle, outcome: { ...bundle.outcome, samples: calmly } });
  expect(calm.verdict).toBe('failed');
  expect(problems, 'why it is excused, and all that is').toEqual([
    expect.stringMatching(/^The machine was/),
    ...calm.problems,
  ]);
});
