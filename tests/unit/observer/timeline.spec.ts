import { expect, test } from '@playwright/test';
import { buildTimeline, renderTimeline } from '../../../fixtures/observer/timeline.ts';
import type { Timeline } from '../../../fixtures/observer/timeline.ts';
import { recordedDrill } from '../observation/recorded.ts';
import { at, drillSamples, steady, withAnother, withMachine, withNode, withResource } from './drill-samples.ts';

const startMs = recordedDrill.injectedAtMs;
const timeline = buildTimeline(drillSamples, { startMs });

/** The states that a subject went through, from the first on. */
function course(changes: Timeline, kind: string, id: string): string[] {
  const own = changes.filter(({ subject }) => subject.kind === kind && subject.id === id);
  return [...own.slice(0, 1).map(({ from }) => from), ...own.map(({ to }) => to)];
}

for (const [kind, id, states] of [
  ['node', 'lxc2', ['online', 'offline', 'online']],
  ['domain', 'lxc2', ['process 8318', 'gone', 'process 17647']],
  ['state file', 'FAKE2', ['on lxc2', 'nowhere', 'on lxc2']],
  [
    'resource',
    'FAKE2',
    ['Started on lxc2', 'Stopped', 'Starting on lxc2', 'Started on lxc2 (monitoring)', 'Started on lxc2'],
  ],
  ['failed action', 'lxc2_monitor_30000 on example-host (call 8 at 2026-11-21 22:09:52Z)', ['recorded', 'cleared']],
  [
    'failed action',
    'lxc2_monitor_30000 on example-host (call 15 at 2026-11-21 22:16:09Z)',
    ['not recorded', 'recorded'],
  ],
  ['node', 'lxc1', []],
  ['dc', 'example-host', []],
] satisfies [string, string, string[]][])
  test(`follows ${kind} ${id} through the recorded drill`, () => {
    expect(course(timeline, kind, id)).toEqual(states);
  });

test('stamps a change with the sample that shows it first, on the clock of the host and since the start', () => {
  const gone = timeline.find(({ subject, to }) => subject.kind === 'domain' && to === 'gone');
  expect(gone?.atMs).toBe(1795299369408.543);
  expect(gone?.sinceMs).toBeCloseTo(145.559, 3);
});

for (const [what, sample, kind, id, to] of [
  ['an unclean node', withNode(steady, 'lxc2', { online: false, unclean: true }), 'node', 'lxc2', 'offline, unclean'],
  [
    'a failed resource',
    withResource(steady, 'FAKE2', { failed: true }),
    'resource',
    'FAKE2',
    'Started on lxc2 (failed)',
  ],
  [
    'a resource that nobody manages',
    withResource(steady, 'FAKE2', { managed: false }),
    'resource',
    'FAKE2',
    'Started on lxc2 (unmanaged)',
  ],
  [
    'a role under way',
    withResource(steady, 'FAKE2', { role: 'Stopping', pendingOperation: 'Stopping' }),
    'resource',
    'FAKE2',
    'Stopping on lxc2',
  ],
  [
    'one more instance',
    withAnother(steady, 'FAKE2', { nodes: ['lxc1'] }),
    'resource',
    'FAKE2',
    'Started on lxc1; Started on lxc2',
  ],
  ['a lost DC', { ...steady, status: { ...steady.status, dc: null } }, 'dc', 'example-host', 'none'],
  [
    'a second state file',
    withMachine(steady, 'lxc3', { processId: 9913, stateFiles: ['FAKE3', 'FAKE2'] }),
    'state file',
    'FAKE2',
    'on lxc2 and lxc3',
  ],
] as const)
  test(`tells ${what} in a few words`, () => {
    const changes = buildTimeline([at(steady, 0), at(sample, 100)], { startMs });
    expect(changes.filter(({ subject }) => subject.kind === kind && subject.id === id)).toMatchObject([
      { to, sinceMs: 100 },
    ]);
  });

test('is empty where nothing changed', () => {
  expect(renderTimeline(buildTimeline([steady, at(steady, 100)], { startMs }))).toBe('nothing changed\n');
  expect(buildTimeline([], { startMs })).toEqual([]);
});

test('is rendered in aligned columns, each moment once', () => {
  const lines = renderTimeline(timeline).trimEnd().split('\n');
  expect(lines).toHaveLength(timeline.length);
  expect(new Set(lines.map((line) => line.indexOf(' → '))).size).toBe(1);
  expect(lines.filter((line) => line.includes('+0.146 s'))).toHaveLength(1);
  expect(lines.some((line) => /^\+4\.656 s {2}node lxc2 +offline +→ online$/.test(line))).toBe(true);
});
