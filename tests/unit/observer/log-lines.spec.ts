import { expect, test } from '@playwright/test';
import { logEvents, loggedPhases, type LogEvent } from '../../../fixtures/observer/log-events.ts';
import type { LogLine } from '../../../lab/observation/pacemaker-log.ts';

const lines = (...texts: readonly string[]): readonly LogLine[] =>
  texts.map((text, at) => ({ atMs: 1_000 + at, daemon: 'pacemaker-controld', text }));
const told = (...texts: readonly string[]) =>
  logEvents(lines(...texts)).map(({ about, name, words }) => [about, name, words]);

for (const [text, ...event] of [
  ['Lost connection to Pacemaker Remote node lxc1', 'resource', 'lxc1', 'connection lost'],
  ['Node lxc1 state is now lost | nodeid=0 previous=member', 'node', 'lxc1', 'now lost'],
  ["Actions: Fence (off) lxc1 (resource: container1) 'guest is unclean'", 'node', 'lxc1', 'scheduled: fence'],
  ['Actions: Move       FAKE1          ( lxc1 -> lxc2 )', 'resource', 'FAKE1', 'scheduled: move'],
  ['Actions: Start      FAKE1          ( lxc1 )', 'resource', 'FAKE1', 'scheduled: start'],
  ['Result of start operation for FAKE1 on lxc1: 1 (error) (no space left)', 'resource', 'FAKE1', 'start: error'],
  ['Result of start operation for FAKE1 on lxc1: Timed Out (it hangs) | rc=1', 'resource', 'FAKE1', 'start: timed out'],
  ['Result of start operation for FAKE1 on lxc1: Not running | rc=7', 'resource', 'FAKE1', 'start: not running'],
  ['Result of stop operation for FAKE1 on lxc1: Cancelled | rc=193', 'resource', 'FAKE1', 'stop: cancelled'],
  ['Result of monitor operation for FAKE1 on lxc1: Timed Out | rc=1', 'resource', 'FAKE1', 'monitor: timed out'],
  ['Result of probe operation for FAKE1 on lxc1: Not installed | rc=5', 'resource', 'FAKE1', 'probe: not installed'],
  ['State transition S_TRANSITION_ENGINE -> S_IDLE | input=I_TE_SUCCESS', 'cluster', '', 'idle'],
] as const)
  test(`"${text}" tells of ${event.join(' ')}`, () => {
    expect(told(text)).toEqual([event]);
  });

for (const text of [
  'Result of probe operation for FAKE1 on lxc1: Not running | rc=7',
  'Result of probe operation for FAKE1 on lxc1: OK | rc=0',
  'Result of monitor operation for FAKE1 on lxc1: ok',
  'Result of monitor operation for FAKE1 on lxc1: Not running | rc=7',
  'Result of monitor operation for FAKE1 on lxc1: Cancelled | rc=193',
  'State transition S_IDLE -> S_POLICY_ENGINE | input=I_PE_CALC',
  'Transition 7 (Complete=3, Pending=0): Complete',
  // Lines that speak of such a line are none.
  'Said: Lost connection to Pacemaker Remote node lxc1',
  'Said: Result of start operation for FAKE1 on lxc1: OK',
  'Said: Node lxc1 state is now lost',
  'Said: Actions: Start      FAKE1          ( lxc1 )',
  'Said: State transition S_TRANSITION_ENGINE -> S_IDLE',
])
  test(`"${text}" tells of nothing`, () => {
    expect(told(text)).toEqual([]);
  });

test('what is scheduled again for the same thing is told once, unless something became of it meanwhile', () => {
  const recover = 'Actions: Recover    lxc1     ( example-host )';
  const fence = "Actions: Fence (reboot) lxc1 (resource: container1) 'guest is unclean'";
  const stopped = 'Result of stop operation for lxc1 on example-host: OK';
  expect(told(recover, fence, recover, fence)).toEqual([
    ['resource', 'lxc1', 'scheduled: recover'],
    ['node', 'lxc1', 'scheduled: fence'],
  ]);
  expect(told(recover, stopped, recover).map(([, , words]) => words)).toEqual([
    'scheduled: recover',
    'stop: ok',
    'scheduled: recover',
  ]);
  expect(told(stopped, stopped), 'what happens twice is told twice').toHaveLength(2);
});

const event = (atMs: number, name: string, words: string): LogEvent => ({ atMs, about: 'resource', name, words });

test('a phase is the first event of the guest that brings it about, and the recovery the first idle after the connection', () => {
  const events = [
    event(1, 'lxc2', 'connection lost'),
    event(2, 'lxc1', 'connection lost'),
    event(3, 'container2', 'stop: ok'),
    event(4, 'container1', 'stop: ok'),
    event(5, 'container1', 'start: ok'),
    event(6, 'lxc1', 'stop: ok'),
    event(7, '', 'idle'),
    event(8, 'lxc1', 'start: ok'),
    event(8, '', 'idle'),
    event(9, 'lxc1', 'start: ok'),
    event(10, '', 'idle'),
  ];
  expect(loggedPhases(events, { name: 'lxc1', resource: 'container1' })).toEqual({
    detected: 2,
    stopped: 4,
    restarted: 5,
    reconnected: 8,
    recovered: 8,
  });
});

test('an idle cluster whose guest was never connected to again has not recovered', () => {
  const events = [event(1, 'lxc1', 'connection lost'), event(2, '', 'idle')];
  expect(loggedPhases(events, { name: 'lxc1', resource: 'container1' })).toEqual({ detected: 1 });
});
