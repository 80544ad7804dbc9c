import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { isForgotten } from '../../../fixtures/findings/forgotten-fencing.ts';
import { readLogLines, type LogLine } from '../../../lab/observation/pacemaker-log.ts';

/** What Pacemaker 3.0.0 logged when it forgot to restart lxc1. */
const recorded = readLogLines(
  readFileSync(new URL('../../recorded/logs/forgotten-fencing.log', import.meta.url), 'utf8'),
  Date.UTC(2026, 10, 22),
);
const lxc1 = { name: 'lxc1', resource: 'container1' };
const at = (phrase: string): number => recorded.findIndex(({ text }) => text.includes(phrase));
const without = (phrase: string) => recorded.filter(({ text }) => !text.includes(phrase));

test('a restart that was decided, aborted by the record of the failure, and not planned again is told as forgotten', () => {
  expect(isForgotten(recorded, lxc1)).toBe(true);
});

test('a log without milliseconds tells of it too', () => {
  const log = readFileSync(new URL('../../recorded/logs/forgotten-fencing-2.0.5.log', import.meta.url), 'utf8');
  expect(isForgotten(readLogLines(log, Date.UTC(2026, 10, 22), 'seconds'), lxc1)).toBe(true);
  expect(readLogLines(log, Date.UTC(2026, 10, 22))).toEqual([]);
});

test('a guest whose resource was stopped before its connection was started again was not forgotten', () => {
  const start = at('start operation for lxc1');
  const stop: LogLine = {
    atMs: 0,
    daemon: 'pacemaker-controld',
    text: 'Requesting local execution of stop operation for container1 on example-host',
  };
  expect(isForgotten(recorded.toSpliced(start, 0, stop), lxc1)).toBe(false);
  expect(isForgotten(recorded.toSpliced(start + 1, 0, stop), lxc1)).toBe(true);
});

for (const [what, phrase] of [
  ['no decision to restart it', 'Actions: Fence'],
  ['no abort', 'aborted by status'],
  ['no start of its connection', 'start operation for lxc1'],
] as const)
  test(`a log with ${what} tells of nothing forgotten`, () => {
    expect(isForgotten(without(phrase), lxc1)).toBe(false);
  });

test('what was forgotten of one guest says nothing of another', () => {
  expect(isForgotten(recorded, { name: 'lxc2', resource: 'container2' })).toBe(false);
  expect(isForgotten(recorded, { name: 'lxc', resource: 'container' })).toBe(false);
});
