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
