import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';

const project = path.resolve(import.meta.dirname, '../../..');

const report = (folder: string) =>
  execa(process.execPath, ['--import', import.meta.resolve('tsx'), path.join(project, 'reporters/report.ts')], {
    cwd: folder,
    reject: false,
  });

/** Reads the parts of a report in a single file, which Allure embeds as `d("name", "base64")`. */
const partOf = (html: string, name: string): string =>
  Buffer.from(new RegExp(`d\\("${name}",\\s*"([^"]*)"\\)`).exec(html)?.[1] ?? '', 'base64').toString();

test('the report tells broken promises, inconclusive and skipped drills apart, and calls nobody', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  mkdirSync(path.join(folder, 'results/allure-results'), { recursive: true });
  const results = [
    { name: 'good', status: 'passed' },
    { name: 'bad', status: 'failed', statusDetails: { message: 'Error: FAKE1 ran twice' } },
    { name: 'lost', status: 'failed', statusDetails: { message: 'TransportError: no answer' } },
    { name: 'slow', status: 'broken', statusDetails: { message: 'Test timeout of 9ms exceeded.' } },
    { name: 'interrupted', status: 'failed' },
    { name: 'elsewhere', status: 'skipped', statusDetails: { message: 'no netem' } },
  ];
  for (const { name, ...rest } of results) {
    const result = { uuid: name, historyId: name, name, stage: 'finished', start: 1_000, stop: 2_000, ...rest };
    writeFileSync(path.join(folder, `results/allure-results/${name}-result.json`), JSON.stringify(result));
  }
  const { exitCode, stdout } = await report(folder);
  expect(exitCode).toBe(0);
  expect(stdout).toBe('Report: results/report/index.html');
  const html = readFileSync(path.join(folder, 'results/report/index.html'), 'utf8');
  const { nodes } = JSON.parse(partOf(html, 'widgets/categories.json')) as {
    nodes: Record<string, { type: string; name: string; statistic: { total: number } }>;
  };
  const categories = Object.values(nodes).filter(({ type }) => type === 'category');
  expect(Object.fromEntries(categories.map(({ name, statistic }) => [name, statistic.total]))).toEqual({
    'Pacemaker broke a promise': 1,
    'Inconclusive: lab trouble, or the fault is not proven': 3,
    Skipped: 1,
  });
  expect(html).not.toMatch(/googletagmanager|gtag/);
  expect(readFileSync(path.join(folder, 'results/history.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
});

test('without results it says what to run', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  mkdirSync(folder, { recursive: true });
  const { exitCode, stderr } = await report(folder);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /^UsageError: There are no results in results\/allure-results yet\.\nNext: npx playwright test/,
  );
});
