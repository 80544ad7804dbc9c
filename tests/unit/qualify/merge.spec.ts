import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { mergeQualifications } from '../../../fixtures/qualify/merge-qualifications.ts';
import { judge, type Findings } from '../../../reporters/qualification/judge.ts';
import type { Qualification } from '../../../reporters/qualification/qualification.ts';
import { runLab } from '../command/run-lab.ts';
import {
  failed,
  findings,
  passed,
  repeatsOf,
  testedRelease,
} from '../reporters/qualification/qualification-samples.ts';

type Repeats = Parameters<typeof repeatsOf>[2];

/** Writes what a job of one release leaves, and returns the file. */
function saved(testInfo: TestInfo, release: string, repeats: Repeats, change: Partial<Findings> = {}): string {
  const folder = testInfo.outputPath(release);
  const alone = { releases: [testedRelease(release)], candidate: release, baseline: null, ...change };
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'qualification.json');
  writeFileSync(file, JSON.stringify(judge(findings(repeatsOf('it', release, repeats), alone))));
  return file;
}

const qualify = (testInfo: TestInfo, args: readonly string[]) =>
  runLab(['qualify', '--results', testInfo.outputPath('results'), ...args]);
const verdictIn = (testInfo: TestInfo): Qualification['verdict'] =>
  (JSON.parse(readFileSync(testInfo.outputPath('results/qualification.json'), 'utf8')) as Qualification).verdict;

test('qualifications of one release each merge into one with a verdict, and end the command as it says', async ({}, testInfo) => {
  const files = [
    saved(testInfo, '3.0.0', [passed, passed]),
    saved(testInfo, '3.0.1', [passed, passed]),
    saved(testInfo, '3.0.3', [failed, failed]),
  ];
  const merged = await qualify(testInfo, ['--merge', ...files]);
  expect(merged.stdout).toContain('- broke: it (passed before)\n3.0.3 is worse than 3.0.1.\n');
  expect(merged.exitCode).toBe(1);
  const candidate = await qualify(testInfo, [
    '--releases',
    '3.0.0,3.0.1,3.0.3',
    '--candidate',
    '3.0.1',
    '--merge',
    ...files,
  ]);
  expect(candidate.stdout).toContain('3.0.1 is not worse than 3.0.0.');
  expect(candidate.exitCode).toBe(0);
});

test('a release that no file has is missing, which makes the verdict inconclusive', async ({}, testInfo) => {
  const { exitCode } = await qualify(testInfo, [
    '--releases',
    '3.0.0,3.0.1',
    '--merge',
    saved(testInfo, '3.0.0', [passed]),
  ]);
  expect(exitCode).toBe(3);
  expect(verdictIn(testInfo).reasons).toContain('3 of 3 rounds of 3.0.1 are missing: none of the files has it');
});

test('a saved qualification is the baseline, under a name of its own', async ({}, testInfo) => {
  const [before, after] = [saved(testInfo, '3.0.0', [failed]), saved(testInfo, '3.0.1', [passed])];
  const { exitCode, stdout } = await qualify(testInfo, ['--merge', after, '--baseline', before]);
  expect(stdout).toContain('3.0.1 is not worse than 3.0.0 (saved).');
  expect(exitCode).toBe(0);
  expect(verdictIn(testInfo)).toMatchObject({ candidate: '3.0.1', baseline: '3.0.0 (saved)' });
});

test('what is not of one kind is not merged, and one release comes from one file only', ({}, testInfo) => {
  const merge = (...files: readonly string[]) => mergeQualifications(files, [], testInfo.outputPath('results'));
  const one = saved(testInfo, '3.0.0', [passed]);
  const { parameters } = findings([]);
  const other = saved(testInfo, '3.0.1', [passed], { parameters: { ...parameters, code: 'dead' } });
  expect(() => merge(one, other)).toThrow(
    /differ in code: such runs are not merged\.\nNext: make all runs with the same code/,
  );
  expect(() => merge(one, one)).toThrow(/both have 3\.0\.0\.\nNext: name one file for each release\./);
});

for (const [args, says] of [
  [[], /^UsageError: It is not said which releases.*\nNext: name them, oldest first/],
  [['--releases', '3.0.0,0.1'], /^UsageError: Pacemaker release "0\.1" is not known\.\nNext: Choose one of/],
  [['--releases', '3.0.0,3.0.0'], /3\.0\.0 is listed twice; --repeat is for more runs of it/],
  [['--releases', '3.0.0,'], /It has to be a list like/],
  [['--releases', '3.0.0', '--repeat', '0'], /It has to be a whole number from 1 to 30/],
  [['--releases', '3.0.0', '--candidate', '9'], /^UsageError: The candidate 9 is not among the releases 3\.0\.0\./],
  [['--release', '3.0.0'], /^UsageError: A qualification is of several releases\.\nNext: use --releases/],
  [['--releases', '3.0.0', '--baseline', 'none.json'], /^UsageError: none\.json can't be read/],
  [['--merge', 'none.json'], /^UsageError: none\.json can't be read/],
] as const)
  test(`wrong usage: qualify ${args.join(' ')}`, async ({}, testInfo) => {
    const { exitCode, stderr } = await qualify(testInfo, args);
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
  });
