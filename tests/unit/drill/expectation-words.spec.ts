import { expect, test } from '@playwright/test';
import { drillMatchers } from '../../../fixtures/expect.ts';
import type { Run } from '../../../fixtures/observer/runs.ts';
import { brokenInvariants, type DrillOutcome } from '../../../fixtures/outcome.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { at, withAnother, withFailure, withNode, withResource } from '../observer/drill-samples.ts';
import {
  before,
  lastSampleOnly,
  lostConnection,
  lostGuestOutcome,
  recordedOutcome,
  truthOf,
  uneventfulOutcome,
  withStopped,
} from './recorded-outcome.ts';

const blocked = lastSampleOnly((sample: Sample) => withResource(sample, 'FAKE2', { failed: true, blocked: true }));

/** What an expectation says if it holds where it must not, without what all of them begin with; null if it does not hold. */
const holds = ({ pass, message }: { readonly pass: boolean; readonly message: () => string }): string | null =>
  pass ? message().replace(/^ExpectationError: expected that it is not so that /, '') : null;

const expectations = drillMatchers;
for (const [words, judge] of [
  [
    'what is recorded as failed is lxc2_monitor_30000 on example-host (exit code 1, error, reason: Lost connection to remote executor)',
    () => expectations.toRecordOnlyTheFailedActions(recordedOutcome, [lostConnection]),
  ],
  ['nothing is recorded as failed', () => expectations.toRecordOnlyTheFailedActions(uneventfulOutcome, [])],
  [
    'the fail counts are lxc2 on example-host: 1',
    () =>
      expectations.toCountOnlyTheFailures(recordedOutcome, [{ resource: 'lxc2', node: 'example-host', failCount: 1 }]),
  ],
  ['the fail counts are none', () => expectations.toCountOnlyTheFailures(uneventfulOutcome, [])],
  [
    'the guest node lxc2 is offline while it is recovered',
    () => expectations.toBeOfflineWhileRecovered(recordedOutcome),
  ],
  [
    'lxc2 was restarted (another domain id, boot id and pacemaker_remoted)',
    () => expectations.toHaveRestartedTheGuest(recordedOutcome),
  ],
  [
    'everything that ran on lxc2 stopped and runs again',
    () => expectations.toHaveStoppedAndRestartedWhatRanThere(recordedOutcome),
  ],
  [
    'everything that ran on lxc2 runs on another node',
    () => expectations.toHaveRelocatedWhatRanThere(lostGuestOutcome),
  ],
  [
    'lxc2 is no guest node any more, its domain stopped',
    () => expectations.toHaveLostTheGuest(lostGuestOutcome, 'domain stopped'),
  ],
  ['lxc2 was not restarted', () => expectations.toHaveKeptTheGuestRunning(uneventfulOutcome)],
  ['the cluster and the machine agree on what runs where', () => expectations.toAgreeWithTheMachine(recordedOutcome)],
  ['nothing runs in two places or where it can’t', () => expectations.toKeepTheInvariants(recordedOutcome)],
  ['the other guests are left alone', () => expectations.toLeaveTheOthersAlone(recordedOutcome)],
  ['nothing happens', () => expectations.toLeaveEverythingAlone(uneventfulOutcome)],
  ['only FAKE2 is disturbed', () => expectations.toDisturbOnly(uneventfulOutcome, 'FAKE2')],
  ['FAKE2 runs on lxc2 at the end', () => expectations.toRunAtTheEnd(recordedOutcome, 'FAKE2', 'on the guest')],
  [
    'FAKE2 runs on another node than lxc2 at the end',
    () => expectations.toRunAtTheEnd(lostGuestOutcome, 'FAKE2', 'elsewhere'),
  ],
  [
    'FAKE2 is failed and blocked on lxc2 at the end',
    () => expectations.toBeBlockedAtTheEnd(blocked(recordedOutcome), 'FAKE2'),
  ],
  ['no guest and no resource was restarted or moved', () => expectations.toHaveRestartedNothing(uneventfulOutcome)],
  ['lxc2 recovers within its budgets', () => expectations.toRecoverInTime(recordedOutcome)],
] as const)
  test(`an expectation that holds says so in words: ${words.slice(0, 60)}`, () => {
    expect(holds(judge())).toBe(words);
  });

