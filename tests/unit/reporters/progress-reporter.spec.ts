import { expect, test } from '@playwright/test';
import { asRecorded, recordedSteps } from './recorded-drills.ts';
import { inlineProject } from './inline-run.ts';

const spec = `
  test('good', async ({ drill }) => { ${asRecorded()} ${recordedSteps()} });
  test('bad', async ({ drill }) => { console.log('a word of its own'); expect(1, 'FAKE1 ran twice').toBe(2); });
  test('lost', async ({ drill }) => { throw new LabError('no host\\nNext: npm run lab doctor'); });
  test('not here', async ({ drill }) => { test.skip(true, 'no netem'); });
  test.fail('known', { annotation: { type: 'known finding', description: 'docs/findings.md, 8' } },
    async ({ drill }) => { drill.verdict = 'failed'; drill.reason = 'it ran twice'; expect(1).toBe(2); });
`;

test('without a terminal each phase has a line, and each drill its result and what went wrong', async ({}, testInfo) => {
  const project = inlineProject(testInfo, spec, { reporters: 'as configured', settings: 'workers: 1,' });
  const { stdout, exitCode } = await project.start([], { FORCE_COLOR: '0' });
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toMatch(/^Running 5 drills with 1 worker$/m);
  expect(stdout).toContain(
    [
      '[1/5] guest.spec.ts › good',
      '[1/5]   injected',
      '[1/5]   detected after 26 ms (2000 ms allowed)',
      '[1/5]   stopped after 2229 ms (10000 ms allowed)',
    ].join('\n'),
  );
  expect(stdout).toMatch(/^\[1\/5\] ✓ passed: guest\.spec\.ts › good \(\d\.\d s\)$/m);
  expect(stdout).toMatch(/^a word of its own$/m);
  expect(stdout).toMatch(
    /✘ failed: .* › bad .*\n {4}Error: FAKE1 ran twice\n[^]*?\n {4}at scenarios\/guest\.spec\.ts:\d+:\d+\n/,
  );
  expect(stdout).toMatch(/\? inconclusive: .* › lost .*\n {4}LabError: no host\n {4}Next: npm run lab doctor\n/);
  expect(stdout).toMatch(/- skipped: .* › not here .*\n {4}no netem\n/);
  expect(stdout).toMatch(/! known finding: .* › known .*\n {4}docs\/findings\.md, 8\n {4}it ran twice\n/);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 2 failed (1 known), 1 inconclusive, 1 skipped');
  expect(exitCode).toBe(1);
});

test('a run of which every failure is known ends with 0; one that could not tell does not', async ({}, testInfo) => {
  const known = (body: string) =>
    `test.fail('known', { annotation: { type: 'known finding', description: 'number 8' } }, async ({ drill }) => { ${body} });`;
  const failing = known(`drill.verdict = 'failed'; drill.reason = 'twice'; expect(1).toBe(2);`);
  const project = inlineProject(testInfo, failing, { reporters: 'as configured' });
  expect((await project.start()).exitCode).toBe(0);
  expect(project.document().drills).toMatchObject([{ verdict: 'failed', finding: 'number 8' }]);
});

test('a drill that is marked to fail and could not tell fails the run', async ({}, testInfo) => {
  const spec = `test.fail('known', { annotation: { type: 'known finding', description: 'number 8' } }, async ({ drill }) => {
    drill.verdict = 'inconclusive'; drill.reason = 'LabError: gone'; throw new LabError('gone'); });`;
  const project = inlineProject(testInfo, spec, { reporters: 'as configured' });
  expect((await project.start()).exitCode).toBe(1);
  expect(project.document().drills).toMatchObject([{ verdict: 'inconclusive', finding: null }]);
});

test('what goes wrong outside any drill is told at once, and a list of the drills is left to Playwright', async ({}, testInfo) => {
  const project = inlineProject(testInfo, `test('good', async ({ drill }) => {});`, {
    reporters: 'as configured',
    settings: `globalSetup: './lab-up.ts',`,
    files: { 'lab-up.ts': `export default () => { throw new Error('no engine answers'); };` },
  });
  expect((await project.start()).stdout).toMatch(/^Error: no engine answers$/m);
  const { stdout } = await project.start(['--list']);
  expect(stdout).toContain('Total: 1 test');
  expect(stdout).not.toContain('Running');
});
