import { expect, test } from '@playwright/test';
import { identityOf, newFailures } from '../../../fixtures/observer/failed-actions.ts';
import { stateFilePlaces, statesOf } from '../../../fixtures/observer/sample-states.ts';
import { buildTimeline, renderTimeline, type Change } from '../../../fixtures/observer/timeline.ts';
import type { FailedAction } from '../../../lab/observation/cluster-status.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { recordedDrill } from '../observation/recorded.ts';
import { at, steady, withAnother, withFailure, withMachine, withNode, withResource } from './drill-samples.ts';

const stateOf = (sample: Sample, kind: string, id: string): string | undefined =>
  statesOf(sample).get(`${kind} ${id}`)?.state;

for (const flag of ['unclean', 'standby', 'maintenance', 'pending', 'shutdown'] as const)
  test(`the state of a node says that it is ${flag}`, () => {
    expect(stateOf(withNode(steady, 'lxc2', { [flag]: true }), 'node', 'lxc2')).toBe(`online, ${flag}`);
  });

test('several things about a node are said one after another', () => {
  const node = withNode(steady, 'lxc2', { online: false, unclean: true, shutdown: true });
  expect(stateOf(node, 'node', 'lxc2')).toBe('offline, unclean, shutdown');
});

for (const [change, words] of [
  [{}, 'Started on lxc2'],
  [{ role: 'Stopped', nodes: [] }, 'Stopped'],
  [{ blocked: true, failed: true, managed: false }, 'Started on lxc2 (failed, blocked, unmanaged)'],
  [{ pendingOperation: 'Monitoring' }, 'Started on lxc2 (monitoring)'],
  [{ role: 'Starting', pendingOperation: 'Starting' }, 'Starting on lxc2'],
  [{ role: 'Migrating', nodes: ['lxc1', 'lxc2'] }, 'Migrating on lxc1 and lxc2'],
] as const)
  test(`a resource with ${JSON.stringify(change)} reads "${words}"`, () => {
    expect(stateOf(withResource(steady, 'FAKE2', change), 'resource', 'FAKE2')).toBe(words);
  });

test('instances read the same whatever the order in which they are listed', () => {
  const [one, other] = [
    withAnother(steady, 'FAKE2', { nodes: ['lxc1'] }),
    withAnother(withResource(steady, 'FAKE2', { nodes: ['lxc1'] }), 'FAKE2', { nodes: ['lxc2'] }),
  ];
  expect(stateOf(one, 'resource', 'FAKE2')).toBe('Started on lxc1; Started on lxc2');
  expect(stateOf(other, 'resource', 'FAKE2')).toBe(stateOf(one, 'resource', 'FAKE2'));
});

test('the DC reads with or without quorum, and is no subject while there is none', () => {
  const without = (dc: Sample['status']['dc']): Sample => ({ ...steady, status: { ...steady.status, dc } });
  const dc = { name: 'example-host', version: '3.0.0', withQuorum: true };
  expect(stateOf(without(dc), 'dc', dc.name)).toBe('with quorum');
  expect(stateOf(without({ ...dc, withQuorum: false }), 'dc', dc.name)).toBe('without quorum');
  expect([...statesOf(without(null)).keys()].filter((key) => key.startsWith('dc '))).toEqual([]);
});

test('a host is no domain, and what cannot be seen in one has no place', () => {
  const sample = withMachine(withMachine(steady, 'example-host', { processId: 1, stateFiles: ['FAKE9'] }), 'lxc2', {
    processId: 8318,
    stateFiles: null,
  });
  expect(stateOf(sample, 'domain', 'example-host')).toBeUndefined();
  expect(stateOf(sample, 'domain', 'lxc2')).toBe('process 8318');
  expect(stateOf(sample, 'state file', 'FAKE9')).toBe('on example-host');
  expect(stateFilePlaces(sample.machine).has('FAKE2')).toBe(false);
});

test('what comes to be reads from what it was when it was not there', () => {
  const empty: Sample = {
    ...steady,
    status: { ...steady.status, dc: null, nodes: [], resources: [], failures: [] },
    machine: new Map(),
  };
  const full = withFailure(steady, 'FAKE2', 99);
  const [came, went] = [
    [empty, full],
    [full, empty],
  ].map((two) => buildTimeline(two, { startMs: recordedDrill.injectedAtMs }));
  const ends = (changes: readonly Change[] | undefined, which: 'from' | 'to') =>
    Object.fromEntries(changes?.map(({ subject, [which]: state }) => [subject.kind, state]) ?? []);
  const absence = {
    dc: 'none',
    node: 'unknown',
    resource: 'not configured',
    domain: 'gone',
    'state file': 'nowhere',
  };
  expect(ends(came, 'from')).toEqual({ ...absence, 'failed action': 'not recorded' });
  expect(ends(came, 'to')['failed action']).toBe('recorded');
  expect(ends(went, 'to')).toEqual({ ...absence, 'failed action': 'cleared' });
});

const change = (sinceMs: number, id: string, from: string, to: string): Change => ({
  atMs: recordedDrill.injectedAtMs + sinceMs,
  sinceMs,
  subject: { kind: 'node', id },
  from,
  to,
});

test('a timeline is rendered with its columns as wide as their widest text, and a moment that comes again is left blank', () => {
  const text = renderTimeline([
    change(-50, 'lxc1', 'online', 'offline'),
    change(0, 'a-longer-name', 'offline, unclean', 'online'),
    change(0, 'lxc2', 'online', 'offline'),
    change(12_345.6, 'lxc2', 'offline', 'online'),
  ]);
  expect(text).toBe(
    [
      ' -0.050 s  node lxc1           online           → offline\n',
      ' +0.000 s  node a-longer-name  offline, unclean → online\n',
      '           node lxc2           online           → offline\n',
      '+12.346 s  node lxc2           offline          → online\n',
    ].join(''),
  );
});

test('a record of a failure is told from another by its action, node, call and time', () => {
  const failure: FailedAction = {
    key: 'FAKE2_monitor_10000',
    resource: 'FAKE2',
    task: 'monitor',
    intervalMs: 10_000,
    node: 'example-host',
    call: 7,
    exitCode: 1,
    status: 'error',
    reason: null,
    lastChange: null,
  };
  expect(identityOf(failure)).toBe('FAKE2_monitor_10000 on example-host (call 7 at no time)');
  const status = (...failures: readonly FailedAction[]) => ({ ...steady.status, failures });
  for (const other of [{ key: 'FAKE2_start_0' }, { node: 'lxc1' }, { call: 8 }, { lastChange: '2026-11-21 22:16:09Z' }])
    expect(newFailures(status(failure), status(failure, { ...failure, ...other }))).toEqual([{ ...failure, ...other }]);
  expect(newFailures(status(failure), status({ ...failure, reason: 'in other words' }))).toEqual([]);
});

test('a timeline counts from its start, and what the first sample shows is no change', () => {
  const timeline = buildTimeline([at(steady, -200), at(withNode(steady, 'lxc2', { online: false }), -100)], {
    startMs: recordedDrill.injectedAtMs,
  });
  expect(timeline).toEqual([
    {
      atMs: recordedDrill.injectedAtMs - 100,
      sinceMs: -100,
      subject: { kind: 'node', id: 'lxc2' },
      from: 'online',
      to: 'offline',
    },
  ]);
});
