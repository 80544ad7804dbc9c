import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { DrillsDocument } from '../../../reporters/drill-record.ts';
import { inlineProject, interruptAt, recordOf } from './inline-run.ts';

test.describe('a run with drills that end in every way', () => {
  test.describe.configure({ mode: 'default' });
  let document: DrillsDocument;
  let output: string;
  let exitCode: number | undefined;

  test.beforeAll(async ({}, testInfo) => {
    const spec = `
      const broken = test.extend<{ host: void }>({ host: async ({}, use) => { throw new LabError('no host\\nNext: npm run lab doctor'); } });
      const badReset = test.extend<{ reset: void }>({ reset: async ({}, use) => { await use(); throw new LabError('the host is gone'); } });
      const badState = test.extend<{ reset: void }>({ reset: async ({}, use) => { await use(); expect(1, 'steady state after').toBe(2); } });
      const slowHeal = test.extend<{ heal: void }>({ heal: [async ({}, use) => { await use(); await new Promise(() => {}); }, { timeout: 100 }] });
      test.describe('guest failure', () => { test('good', { tag: '@guest-failure' }, async ({ drill }) => {}); });
      test('bad', async ({ drill }) => { drill.verdict = 'failed'; drill.reason = 'FAKE1 ran twice'; expect(2, 'FAKE1 ran twice').toBe(1); });
      test('failed unseen', async ({ drill }) => { expect(2, 'no restart').toBe(1); });
      test('unproven', async ({ drill }) => { drill.verdict = 'inconclusive'; drill.reason = 'FaultError: not proven'; expect(2).toBe(1); });
      broken('no lab', async ({ host, drill }) => {});
      badReset('lost at reset', async ({ reset, drill }) => {});
      badState('unsteady at reset', async ({ reset, drill }) => {});
      slowHeal('slow to heal', async ({ heal, drill }) => {});
      test('hangs', async ({ drill }) => { test.setTimeout(100); await new Promise(() => {}); });
      test('worker dies', async ({ drill }) => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); });
      test('not here', async ({ drill }) => { test.skip(true, 'no netem in this kernel'); });
      test.skip('never here', async ({ drill }) => {});
      test('no record', async () => {});
      test('odd record', async ({ drill }) => { drill.durationMs = 'long'; });
      test('known bug', async ({ drill }) => { test.fail(); });
    `;
    const project = inlineProject(testInfo, spec, { settings: 'workers: 2,' });
    const run = await project.start();
    output = run.stdout;
    exitCode = run.exitCode;
    document = project.document();
  });

  test('keeps the record of a drill that passed, under the same id as the drill gave it', () => {
    const good = recordOf(document, 'good');
    expect(good).toMatchObject({ verdict: 'passed', reason: '', release: '3.0.0', tags: ['@guest-failure'] });
    expect(good.id).toBe('guest.spec.ts › guest failure › good');
    expect(recordOf(document, 'no lab').id).toBe('guest.spec.ts › no lab');
    expect(document.drills).toHaveLength(15);
  });

  test('keeps a failed record, and fails one that says passed where the test failed', () => {
    expect(recordOf(document, 'bad')).toMatchObject({ verdict: 'failed', reason: 'FAKE1 ran twice' });
    expect(recordOf(document, 'failed unseen')).toMatchObject({ verdict: 'failed', reason: 'no restart' });
    expect(exitCode).toBe(1);
  });

  test('keeps an inconclusive record where an expectation failed as well', () => {
    expect(recordOf(document, 'unproven')).toMatchObject({ verdict: 'inconclusive', reason: 'FaultError: not proven' });
  });

  test('takes lab trouble before any record as inconclusive, with the next step', () => {
    expect(recordOf(document, 'no lab')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'LabError: no host\nNext: npm run lab doctor',
      injectedAtMs: null,
      phases: null,
    });
  });

  test('judges a failure after a passed record: lab trouble is inconclusive, anything else failed', () => {
    const lost = recordOf(document, 'lost at reset');
    expect(lost).toMatchObject({ verdict: 'inconclusive', reason: 'LabError: the host is gone' });
    expect(lost.phases?.detected).toBe(40);
    expect(recordOf(document, 'unsteady at reset')).toMatchObject({ verdict: 'failed', reason: 'steady state after' });
  });

  test('takes a timeout or a dead worker as inconclusive', () => {
    expect(recordOf(document, 'hangs')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'Test timeout of 100ms exceeded.',
    });
    expect(recordOf(document, 'slow to heal')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'Fixture "heal" timeout of 100ms exceeded during teardown.',
    });
    expect(recordOf(document, 'worker dies')).toMatchObject({ verdict: 'inconclusive' });
  });

  test('says why a drill was skipped, over a record that says passed', () => {
    expect(recordOf(document, 'not here')).toMatchObject({ verdict: 'skipped', reason: 'no netem in this kernel' });
    expect(recordOf(document, 'never here')).toMatchObject({
      verdict: 'skipped',
      reason: 'The scenario skips it and says no reason.',
    });
  });

  test('does not let a drill pass without a record that can be checked', () => {
    expect(recordOf(document, 'no record')).toMatchObject({ verdict: 'inconclusive' });
    expect(recordOf(document, 'odd record').reason).toMatch(/does not fit the schema: .*durationMs/);
  });

  test('fails a drill that passes though it is expected to fail', () => {
    expect(recordOf(document, 'known bug')).toMatchObject({ verdict: 'failed' });
  });

  test('prints progress, then a table without colour, the reasons and the counts', () => {
    const table = output.slice(output.indexOf('drill  '));
    expect(output).toMatch(/✓ .*good @guest-failure/);
    expect(table).not.toContain('\u001b');
    expect(table).toMatch(/^good +lxc1 +passed +40 +180 +2600 +4300 +– +7000$/m);
    expect(table).toMatch(/^no lab +– +inconclusive +– +– +– +– +– +\d+$/m);
    expect(table).toContain('\ninconclusive: no lab\n  LabError: no host\n  Next: npm run lab doctor\n');
    expect(output.trimEnd().split('\n').at(-1)).toBe('1 passed, 4 failed, 8 inconclusive, 2 skipped');
  });
});

