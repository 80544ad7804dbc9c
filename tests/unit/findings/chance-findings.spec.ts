import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { keepExpectation } from '../../../fixtures/evidence/expectations.ts';
import { countedTwice, isCountedTwice } from '../../../fixtures/findings/counted-twice.ts';
import { findByChance } from '../../../fixtures/findings/find-by-chance.ts';
import { forgottenFencing, isForgotten } from '../../../fixtures/findings/forgotten-fencing.ts';
import { notRespawned, waitsForNothing } from '../../../fixtures/findings/not-respawned.ts';
import type { DrillOutcome } from '../../../fixtures/outcome.ts';
import { LabError } from '../../../lab/errors.ts';
import { readLogLines, type LogLine } from '../../../lab/observation/pacemaker-log.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';
import { recordedOutcome } from '../drill/recorded-outcome.ts';

const log = readFileSync(new URL('../../recorded/logs/forgotten-fencing.log', import.meta.url), 'utf8');
const recorded = readLogLines(log, Date.UTC(2026, 10, 22));
const [first, last] = [recorded[0]?.atMs ?? 0, recorded.at(-1)?.atMs ?? 0];
const lxc1 = { name: 'lxc1', resource: 'container1' };

/** A host on which every command prints that, or ends as told. */
const hostThat = (answers: () => Promise<string>) => {
  const scripts: string[] = [];
  const shell: HostShell = {
    hostName: 'example-host',
    run: async (script) => {
      scripts.push(script);
      return { stdout: await answers(), stderr: '', exitCode: 0 };
    },
    stream: () => Promise.reject(new Error('nothing streams here')),
    lost: new Promise(() => undefined),
    close: () => Promise.resolve(),
  };
  return { shell, scripts };
};
const hostWithTheLog = () => hostThat(() => Promise.resolve(log));

/** A drill on lxc1 in the log's time, of which these expectations did not hold. */
const drillThatBroke = (...matchers: readonly string[]): DrillOutcome => {
  const outcome: DrillOutcome = {
    ...recordedOutcome,
    guest: recordedOutcome.plan.guests.find(({ name }) => name === 'lxc1') ?? recordedOutcome.guest,
    before: { ...recordedOutcome.before, atMs: first },
    samples: [{ ...recordedOutcome.before, atMs: last }],
  };
  keepExpectation(outcome, { matcher: 'toLeaveTheOthersAlone', given: [], passed: true, said: null });
  for (const matcher of matchers) keepExpectation(outcome, { matcher, given: [], passed: false, said: 'not so' });
  return outcome;
};

test('a drill that failed because the guest was not restarted failed for it, if the log of its time says so', async () => {
  const { shell, scripts } = hostWithTheLog();
  expect(await findByChance(shell, drillThatBroke('toHaveRestartedTheGuest', 'toRecoverInTime'))).toBe(
    forgottenFencing,
  );
  for (const phrase of ['Fence', 'aborted by status', 'Requesting local execution of'])
    expect(scripts.join()).toContain(phrase);
});

test('only what the log tells of the drill’s own time counts', async () => {
  const outcome = drillThatBroke('toHaveRestartedTheGuest');
  const earlier = { ...outcome, before: { ...outcome.before, atMs: first - 60_000 } };
  keepExpectation(earlier, { matcher: 'toHaveRestartedTheGuest', given: [], passed: false, said: 'not so' });
  expect(await findByChance(hostWithTheLog().shell, earlier)).toBe(forgottenFencing);
  const over = { ...earlier, samples: [{ ...outcome.before, atMs: first - 1 }] };
  keepExpectation(over, { matcher: 'toHaveRestartedTheGuest', given: [], passed: false, said: 'not so' });
  expect(await findByChance(hostWithTheLog().shell, over)).toBeNull();
});

for (const matcher of ['toAgreeWithTheMachine', 'toKeepTheInvariants', 'toLeaveTheOthersAlone'])
  test(`a drill that broke ${matcher} failed for something else, whatever the log says`, async () => {
    const { shell, scripts } = hostWithTheLog();
    expect(await findByChance(shell, drillThatBroke('toHaveRestartedTheGuest', matcher))).toBeNull();
    expect(scripts).toEqual([]);
  });

test('a drill of which every expectation held did not fail for it', async () => {
  const { shell, scripts } = hostWithTheLog();
  expect(await findByChance(shell, drillThatBroke())).toBeNull();
  expect(scripts).toEqual([]);
});

