import { expect, test } from '@playwright/test';
import { lanesOf } from '../../../fixtures/observer/lanes.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import type { PictureLane } from '../../../reporters/picture/drill-picture.ts';
import { recordedDrill } from '../observation/recorded.ts';
import { at, drillSamples, steady, withAnother, withMachine, withNode, withResource } from './drill-samples.ts';

const { guest, injectedAtMs } = recordedDrill;
const recorded = [steady, ...drillSamples.filter(({ atMs }) => atMs >= injectedAtMs)];

const lanes = (samples: readonly Sample[], untilMs = 8_000): readonly PictureLane[] =>
  lanesOf(samples, guest, injectedAtMs, untilMs);
const laneOf = (all: readonly PictureLane[], kind: PictureLane['kind'], name: string): PictureLane | undefined =>
  all.find((lane) => lane.kind === kind && lane.name === name);
const told = (lane: PictureLane | undefined) => lane?.spans.map(({ fromMs, words, tone }) => [fromMs, words, tone]);

test('the recorded drill: the guest’s own lanes come first, and tell its recovery', () => {
  const all = lanes(recorded);
  expect(all.slice(0, 6).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'connection lxc2',
    'domain lxc2',
    'node lxc2',
    'resource container2',
    'resource FAKE2',
    'resource FAKE5',
  ]);
  expect(told(laneOf(all, 'connection', 'lxc2'))).toEqual([
    [-59, 'Started on example-host', 'up'],
    [47, 'Stopped', 'down'],
    [2358, 'Starting on example-host (failed)', 'failed'],
    [4656, 'Started on example-host', 'up'],
  ]);
  expect(told(laneOf(all, 'domain', 'lxc2'))).toEqual([
    [-59, 'process 8318', 'up'],
    [146, 'gone', 'down'],
    [2153, 'process 17647', 'up'],
  ]);
  expect(told(laneOf(all, 'resource', 'container2'))?.[1]).toEqual([146, 'Stopping on example-host', 'moving']);
});

test('spans join without a gap, and the last one goes on to the end', () => {
  for (const { spans } of lanes(recorded)) {
    spans.slice(1).forEach((span, index) => {
      expect(span.fromMs).toBe(spans[index]?.untilMs);
    });
    expect(spans.at(-1)?.untilMs).toBe(8_000);
  }
});

test('of the other nodes and domains only those that changed have a lane; what changed comes first', () => {
  const calm = lanes(recorded).filter(({ group }) => group === 'others');
  expect(calm.map(({ kind }) => kind)).not.toContain('node');
  expect(calm[0]?.name).toBe('container1');

  const disturbed = [
    steady,
    at(withResource(withNode(steady, 'lxc3', { online: false }), 'FAKE3', { role: 'Stopped' }), 100),
  ];
  const others = lanes(disturbed).filter(({ group }) => group === 'others');
  expect(others.slice(0, 2).map(({ kind, name }) => `${kind} ${name}`)).toEqual(['node lxc3', 'resource FAKE3']);
});

test('a guest whose domain the host does not show has no lane for it', () => {
  const unseen = recorded.map((sample) => withMachine(sample, guest.name, null));
  expect(laneOf(lanes(unseen), 'domain', guest.name)).toBeUndefined();
  expect(laneOf(lanes(unseen), 'node', guest.name)?.spans).toHaveLength(3);
});

for (const [what, change, tone, words, short] of [
  ['blocked', { blocked: true }, 'failed', 'Started on lxc2 (blocked)', 'blocked'],
  ['unmanaged', { managed: false }, 'up', 'Started on lxc2 (unmanaged)', 'unmanaged'],
  ['in two places', { nodes: ['lxc1', 'lxc2'] }, 'failed', 'Started on lxc1 and lxc2', 'lxc1 and lxc2'],
  ['migrating', { role: 'Migrating', nodes: ['lxc1', 'lxc2'] }, 'moving', 'Migrating on lxc1 and lxc2', 'Migrating'],
  ['only said to be up', { active: false }, 'moving', 'Started on lxc2', 'Started'],
] as const)
  test(`a resource that is ${what} is shown as ${tone}`, () => {
    const changed = at(withResource(steady, 'FAKE2', change), 100);
    expect(laneOf(lanes([steady, changed]), 'resource', 'FAKE2')?.spans[1]).toMatchObject({ tone, words, short });
  });

