import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Metric } from '../../../reporters/allure/metrics.ts';
import { inlineProject } from './inline-run.ts';
import { asRecorded, recordedSteps } from './recorded-drills.ts';

interface Step {
  readonly name: string;
  readonly status: string;
  readonly start: number;
  readonly stop: number;
  readonly steps: readonly Step[];
}
interface Result extends Step {
  readonly statusDetails: { readonly message?: string; readonly known?: boolean };
  readonly labels: readonly { readonly name: string; readonly value: string }[];
}

/** Reads Allure's results in a project, by the names of the drills. */
const resultsIn = (folder: string): ReadonlyMap<string, Result> => {
  const allure = path.join(folder, 'results/allure-results');
  const files = readdirSync(allure).filter((name) => name.endsWith('-result.json'));
  const results = files.map((name) => JSON.parse(readFileSync(path.join(allure, name), 'utf8')) as Result);
  return new Map(results.map((result) => [result.name, result]));
};

const flat = (step: Step): readonly Step[] => [step, ...step.steps.flatMap(flat)];

const spec = `
  test('good', async ({ drill }) => { ${asRecorded()} ${recordedSteps()} expect.soft('a').toContain('a'); });
  test('bad', async ({ drill }) => { drill.verdict = 'failed'; drill.reason = 'too slow'; });
  test('lost', async ({ drill }) => { throw new LabError('no host'); });
  test('not here', async ({ drill }) => { test.skip(true, 'no netem'); });
  test.fail('known', { annotation: { type: 'known finding', description: 'number 8' } }, async ({ drill }) => {
    drill.verdict = 'failed'; drill.reason = 'twice'; expect(1, 'it ran twice').toBe(2); });
`;

test('Allure’s results say what the drills’ records say, in their words, with the time it took', async ({}, testInfo) => {
  const project = inlineProject(testInfo, spec, { reporters: 'as configured' });
  await project.start();
  const results = resultsIn(project.folder);
  expect(Object.fromEntries([...results].map(([name, { status }]) => [name, status]))).toEqual({
    good: 'passed',
    bad: 'failed',
    lost: 'broken',
    'not here': 'skipped',
    known: 'failed',
  });
  expect(results.get('bad')?.statusDetails.message).toBe('too slow');
  const known = results.get('known');
  expect(known?.statusDetails).toMatchObject({ known: true });
  expect(known?.statusDetails.message).toMatch(/^Known finding: number 8\nError: it ran twice\n/);
  expect(known?.labels).toContainEqual({ name: 'known finding', value: 'number 8' });
  expect(known?.steps.map(({ name }) => name)).not.toContain('fail: undefined');

  const steps = [...results.values()].filter(({ name }) => name === 'good').flatMap(flat);
  const tookMs = (name: string): number[] =>
    steps.filter((step) => step.name === name).map(({ start, stop }) => stop - start);
  expect(tookMs('detected after 26 ms (2000 ms allowed)')).toEqual([26]);
  expect(tookMs('stopped after 2229 ms (10000 ms allowed)')).toEqual([2_203]);
  expect(tookMs('recovered after 7639 ms (46660 ms allowed)')).toEqual([2_008]);
  expect(tookMs('expected to contain')).toHaveLength(1);
});

test('of Playwright’s own plumbing Allure’s results keep what the drill did', async ({}, testInfo) => {
  const drills = `
    const staged = test.extend<{ stage: void }>({ stage: async ({}, use) => {
      await test.step('prepare the lab', () => {}); await use(); await test.step('reset the lab', () => {}); } });
    staged('good', async ({ stage, drill }) => {});
    const unstaged = test.extend<{ stage: void }>({ stage: async ({}, use) => { throw new LabError('no host'); } });
    unstaged('lost', async ({ stage, drill }) => {});
    test('not here', async ({ drill }) => { await test.step('kill it', () => { test.skip(true, 'no netem'); }); });
    test('late', async ({ drill }) => { throw new Error('ExpectationError: too late'); });`;
  const project = inlineProject(testInfo, drills, { reporters: 'as configured' });
  await project.start();
  const results = resultsIn(project.folder);
  const stepsOf = (name: string) => results.get(name)?.steps ?? [];
  const outline = (steps: readonly Step[]): unknown[] => steps.map(({ name, steps: below }) => [name, outline(below)]);
  expect(outline(stepsOf('good'))).toMatchObject([
    ['before the drill', [['prepare the lab', []]]],
    [
      'after the drill',
      [
        ['drill-record', []],
        ['reset the lab', []],
      ],
    ],
  ]);
  expect(outline(stepsOf('lost'))).toContainEqual(['before the drill', [['Fixture "stage"', []]]]);
  expect(stepsOf('not here').map(({ name, status }) => [name, status])).toContainEqual(['kill it', 'skipped']);
  expect(results.get('late')?.statusDetails.message).toMatch(/^ExpectationError: too late/);
});

test('the environment and the metrics lie beside them', async ({}, testInfo) => {
  const project = inlineProject(testInfo, spec, { reporters: 'as configured' });
  await project.start();
  expect(project.text('results/allure-results/environment.properties').split('\n')).toEqual([
    'pacemaker = 3.0.0',
    'corosync = 3.1.9',
    'libvirt = 11.3.0',
    'resource-agents = 1:4.16.0-3',
    'host\\ kind = container',
    'os = Debian GNU/Linux 13 (trixie)',
    'kernel = 6.1.0',
    'plan = lxc',
    '',
  ]);
  const metrics = JSON.parse(project.text('results/allure-results/drills-perf.json')) as Metric[];
  expect(metrics.map(({ key, value, budgetMs }) => [key, value, budgetMs])).toEqual([
    ['pacemaker-remoted-killed.lxc.detected', 26, 2_000],
    ['pacemaker-remoted-killed.lxc.stopped', 2_229, 10_000],
    ['pacemaker-remoted-killed.lxc.restarted', 2_854, 15_000],
    ['pacemaker-remoted-killed.lxc.reconnected', 5_631, 31_660],
    ['pacemaker-remoted-killed.lxc.recovered', 7_639, 46_660],
    ['pacemaker-remoted-killed.lxc.recovery', 7_613, null],
  ]);
});
