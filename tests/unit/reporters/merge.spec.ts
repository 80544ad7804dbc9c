import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { packEvidence } from '../../../reporters/evidence-folder.ts';
import { inlineProject, recordOf } from './inline-run.ts';
import { drawnPicture } from './picture/picture-samples.ts';
import { asRecorded, recordedSteps } from './recorded-drills.ts';

const attach = `await testInfo.attach('timeline picture', { body: ${JSON.stringify(JSON.stringify(drawnPicture()))}, contentType: 'application/json' });`;
const good = `test('good', async ({ drill }, testInfo) => { ${asRecorded()} ${recordedSteps()} ${attach} });`;
const others = `
  test('lost', async ({ drill }) => { throw new LabError('no host'); });
  test.fail('known', { annotation: { type: 'known finding', description: 'number 8' } }, async ({ drill }) => {
    drill.verdict = 'failed'; drill.reason = 'twice'; expect(1).toBe(2); });
  test('not here', async ({ drill }) => { test.skip(true, 'no netem'); });
`;

/** Runs the drills of a project in two shards, each as on a machine of its own, and brings their blobs together. */
const runInShards = async (project: ReturnType<typeof inlineProject>): Promise<void> => {
  const together = path.join(project.folder, 'blob-report');
  mkdirSync(together);
  for (const shard of [1, 2]) {
    const own = `shard-${shard}`;
    await project.start([`--shard=${shard}/2`, '--reporter=blob'], { PLAYWRIGHT_BLOB_OUTPUT_DIR: own });
    cpSync(path.join(project.folder, own), together, { recursive: true });
  }
};

/** What a step of Allure's results is called and how long it took, as far as drills make them. */
const stepsIn = (folder: string): string[] => {
  interface Step {
    name: string;
    start: number;
    stop: number;
    steps: Step[];
  }
  const allure = path.join(folder, 'results/allure-results');
  const flat = (step: Step): string[] => [
    ...(/after \d+ ms/.test(step.name) ? [`${step.name}: ${step.stop - step.start}`] : []),
    ...step.steps.flatMap(flat),
  ];
  return readdirSync(allure)
    .filter((name) => name.endsWith('-result.json'))
    .flatMap((name) => flat(JSON.parse(readFileSync(path.join(allure, name), 'utf8')) as Step))
    .sort();
};