test('a host that does not answer says nothing, and an error of the suite’s own is not hidden', async () => {
  const outcome = drillThatBroke('toHaveRestartedTheGuest');
  const silent = hostThat(() => Promise.reject(new LabError('the host is gone')));
  expect(await findByChance(silent.shell, outcome)).toBeNull();
  const faulty = hostThat(() => Promise.reject(new TypeError('a bug')));
  await expect(findByChance(faulty.shell, outcome)).rejects.toThrow('a bug');
});

const line = (text: string): LogLine => ({ atMs: 0, daemon: 'pacemaker-controld', text });
const decided = line("Actions: Fence (reboot) lxc1 (resource: container1) 'guest is unclean'");
const aborted = line(
  'Transition 4 aborted by status-1-fail-count-lxc1.monitor_30000 doing create: Transient attribute',
);
const started = line('Requesting local execution of start operation for lxc1 on example-host');
const stopped = line('Requesting local execution of stop operation for container1 on example-host');

for (const [what, lines, forgotten] of [
  ['decided, aborted, started again', [decided, aborted, started], true],
  [
    'aborted by when it failed last',
    [decided, line(aborted.text.replace('fail-count', 'last-failure')), started],
    true,
  ],
  ['aborted by something else', [decided, line(aborted.text.replace('fail-count', 'shutdown')), started], false],
  [
    'aborted by what failed on a guest of a longer name',
    [decided, line(aborted.text.replace('lxc1', 'lxc10')), started],
    false,
  ],
  ['aborted in a transition of more digits', [decided, line(aborted.text.replace('4', '1234')), started], true],
  ['aborted before the decision alone', [aborted, decided, started], false],
  ['started before the abort alone', [decided, started, aborted], false],
  ['stopped by an earlier decision', [stopped, decided, aborted, started], true],
  ['stopped before the abort', [decided, stopped, aborted, started], false],
  ['started as another resource', [decided, aborted, line(started.text.replace('lxc1', 'lxc10'))], false],
  [
    'told by another line that quotes these',
    [decided, aborted, started].map(({ text }) => line(`Said: ${text}`)),
    false,
  ],
] satisfies [string, LogLine[], boolean][])
  test(`a guest that was ${what} was ${forgotten ? '' : 'not '}forgotten`, () => {
    expect(isForgotten(lines, lxc1)).toBe(forgotten);
  });

test('a host whose log is exact to the second tells of it too', async () => {
  const old = readFileSync(new URL('../../recorded/logs/forgotten-fencing-2.0.5.log', import.meta.url), 'utf8');
  const atMs = Date.parse('2026-11-22T17:35:15.221Z');
  const broken = drillThatBroke();
  const drill: DrillOutcome = {
    ...broken,
    before: { ...broken.before, atMs },
    samples: [{ ...broken.before, atMs: atMs + 10_000 }],
  };
  keepExpectation(drill, { matcher: 'toHaveRestartedTheGuest', given: [], passed: false, said: 'not so' });
  expect(await findByChance(hostThat(() => Promise.resolve(old)).shell, drill)).toBe(forgottenFencing);
});

/** A drill in the time of a recorded log, of which these expectations did not hold. */
const drillInTheTimeOf = (lines: readonly LogLine[], ...matchers: readonly string[]): DrillOutcome => {
  const broken = drillThatBroke();
  const drill: DrillOutcome = {
    ...broken,
    before: { ...broken.before, atMs: (lines[0]?.atMs ?? 0) - 100 },
    samples: [{ ...broken.before, atMs: (lines.at(-1)?.atMs ?? 0) + 500 }],
  };
  for (const matcher of matchers) keepExpectation(drill, { matcher, given: [], passed: false, said: 'not so' });
  return drill;
};
const logOf = (name: string) => readFileSync(new URL(`../../recorded/logs/${name}`, import.meta.url), 'utf8');

const twice = logOf('counted-twice-2.1.5.log');
const drillThatCountedTwice = (...matchers: readonly string[]): DrillOutcome =>
  drillInTheTimeOf(readLogLines(twice, Date.UTC(2026, 10, 22)), ...matchers);
const hostThatCountedTwice = () => hostThat(() => Promise.resolve(twice)).shell;

test('a drill whose fail counts are wrong because a failure was counted twice failed for it, on the releases that do that', async () => {
  const drill = drillThatCountedTwice('toCountOnlyTheFailures');
  expect(await findByChance(hostThatCountedTwice(), drill, '2.1.5')).toBe(countedTwice);
  for (const version of ['2.0.5', '2.1.6', '3.0.3'])
    expect(await findByChance(hostThatCountedTwice(), drill, version), version).toBeNull();
});