test('instances of a clone share a lane, in the worst of their tones', () => {
  const clone = (sample: Sample) => withResource(sample, 'FAKE1', { instanceOf: 'c' });
  const sample = withAnother(clone(steady), 'FAKE1', { role: 'Stopped', active: false, nodes: [] });
  expect(laneOf(lanes([sample]), 'resource', 'FAKE1')?.spans).toEqual([
    { fromMs: -59, untilMs: 8_000, tone: 'down', words: 'Started on lxc1; Stopped', short: 'Stopped; lxc1' },
  ]);
});

test('a node that is unclean, passing or gone is told', () => {
  const states = [
    steady,
    at(withNode(steady, 'lxc2', { online: false, unclean: true }), 100),
    at(withNode(steady, 'lxc2', { pending: true }), 200),
    at({ ...steady, status: { ...steady.status, nodes: [] } }, 300),
  ];
  expect(told(laneOf(lanes(states), 'node', 'lxc2'))).toEqual([
    [-59, 'online', 'up'],
    [100, 'offline, unclean', 'failed'],
    [200, 'online, pending', 'moving'],
    [300, 'unknown', 'down'],
  ]);
});

test('without samples there is nothing to draw', () => {
  expect(lanes([])).toEqual([]);
});

for (const [change, tone, words, short] of [
  [{}, 'up', 'Started on lxc2', 'lxc2'],
  [{ role: 'Promoted' }, 'up', 'Promoted on lxc2', 'lxc2'],
  [{ role: 'Stopped', active: false, nodes: [] }, 'down', 'Stopped', 'Stopped'],
  [{ role: 'Starting' }, 'moving', 'Starting on lxc2', 'Starting'],
  [{ failed: true }, 'failed', 'Started on lxc2 (failed)', 'failed'],
  [{ failed: true, blocked: true, managed: false }, 'failed', 'Started on lxc2 (failed, blocked, unmanaged)', 'failed'],
] as const)
  test(`a resource with ${JSON.stringify(change)} is shown as ${tone}, "${short}" where there is little room`, () => {
    expect(laneOf(lanes([withResource(steady, 'FAKE2', change)]), 'resource', 'FAKE2')?.spans).toEqual([
      { fromMs: -59, untilMs: 8_000, tone, words, short },
    ]);
  });

for (const [change, tone, words] of [
  [{}, 'up', 'online'],
  [{ online: false }, 'down', 'offline'],
  [{ standby: true }, 'up', 'online, standby'],
  [{ maintenance: true }, 'up', 'online, maintenance'],
  [{ shutdown: true }, 'moving', 'online, shutdown'],
  [{ online: false, pending: true }, 'moving', 'offline, pending'],
  [{ pending: true, unclean: true }, 'failed', 'online, unclean, pending'],
] as const)
  test(`a node with ${JSON.stringify(change)} is shown as ${tone}`, () => {
    expect(laneOf(lanes([withNode(steady, 'lxc2', change)]), 'node', 'lxc2')?.spans).toMatchObject([
      { tone, words, short: words },
    ]);
  });

test('a domain is shown by its process, and as gone without one', () => {
  const gone = at(withMachine(steady, 'lxc2', null), 100.4);
  expect(laneOf(lanes([steady, gone]), 'domain', 'lxc2')?.spans).toEqual([
    { fromMs: -59, untilMs: 100, tone: 'up', words: 'process 8318', short: '8318' },
    { fromMs: 100, untilMs: 8_000, tone: 'down', words: 'gone', short: 'gone' },
  ]);
});