const problemsOf = ({ message }: { readonly message: () => string }): readonly string[] =>
  message()
    .split('\n')
    .slice(1)
    .map((line) => line.replace('  - ', ''));

test('one of several exit codes will do, and another will not', () => {
  const several = { ...lostConnection, exitCode: [7, 1] };
  expect(expectations.toRecordOnlyTheFailedActions(recordedOutcome, [several]).pass).toBe(true);
  const others = expectations.toRecordOnlyTheFailedActions(recordedOutcome, [{ ...several, exitCode: [7, 2] }]);
  expect(problemsOf(others)).toEqual([
    'not recorded: lxc2_monitor_30000 on example-host (exit code 7 or 2, error, reason: Lost connection to remote executor)',
    'also recorded: lxc2_monitor_30000 on example-host (exit code 1, error, reason: Lost connection to remote executor)',
  ]);
});

test('several failed actions and fail counts are told one after another', () => {
  const [one, other] = [lostConnection, { ...lostConnection, resource: 'FAKE2', reason: null }];
  expect(expectations.toRecordOnlyTheFailedActions(uneventfulOutcome, [one, other]).message()).toMatch(
    /^ExpectationError: what is recorded as failed is lxc2_monitor\S* on .*; FAKE2_monitor_30000 on example-host \(exit code 1, error, reason: none\): not so\n/,
  );
  const counts = [1, Infinity].map((failCount) => ({ resource: 'lxc2', node: 'example-host', failCount }));
  expect(expectations.toCountOnlyTheFailures(uneventfulOutcome, counts).message()).toContain(
    'the fail counts are lxc2 on example-host: 1; lxc2 on example-host: INFINITY: not so',
  );
});

test('a record that is there of each kind is told by the kind that it is of', () => {
  const other = { ...lostConnection, resource: 'FAKE2' };
  const outcome = lastSampleOnly((sample) => withFailure(sample, 'FAKE2', 99))(recordedOutcome);
  expect(expectations.toRecordOnlyTheFailedActions(outcome, [lostConnection, other]).pass).toBe(true);
  expect(problemsOf(expectations.toRecordOnlyTheFailedActions(outcome, [lostConnection], [], [other]))).toEqual([
    'still listed at the end: FAKE2_monitor_30000 on example-host (exit code 1, error, reason: Lost connection to remote executor)',
  ]);
});

test('the guest may be online before it is detected and from the moment on at which its domain runs again', () => {
  const { injectedAtMs, phases } = recordedOutcome;
  const [detected, restarted] = [phases.detected ?? 0, phases.restarted ?? 0];
  const online = (atMs: number): DrillOutcome => {
    const sample = withNode(at(recordedOutcome.before, atMs - injectedAtMs), 'lxc2', { online: true });
    return { ...recordedOutcome, samples: [{ ...sample, atMs }] };
  };
  expect(expectations.toBeOfflineWhileRecovered(online(detected - 1)).pass).toBe(true);
  expect(expectations.toBeOfflineWhileRecovered(online(detected)).pass).toBe(false);
  expect(expectations.toBeOfflineWhileRecovered(online(restarted - 1)).pass).toBe(false);
  expect(expectations.toBeOfflineWhileRecovered(online(restarted)).pass).toBe(true);
});

test('a resource that runs in two places, one of them the guest, runs neither on the guest nor elsewhere', () => {
  const both = lastSampleOnly((sample) => withResource(sample, 'FAKE2', { nodes: ['lxc1', 'lxc2'] }))(recordedOutcome);
  for (const where of ['on the guest', 'elsewhere'] as const)
    expect(problemsOf(expectations.toRunAtTheEnd(both, 'FAKE2', where))).toEqual([
      'it runs on lxc1 and lxc2 7866 ms after the fault',
    ]);
});

test('a resource that is not there is not blocked', () => {
  expect(problemsOf(expectations.toBeBlockedAtTheEnd(recordedOutcome, 'nobody'))).toEqual([
    'it is not failed',
    'it is not blocked',
    'it is on no node',
  ]);
  const two = lastSampleOnly((sample) => withResource(sample, 'FAKE2', { nodes: ['lxc1', 'lxc3'] }))(recordedOutcome);
  expect(problemsOf(expectations.toBeBlockedAtTheEnd(two, 'FAKE2'))).toContain('it is on lxc1 and lxc3');
});

