import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { historyBefore, historyResults, historyRuns } from '../../../reporters/allure/history.ts';

const run = (uuid: string, startMs: number, tests = 1): string => {
  const results = [...Array(tests).keys()].map(
    (at) =>
      [
        `id${at}`,
        { name: `drill ${at}`, start: startMs, status: 'passed', labels: [{ name: 'tag', value: 'a' }], trace: 'at …' },
      ] as const,
  );
  return `${JSON.stringify({ uuid, metrics: { a: 1 }, testResults: Object.fromEntries(results) })}\n`;
};

/** Writes a history and the results of a run that began at 5 s; returns what is the history before that. */
const before = (testInfo: TestInfo, history: string): { readonly uuid: string }[] => {
  const folder = testInfo.outputPath('allure-results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'a-result.json'), JSON.stringify({ name: 'drill 0', start: 5_000 }));
  const file = testInfo.outputPath('history.jsonl');
  writeFileSync(file, history);
  return historyBefore(file, folder)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly uuid: string });
};
const names = (runs: { readonly uuid: string }[]): string[] => runs.map(({ uuid }) => uuid);

test('a run that is in the history already is left out, as is a line that was cut off', ({}, testInfo) => {
  const history = `${run('first', 1_000)}${run('this one', 5_000)}{"uuid":"cut of\n${run('third', 6_000)}`;
  expect(names(before(testInfo, history))).toEqual(['first', 'third']);
});

test('of a run that is over the labels and traces are not kept, all else is', ({}, testInfo) => {
  expect(before(testInfo, run('first', 1_000))).toEqual([
    { uuid: 'first', metrics: { a: 1 }, testResults: { id0: { name: 'drill 0', start: 1_000, status: 'passed' } } },
  ]);
});

test('the newest runs are kept, as many as a report can hold', ({}, testInfo) => {
  const runs = [...Array(historyRuns + 5).keys()].map((at) => run(`${at}`, at));
  expect(names(before(testInfo, runs.join('')))).toHaveLength(historyRuns);
  expect(names(before(testInfo, runs.join(''))).at(-1)).toBe(`${historyRuns + 4}`);
  const large = ['a', 'b', 'c'].map((name, at) => run(name, at, historyResults / 2));
  expect(names(before(testInfo, large.join('')))).toEqual(['b', 'c']);
});

test('without a history there is none', ({}, testInfo) => {
  expect(historyBefore(testInfo.outputPath('none.jsonl'), testInfo.outputPath('none'))).toBe('');
});
