import { expect, test } from '@playwright/test';
import { logEvents, loggedPhases, tellingPhrases } from '../../../fixtures/observer/log-events.ts';
import type { LogLine } from '../../../lab/observation/pacemaker-log.ts';

const lines = (...texts: readonly string[]): readonly LogLine[] =>
  texts.map((text, at) => ({ atMs: 1_000 + at, daemon: 'pacemaker-controld', text }));

/** Lines that one drill left, in Pacemaker 3.0.0's words. */
const drill = lines(
  'Lost connection to Pacemaker Remote node lxc1',
  'Result of monitor operation for lxc1 on example-host: Error (Lost connection to remote executor) | graph action unconfirmed; call=7 key=lxc1_monitor_30000',
  'State transition S_IDLE -> S_POLICY_ENGINE | input=I_PE_CALC cause=C_FSA_INTERNAL',
  "Actions: Fence (reboot) lxc1 (resource: container1) 'guest is unclean'",
  'Actions: Recover    container1     ( example-host )',
  "Actions: Fence (reboot) lxc1 (resource: container1) 'guest is unclean'",
  'Actions: Recover    container1     ( example-host )',
  'Result of stop operation for lxc1 on example-host: OK | graph action confirmed; call=10 key=lxc1_stop_0 rc=0',
  'Result of stop operation for container1 on example-host: OK | graph action confirmed; call=45',
  'Result of start operation for container1 on example-host: OK | graph action confirmed; call=46',
  'Result of monitor operation for container1 on example-host: OK | graph action unconfirmed; call=46',
  'Node lxc1 state is now member | nodeid=0 previous=lost source=remote_node_up',
  'Result of start operation for lxc1 on example-host: OK | graph action confirmed; call=11',
  'Result of probe operation for FAKE2 on lxc1: Not running | graph action confirmed; call=9',
  'State transition S_TRANSITION_ENGINE -> S_IDLE | input=I_TE_SUCCESS cause=C_FSA_INTERNAL',
);

test('what tells something of a recovery is picked, and what is said again is told once', () => {
  expect(logEvents(drill).map(({ about, name, words }) => [about, name, words])).toEqual([
    ['resource', 'lxc1', 'connection lost'],
    ['resource', 'lxc1', 'monitor: error'],
    ['node', 'lxc1', 'scheduled: fence'],
    ['resource', 'container1', 'scheduled: recover'],
    ['resource', 'lxc1', 'stop: ok'],
    ['resource', 'container1', 'stop: ok'],
    ['resource', 'container1', 'start: ok'],
    ['node', 'lxc1', 'now member'],
    ['resource', 'lxc1', 'start: ok'],
    ['cluster', '', 'idle'],
  ]);
});

test('every line that tells something holds one of the phrases by which the host picks them', () => {
  const silent = drill.filter(({ text }) => !tellingPhrases.some((phrase) => text.includes(phrase)));
  expect(silent).toEqual([]);
});

for (const [release, text] of [
  ['2.0', 'Result of start operation for FAKE1 on lxc1: 0 (ok)'],
  ['2.1', 'Result of start operation for FAKE1 on lxc1: ok'],
  ['3.0', 'Result of start operation for FAKE1 on lxc1: OK | graph action confirmed; call=11'],
] as const)
  test(`the result of an operation is read in the words of Pacemaker ${release}`, () => {
    expect(logEvents(lines(text))).toEqual([{ atMs: 1_000, about: 'resource', name: 'FAKE1', words: 'start: ok' }]);
  });

test('the phases are read off it, the recovery from the idle cluster after the connection', () => {
  const events = logEvents([...lines('State transition S_PENDING -> S_IDLE'), ...drill]);
  expect(loggedPhases(events, { name: 'lxc1', resource: 'container1' })).toEqual({
    detected: 1_000,
    stopped: 1_008,
    restarted: 1_009,
    reconnected: 1_012,
    recovered: 1_014,
  });
});

test('phases that the log does not tell are left out', () => {
  expect(loggedPhases(logEvents(drill), { name: 'lxc3', resource: 'container3' })).toEqual({});
  expect(loggedPhases(logEvents(drill.slice(0, 9)), { name: 'lxc1', resource: 'container1' })).toEqual({
    detected: 1_000,
    stopped: 1_008,
  });
});
