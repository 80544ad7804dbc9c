import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { serveFile } from '../../../reporters/serve-file.ts';
import { inlineProject, interruptAt } from './inline-run.ts';
import { asRecorded, recordedSteps } from './recorded-drills.ts';

const project = path.resolve(import.meta.dirname, '../../..');

const report = (folder: string) =>
  execa(process.execPath, ['--import', import.meta.resolve('tsx'), path.join(project, 'reporters/report.ts')], {
    cwd: folder,
    reject: false,
  });

/** Reads the parts of a report in a single file, which Allure embeds as `d("name", "base64")`. */
const partOf = (html: string, name: string): string =>
  Buffer.from(new RegExp(`d\\("${name}",\\s*"([^"]*)"\\)`).exec(html)?.[1] ?? '', 'base64').toString();

test('the report tells broken promises, known findings, inconclusive and skipped drills apart, and calls nobody', async ({}, testInfo) => {
  const folder = testInfo.outputPath('project');
  mkdirSync(path.join(folder, 'results/allure-results'), { recursive: true });
  const results = [
    { name: 'good', status: 'passed' },
    { name: 'bad', status: 'failed', statusDetails: { message: 'Error: FAKE1 ran twice' } },
    { name: 'lost', status: 'failed', statusDetails: { message: 'TransportError: no answer' } },
    { name: 'slow', status: 'broken', statusDetails: { message: 'Test timeout of 9ms exceeded.' } },
    { name: 'interrupted', status: 'failed' },
    { name: 'elsewhere', status: 'skipped', statusDetails: { message: 'no netem' } },
    {
      name: 'known',
      status: 'failed',
      statusDetails: { message: 'Known finding: number 8' },
      labels: [{ name: 'known finding', value: 'number 8' }],
    },
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
    'Known findings': 1,
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

const drill = `test('good', async ({ drill }) => { ${asRecorded()} ${recordedSteps()} });`;

test('the report shows what the lab was, and the phases as metrics; made again it does not count twice', async ({}, testInfo) => {
  const project = inlineProject(testInfo, drill, { reporters: 'as configured' });
  await project.start();
  for (const _twice of [1, 2]) expect((await project.command('report')).exitCode).toBe(0);
  expect(project.text('results/history.jsonl').trimEnd().split('\n')).toHaveLength(1);
  await project.start();
  expect((await project.command('report')).exitCode).toBe(0);
  expect(project.text('results/history.jsonl').trimEnd().split('\n')).toHaveLength(2);

  const html = project.text('results/report/index.html');
  const environment = JSON.parse(partOf(html, 'widgets/allure_environment.json')) as unknown;
  expect(environment).toContainEqual(expect.objectContaining({ name: 'resource-agents', values: ['1:4.16.0-3'] }));
  const metrics = JSON.parse(partOf(html, 'widgets/metrics.json')) as { current: unknown[]; history: unknown[] };
  expect(metrics.current).toContainEqual(
    expect.objectContaining({ key: 'pacemaker-remoted-killed.lxc.recovered', value: 7_639, unit: 'ms' }),
  );
  expect(metrics.history).toHaveLength(1);
});

test('the history can lie elsewhere, by a flag or a variable', async ({}, testInfo) => {
  const project = inlineProject(testInfo, drill, { reporters: 'as configured' });
  await project.start();
  await project.command('report', ['--history', 'kept/by-flag.jsonl']);
  await project.command('report', [], { DRILLS_HISTORY: 'kept/by-variable.jsonl' });
  for (const name of ['flag', 'variable'])
    expect(project.text(`kept/by-${name}.jsonl`)).toContain('"pacemaker-remoted-killed.lxc.recovered":7639');
});

test('the gate lets a run pass that is as quick as the one before, and none that is late or slower', async ({}, testInfo) => {
  const project = inlineProject(testInfo, drill, { reporters: 'as configured' });
  await project.start();
  await project.command('report');
  const passed = await project.command('gate');
  expect(passed).toMatchObject({ exitCode: 0, stdout: 'The gate is passed: 5 rules hold.' });

  const history = path.join(project.folder, 'before.jsonl');
  const recovery = '"pacemaker-remoted-killed.lxc.recovery":';
  const quicker = project.text('results/history.jsonl').replace(`${recovery}7613`, `${recovery}2000`);
  writeFileSync(history, quicker.replaceAll(/"start":\d+/g, '"start":1'));
  const slower = await project.command('gate', ['--history', 'before.jsonl']);
  expect(slower.exitCode).toBe(1);
  expect(slower.stderr).toMatch(
    /lxc: recovered since detected 7613 ms exceeds the allowed maximum 7000 ms .*usually 2000 ms/,
  );
  expect((await project.command('gate', ['--history', 'before.jsonl', '--slower', '300'])).exitCode).toBe(0);

  const file = path.join(project.folder, 'results/allure-results/drills-perf.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"budgetMs":10000', '"budgetMs":2000'));
  const late = await project.command('gate');
  expect(late.exitCode).toBe(1);
  expect(late.stderr).toMatch(/pacemaker-remoted-killed, lxc: stopped 2229 ms exceeds the allowed maximum 2000 ms/);
});

test('a gate that has nothing to look at is not passed', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('none', async ({ drill }) => {});`, { reporters: 'as configured' });
  await project.start();
  const { exitCode, stdout } = await project.command('gate');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^The gate has nothing to look at/);
});

test('the report is served to this machine alone, and nothing but it', async ({}, testInfo) => {
  const file = testInfo.outputPath('index.html');
  writeFileSync(file, '<title>it</title>');
  const { server, url } = await serveFile(file);
  try {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(server.address()).toMatchObject({ address: '127.0.0.1' });
    expect(await (await fetch(`${url}?a=1`)).text()).toBe('<title>it</title>');
    expect((await fetch(`${url}etc/passwd`)).status).toBe(404);
  } finally {
    server.close();
  }
});

test('served with --open it stays until Ctrl-C', async ({}, testInfo) => {
  const project = inlineProject(testInfo, drill, { reporters: 'as configured' });
  await project.start();
  const { stdout, exitCode } = await interruptAt(project.command('report', ['--open'], { PATH: '' }), 'until Ctrl-C');
  expect(stdout).toMatch(/^Serving it on http:\/\/127\.0\.0\.1:\d+\/ until Ctrl-C\.$/m);
  expect(exitCode).toBe(130);
});