test('a run whose drills all passed ends with 0 and says so', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`);
  const { exitCode, stdout } = await project.start();
  expect(exitCode).toBe(0);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 0 failed');
  expect(project.document()).toMatchObject({ version: 1, errors: [], drills: [{ verdict: 'passed' }] });
});

test('a run fails where a record is worse than what Playwright saw', async ({}, testInfo) => {
  const spec = `test('bad', async ({ drill }) => { drill.verdict = 'failed'; drill.reason = 'too slow'; });`;
  const project = inlineProject(testInfo, spec);
  expect((await project.start()).exitCode).toBe(1);
  expect(project.document().drills).toMatchObject([{ verdict: 'failed', reason: 'too slow' }]);
});

test('a failing global setup is an error outside any drill', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`, {
    settings: `globalSetup: './lab-up.ts',`,
    files: {
      'lab-up.ts': `import { LabError } from './stand-in.ts';
        export default () => { throw new LabError('no engine answers\\nNext: npm run lab doctor'); };`,
    },
  });
  const { exitCode, stdout } = await project.start();
  expect(exitCode).toBe(1);
  expect(project.document()).toMatchObject({
    errors: ['LabError: no engine answers\nNext: npm run lab doctor'],
    drills: [],
  });
  expect(stdout).toContain(
    'outside any drill: LabError: no engine answers\n  Next: npm run lab doctor\n\n0 passed, 0 failed',
  );
});

test('more than three repeats share a line of the table and keep their records', async ({}, testInfo) => {
  const spec = `
    test('often', async ({ drill }, { repeatEachIndex }) => { expect(repeatEachIndex, 'odd one out').not.toBe(3); });
    test('quick', async ({ drill }) => {});`;
  const project = inlineProject(testInfo, spec);
  const { stdout } = await project.start(['--repeat-each=5']);
  const records = project.document().drills.filter(({ title }) => title === 'often');
  expect(records.map(({ repeat }) => repeat).sort()).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(records.map(({ id }) => id)).size).toBe(1);
  expect(stdout).toMatch(/^often +lxc1 +4 of 5 passed +42 \(40–44\) +180 \(180–180\).* +– +7000 \(7000–7000\)$/m);
  expect(stdout).toMatch(/^quick +lxc1 +5 of 5 passed/m);
  expect(stdout).toContain('\n9 passed, 1 failed');
});