test('a resource that is removed from the configuration is told', () => {
  const without = { ...steady.status, resources: steady.status.resources.filter(({ id }) => id !== 'FAKE2') };
  const removed = at({ ...steady, status: without }, 100);
  expect(laneOf(lanes([steady, removed]), 'resource', 'FAKE2')?.spans[1]).toMatchObject({
    tone: 'down',
    words: 'not configured',
    short: 'not configured',
  });
});

test('instances that are alike are told once, and the worst tone of those that are not counts', () => {
  const like = (...changes: readonly Parameters<typeof withAnother>[2][]): Sample =>
    changes.reduce<Sample>((sample, change) => withAnother(sample, 'FAKE1', change), steady);
  const span = (sample: Sample) => laneOf(lanes([sample]), 'resource', 'FAKE1')?.spans[0];
  expect(span(like({}))).toMatchObject({ tone: 'up', words: 'Started on lxc1', short: 'lxc1' });
  expect(span(like({ role: 'Starting', nodes: ['lxc2'] }))).toMatchObject({ tone: 'moving' });
  expect(span(like({ role: 'Stopped', active: false, nodes: [] }, { role: 'Stopping' }))).toMatchObject({
    tone: 'moving',
  });
  expect(span(like({ role: 'Stopping' }, { failed: true }))).toMatchObject({ tone: 'failed' });
});

test('what stays the same is one span, however many samples show it', () => {
  const spans = laneOf(lanes([steady, at(steady, 100), at(steady, 200)]), 'resource', 'FAKE2')?.spans;
  expect(spans).toEqual([{ fromMs: -59, untilMs: 8_000, tone: 'up', words: 'Started on lxc2', short: 'lxc2' }]);
});

test('a domain of another guest that ends has a lane, and the host and what is no guest have none', () => {
  const other = withMachine(steady, 'stranger', { processId: 4711, stateFiles: [] });
  const ended = at(withMachine(withMachine(other, 'lxc3', null), 'stranger', null), 100);
  const others = lanes([other, ended]).filter(({ group }) => group === 'others');
  expect(others.filter(({ kind }) => kind === 'domain').map(({ name }) => name)).toEqual(['lxc3']);
  expect(others[0]).toMatchObject({ kind: 'domain', name: 'lxc3' });
});

test('everything has one lane: the guest’s own in its group, connections of other guests as such, then what changed, then the rest', () => {
  const changed = at(withResource(steady, 'FAKE4', { role: 'Stopped', active: false, nodes: [] }), 100);
  const all = lanes([steady, changed]).map(({ group, kind, name }) => `${group}: ${kind} ${name}`);
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((each) => each.startsWith('guest'))).toEqual([
    'guest: connection lxc2',
    'guest: domain lxc2',
    'guest: node lxc2',
    'guest: resource container2',
    'guest: resource FAKE2',
    'guest: resource FAKE5',
  ]);
  const others = all.filter((each) => each.startsWith('others'));
  expect(others[0]).toBe('others: resource FAKE4');
  expect([...others].sort()).toEqual([
    'others: connection lxc1',
    'others: connection lxc3',
    'others: resource FAKE1',
    'others: resource FAKE3',
    'others: resource FAKE4',
    'others: resource container1',
    'others: resource container3',
  ]);
});

test('a host has no domain, also if the machine shows it and then no more', () => {
  const shown = withMachine(steady, 'example-host', { processId: 1, stateFiles: [] });
  const gone = at(withMachine(steady, 'example-host', null), 100);
  expect(laneOf(lanes([shown, gone]), 'domain', 'example-host')).toBeUndefined();
});

test('every lane has spans, also where the host does not show the guest’s domain', () => {
  const unseen = withMachine(steady, guest.name, null);
  expect(lanes([unseen]).filter(({ spans }) => spans.length === 0)).toEqual([]);
  expect(lanes([unseen])).toHaveLength(lanes([steady]).length - 1);
});