test('what never ran before is no loss where it does not run, and what is new somewhere is told', () => {
  const idle = before((sample) => withStopped(sample, 'FAKE3'))(uneventfulOutcome);
  const still = { ...idle, samples: idle.samples.map((sample) => withStopped(sample, 'FAKE3')) };
  expect(problemsOf(expectations.toHaveRestartedNothing(still))).toEqual([]);
  expect(problemsOf(expectations.toHaveRestartedNothing(idle))).toEqual([
    'FAKE3 ran nowhere, and runs on lxc3 300 ms after the fault',
  ]);
});

test('of a guest that was lost nothing is there: all that still is, is told', () => {
  const online = lastSampleOnly((sample) => withNode(sample, 'lxc2', { online: true }))(lostGuestOutcome);
  const running = truthOf('truthAfter', 'lxc2', { domainId: '2001' })(online);
  expect(problemsOf(expectations.toHaveLostTheGuest(running, 'domain stopped'))).toEqual([
    'lxc2 is online',
    'libvirt runs a domain lxc2',
  ]);
});

test('what is seen at the very moment of the fault is told as that', () => {
  const offline = withNode(at(uneventfulOutcome.before, 0), 'lxc3', { online: false });
  expect(problemsOf(expectations.toLeaveTheOthersAlone({ ...uneventfulOutcome, samples: [offline] }))[0]).toBe(
    'lxc3: not online 0 ms after the fault',
  );
});

test('a guest of which nothing was ever known is told as such', () => {
  const unknown = truthOf('truthBefore', 'lxc2', null)(truthOf('truthAfter', 'lxc2', null)(recordedOutcome));
  expect(problemsOf(expectations.toHaveRestartedTheGuest(unknown))).toEqual([
    'domain id: there is none now (before: none)',
    'boot id: there is none now (before: none)',
    'pacemaker_remoted: there is none now (before: none)',
  ]);
});

test('the order in which the cluster lists resources says nothing', () => {
  const reversed = (sample: Sample): Sample => ({
    ...sample,
    status: { ...sample.status, resources: sample.status.resources.toReversed() },
  });
  const outcome = before(reversed)(lastSampleOnly(reversed)(recordedOutcome));
  expect(problemsOf(expectations.toAgreeWithTheMachine(outcome))).toEqual([]);
});

const ranIn = (resource: string, place: string, fromMs: number): Run => ({
  resource,
  place,
  fromMs: recordedOutcome.injectedAtMs + fromMs,
  untilMs: null,
  howItEnded: null,
  errorMs: 0,
});
const ranTwice = (resource: string): Pick<DrillOutcome, 'runs'> => ({
  runs: [ranIn(resource, 'lxc1', 1_000), ranIn(resource, 'lxc3', 1_200)],
});

test('instances of a clone may run in several places by their agents’ stamps; what the cluster does not know may not', () => {
  const clone = (sample: Sample): Sample =>
    withAnother(withResource(sample, 'FAKE1', { instanceOf: 'c' }), 'FAKE1', { instanceOf: 'c', nodes: ['lxc3'] });
  const wordsOf = (outcome: DrillOutcome) => brokenInvariants(outcome).map(({ invariant }) => invariant);
  const last = at(uneventfulOutcome.before, 5_000);
  const watched = { ...uneventfulOutcome, samples: [...uneventfulOutcome.samples, last] };
  expect(wordsOf({ ...watched, ...ranTwice('FAKE1') })).toEqual(['ran in one place']);
  expect(wordsOf({ ...watched, ...ranTwice('ghost') })).toEqual(['ran in one place']);
  expect(wordsOf({ ...before(clone)(watched), ...ranTwice('FAKE1') })).toEqual([]);
});

test('what the samples show and what the stamps show is told in the order of its time', () => {
  const twice = withResource(at(uneventfulOutcome.before, 5_000), 'FAKE2', { nodes: ['lxc1', 'lxc2'] });
  const samples = [...uneventfulOutcome.samples, twice];
  const invariants = brokenInvariants({ ...uneventfulOutcome, samples, ...ranTwice('FAKE1') });
  expect(invariants.map(({ invariant }) => invariant)).toEqual(['ran in one place', 'runs in one place']);
});