test('an interrupted run keeps what ended, what was cut off and what never started', async ({}, testInfo) => {
  const spec = `
    test('good', async ({ drill }) => {});
    test('cut off', async ({ drill }) => { console.log('is running'); await new Promise(() => {}); });
    test('waiting', async ({ drill }) => {});`;
  const project = inlineProject(testInfo, spec, { settings: 'workers: 1,' });
  const { exitCode } = await interruptAt(project.start(), 'is running');
  expect(exitCode).toBe(130);
  const document = project.document();
  expect(recordOf(document, 'good').verdict).toBe('passed');
  expect(recordOf(document, 'cut off')).toMatchObject({ verdict: 'inconclusive' });
  expect(recordOf(document, 'waiting')).toMatchObject({
    verdict: 'skipped',
    reason: 'Not started: the run ended before its turn came.',
  });
});

test('a run that ran out of time keeps the drill that it cut off', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('cut off', async ({ drill }) => { await new Promise(() => {}); });`);
  expect((await project.start(['--global-timeout=15000'])).exitCode).toBe(1);
  const document = project.document();
  expect(recordOf(document, 'cut off').verdict).toBe('inconclusive');
  expect(document.errors[0]).toBe('Timed out waiting 15s for the test suite to run');
});

test('a run without drills writes a valid document, and removes what an earlier run left but its history', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`);
  const results = path.join(project.folder, 'results');
  const stale = ['allure-results', 'evidence', 'report', 'timelines'];
  for (const name of [...stale, 'logs']) mkdirSync(path.join(results, name, 'old'), { recursive: true });
  writeFileSync(path.join(results, 'history.jsonl'), '{}');
  const { stdout } = await project.start(['--grep', 'nothing', '--pass-with-no-tests']);
  expect(project.document()).toMatchObject({ version: 1, errors: [], drills: [] });
  expect(readdirSync(results).sort()).toEqual(['drills.json', 'history.jsonl', 'junit.xml', 'logs', 'summary.md']);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 0 failed');
});

test('of the drills that failed last time a second run has the results alone', async ({}, testInfo) => {
  const spec = `
    test('good', async ({ drill }) => {});
    test('bad', async ({ drill }) => { expect(1).toBe(2); });`;
  const project = inlineProject(testInfo, spec, { settings: `outputDir: 'results/playwright',` });
  await project.start();
  const evidence = path.join(project.folder, 'results/evidence/good');
  mkdirSync(evidence, { recursive: true });
  await project.start(['--last-failed']);
  expect(project.document().drills).toMatchObject([{ title: 'bad', verdict: 'failed' }]);
  expect(existsSync(evidence)).toBe(false);
});

test("alone it leaves the progress to one of Playwright's own reporters", async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`, { reporters: 'drills alone' });
  const { stdout } = await project.start();
  expect(stdout).toContain('[1/1] scenarios/guest.spec.ts:2:1 › good');
  expect(project.document().drills).toHaveLength(1);
});

test('listing the drills leaves the last results alone', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`);
  mkdirSync(path.join(project.folder, 'results/allure-results'), { recursive: true });
  const { stdout } = await project.start(['--list']);
  expect(stdout).toContain('Total: 1 test');
  expect(stdout).not.toContain('passed');
  expect(existsSync(path.join(project.folder, 'results/allure-results'))).toBe(true);
  expect(existsSync(path.join(project.folder, 'results/drills.json'))).toBe(false);
});

test('results that cannot be written fail the run with the next step', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`);
  writeFileSync(path.join(project.folder, 'results'), 'a file where the folder should be');
  const { exitCode, stdout } = await project.start();
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /outside any drill: The results could not be written to .*drills\.json: .*\n {2}Next: make room/,
  );
});

test('the summary is added to that of the job where CI offers one', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`);
  const job = path.join(project.folder, 'job.md');
  writeFileSync(job, 'of another step\n');
  await project.start([], { GITHUB_STEP_SUMMARY: job });
  const summary = project.text('results/summary.md');
  expect(summary).toMatch(/^# Drills: 1 passed, 0 failed\n/);
  expect(project.text('job.md')).toBe(`of another step\n${summary}`);
});

test('a summary that the job cannot take fails the run, and costs no other result', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`);
  const { exitCode } = await project.start([], { GITHUB_STEP_SUMMARY: path.join(project.folder, 'none/job.md') });
  expect(exitCode).toBe(1);
  expect(project.document().errors).toMatchObject([
    expect.stringMatching(/^The results could not be written to .*none/),
  ]);
  expect(project.text('results/junit.xml')).toContain('<testcase name="good"');
});