test('a drill that broke something beside its fail counts failed for something else', async () => {
  const drill = drillThatCountedTwice('toCountOnlyTheFailures', 'toRunAtTheEnd');
  expect(await findByChance(hostThatCountedTwice(), drill, '2.1.5')).toBeNull();
});

const failure = line(
  'Result of asyncmon operation for FAKE1 on lxc1: error (Simulated failure) | CIB update 9, graph action unconfirmed',
);
const count = line(
  'Updating failcount for FAKE1 on lxc1 after failed asyncmon: rc=1 (update=value++, time=1795381413)',
);

for (const [what, lines, isTwice] of [
  ['counted twice', [failure, count, count], true],
  ['counted once', [failure, count], false],
  ['counted once each, of two', [failure, count, failure, count], false],
  ['counted three times, of two', [failure, count, failure, count, count], true],
  ['counted before any was simulated', [count, count], false],
  [
    'counted once, and that of another resource too',
    [failure, count, line(count.text.replace('FAKE1', 'FAKE2'))],
    false,
  ],
  ['counted once here and once elsewhere', [failure, count, line(count.text.replace('lxc1', 'lxc2'))], false],
  ['counted twice, elsewhere', [failure, count, count].map(({ text }) => line(text.replace('lxc1', 'lxc10'))), false],
  ['found by a monitor as well', [failure, count, line(count.text.replace('asyncmon', 'monitor'))], false],
  ['told by lines that quote these', [failure, count, count].map(({ text }) => line(`Said: ${text}`)), false],
] satisfies [string, LogLine[], boolean][])
  test(`a simulated failure that was ${what} was ${isTwice ? '' : 'not '}counted twice`, () => {
    expect(isCountedTwice(lines, 'lxc1')).toBe(isTwice);
  });

const unborn = logOf('not-respawned.log');
const unbornLines = readLogLines(unborn, Date.UTC(2026, 10, 22));

test('a drill after which a daemon was not started again failed for it, on the releases that look for corosync first', async () => {
  const host = hostThat(() => Promise.resolve(unborn)).shell;
  for (const broken of [['toRecoverInTime'], ['toHaveRestartedNothing', 'toAgreeWithTheMachine', 'toRecoverInTime']])
    expect(await findByChance(host, drillInTheTimeOf(unbornLines, ...broken), '3.0.0')).toBe(notRespawned);
  expect(await findByChance(host, drillInTheTimeOf(unbornLines, 'toRecoverInTime'), '2.0.5')).toBeNull();
  const another = drillInTheTimeOf(unbornLines, 'toRecoverInTime', 'toRecordOnlyTheFailedActions');
  expect(await findByChance(host, another, '3.0.0')).toBeNull();
});

test('a drill that had no samples from its fault on is asked about up to its last budget, one that has come to its end is not', async () => {
  const host = hostThat(() => Promise.resolve(unborn)).shell;
  const blind = drillInTheTimeOf(unbornLines);
  const atMs = unbornLines[0]?.atMs ?? 0;
  const cutShort = (settled: boolean, recovered: number): DrillOutcome => {
    const drill = { ...blind, settled, injectedAtMs: atMs, budgets: { detected: 1, recovered }, samples: [] };
    keepExpectation(drill, { matcher: 'toRecoverInTime', given: [], passed: false, said: 'not so' });
    return drill;
  };
  expect(await findByChance(host, cutShort(false, 55_000), '3.0.0')).toBe(notRespawned);
  expect(await findByChance(host, cutShort(false, 3), '3.0.0')).toBeNull();
  expect(await findByChance(host, cutShort(true, 55_000), '3.0.0')).toBeNull();
});

test('a daemon that waits for a corosync that was really lost, and one that is started again, wait for something', () => {
  expect(waitsForNothing(unbornLines)).toBe(true);
  const lost = line('Lost connection to cluster layer (connection will be reattempted once per second)');
  expect(waitsForNothing([...unbornLines, lost])).toBe(false);
  expect(waitsForNothing(unbornLines.filter(({ text }) => !text.startsWith('Not respawning')))).toBe(false);
  expect(waitsForNothing([line('Not respawning subdaemon pacemaker-based because IPC endpoint is OK')])).toBe(false);
});