test('two shards merge into the results and the report of one run', async ({}, testInfo) => {
  const options = { reporters: 'as configured' } as const;
  const project = inlineProject(testInfo, `${good}${others}`, options);
  await project.start();
  const single = project.document();
  const steps = stepsIn(project.folder);
  const environment = project.text('results/allure-results/environment.properties');
  const cases = (): string[] =>
    project
      .text('results/junit.xml')
      .match(/<testcase name="[^"]*"/g)
      ?.sort() ?? [];
  const singleCases = cases();

  await runInShards(project);
  const merged = await project.command('merge');
  expect(merged.exitCode).toBe(1);
  expect(merged.stdout).toContain('1 passed, 1 failed (1 known), 1 inconclusive, 1 skipped');
  const document = project.document();
  expect(document.errors).toEqual([]);
  const untimed = (title: string) => ({ ...recordOf(document, title), durationMs: 0 });
  for (const { title } of single.drills) expect(untimed(title)).toEqual({ ...recordOf(single, title), durationMs: 0 });
  expect(document.drills).toHaveLength(4);
  expect(steps).toHaveLength(5);
  expect(stepsIn(project.folder)).toEqual(steps);
  expect(project.text('results/allure-results/environment.properties')).toBe(environment);
  expect(cases()).toEqual(singleCases);
  expect(project.text(`results/${recordOf(document, 'good').picture ?? ''}`)).toContain('<title>good: passed</title>');
  expect(project.text('results/summary.md')).toMatch(/^# Drills: 1 passed, 1 failed \(1 known\), 1 inconclusive/);
  expect((await project.command('report')).exitCode).toBe(0);
});

test('where a shard ran, its evidence stays, and that of an earlier run goes', async ({}, testInfo) => {
  const kept = 'evidence/guest-spec-ts-lost';
  const lost = `test('lost', async ({ drill }) => { drill.evidence = '${kept}'; drill.verdict = 'failed'; expect(1).toBe(2); });`;
  const project = inlineProject(testInfo, `${good}${lost}`, { reporters: 'as configured' });
  await runInShards(project);
  for (const folder of [kept, 'evidence/guest-spec-ts-gone', 'report'])
    mkdirSync(path.join(project.folder, 'results', folder), { recursive: true });
  await project.command('merge');
  expect(recordOf(project.document(), 'lost').evidence).toBe(kept);
  expect(readdirSync(path.join(project.folder, 'results/evidence'))).toEqual(['guest-spec-ts-lost']);
  expect(readdirSync(path.join(project.folder, 'results'))).not.toContain('report');
});

test('the evidence of a shard comes with its blob, and not into the report', async ({}, testInfo) => {
  const named = 'evidence/guest-spec-ts-lost';
  const files = { 'README.md': Buffer.from('# lost'), 'lxc1/journal.log': Buffer.from('a line') };
  const packed = (await packEvidence(files)).toString('base64');
  const lost = `test('lost', async ({ drill }, testInfo) => {
    drill.evidence = '${named}'; drill.verdict = 'failed';
    await testInfo.attach('evidence', { body: Buffer.from('${packed}', 'base64'), contentType: 'application/gzip' });
    expect(1).toBe(2); });`;
  const project = inlineProject(testInfo, `${good}${lost}`, { reporters: 'as configured' });
  await runInShards(project);
  await project.command('merge');
  expect(project.document().errors).toEqual([]);
  expect(project.text(`results/${named}/README.md`)).toBe('# lost');
  expect(project.text(`results/${named}/lxc1/journal.log`)).toBe('a line');
  const allure = path.join(project.folder, 'results/allure-results');
  const results = readdirSync(allure).filter((name) => name.endsWith('-result.json'));
  const texts = results.map((name) => readFileSync(path.join(allure, name), 'utf8'));
  expect(texts.map((text) => text.includes('"name":"evidence"'))).toEqual([false, false]);
  expect(readdirSync(allure).filter((name) => name.endsWith('gz'))).toEqual([]);
});

test('evidence that leads out of its folder is not unpacked, which is told', async ({}, testInfo) => {
  const packed = (await packEvidence({ '../../../out.txt': Buffer.from('out') })).toString('base64');
  const lost = `test('lost', async ({ drill }, testInfo) => {
    drill.evidence = 'evidence/lost';
    await testInfo.attach('evidence', { body: Buffer.from('${packed}', 'base64'), contentType: 'application/gzip' }); });`;
  const project = inlineProject(testInfo, lost, { reporters: 'as configured' });
  await runInShards(project);
  expect((await project.command('merge')).exitCode).toBe(1);
  expect(project.document().errors).toMatchObject([
    expect.stringMatching(/^The evidence of "lost" could not be unpacked: .*out\.txt is not below .*evidence\/lost/),
  ]);
  expect(readdirSync(project.folder)).not.toContain('out.txt');
});

test('shards in which all went as it should merge with 0', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `${good}test('too', async ({ drill }) => {});`, {
    reporters: 'as configured',
  });
  await runInShards(project);
  const { exitCode, stdout } = await project.command('merge', ['blob-report']);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('2 passed, 0 failed');
  expect(exitCode).toBe(0);
});

test('without blobs it says what to bring', async ({}, testInfo) => {
  const project = inlineProject(testInfo, good);
  const { exitCode, stderr } = await project.command('merge');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^UsageError: There are no blob reports in blob-report\.\nNext: bring those of all shards/);
});
