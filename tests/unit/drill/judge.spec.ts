import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readBundle, type Bundle } from '../../../fixtures/evidence/bundle.ts';
import { expectationsOf, type JudgedExpectation } from '../../../fixtures/evidence/expectations.ts';
import { judge } from '../../../fixtures/evidence/judge.ts';
import { expect as softly } from '../../../fixtures/expect.ts';
import type { Recorded } from '../../../lab/observation/write-frames.ts';
import { recordedOutcome } from './recorded-outcome.ts';
import { recordedSamples, saveBundle } from './saved-bundle.ts';

const expectation = (matcher: string, ...given: readonly unknown[]): JudgedExpectation => ({
  matcher,
  given,
  passed: true,
  said: null,
});
const inTime = expectation('toRecoverInTime');
const failCount = expectation('toCountOnlyTheFailures', [
  { resource: 'lxc2', node: 'example-host', failCount: Infinity },
]);

let folder = '';

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gd-judge.'));
});

test.afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const save = (change: Partial<Bundle> = {}, samples?: readonly Recorded[]): Promise<void> =>
  saveBundle(folder, { expectations: [inTime], ...change }, samples);

test('a saved drill is judged as it was, from its samples alone', async () => {
  await save();
  const { outcome, title } = await readBundle(folder);
  expect(title).toBe('lxc2 is recovered');
  expect(outcome.phases).toEqual(recordedOutcome.phases);
  expect(outcome.truthAfter).toEqual(recordedOutcome.truthAfter);
  expect(outcome.samples).toHaveLength(recordedOutcome.samples.length);
  expect(judge(await readBundle(folder))).toEqual({ verdict: 'passed', problems: [], reason: '' });
});

test('with a smaller budget it fails, in the words of the expectation', async () => {
  await save();
  const { verdict, problems, reason } = judge(await readBundle(folder, { recovered: 1_000 }));
  expect(verdict).toBe('failed');
  expect(reason).toContain('recovers within its budgets');
  expect(problems.join()).toMatch(/recovered: after \d+ ms; the budget is 1000 ms/);
});

test('what an expectation was given comes through: INFINITY, too', async () => {
  await save({ expectations: [failCount] });
  const { problems } = judge(await readBundle(folder));
  expect(problems.join()).toContain('not counted: lxc2 on example-host: INFINITY');
});

test('what no sample can show counts as it did', async () => {
  await save({ verdict: 'inconclusive', others: ['FaultError: the fault is not undone'] });
  expect(judge(await readBundle(folder))).toMatchObject({
    verdict: 'inconclusive',
    reason: 'FaultError: the fault is not undone',
  });
  await save({ verdict: 'inconclusive', expectations: [failCount], others: ['FaultError: the fault is not undone'] });
  expect(judge(await readBundle(folder)).verdict).toBe('failed');
  await save({ verdict: 'failed', others: ['Error: the domain runs'] });
  expect(judge(await readBundle(folder)).verdict).toBe('failed');
});

test('samples that were tampered with change the verdict', async () => {
  await save({ expectations: [expectation('toLeaveTheOthersAlone')] });
  expect(judge(await readBundle(folder)).verdict).toBe('passed');
  const offline = recordedSamples.map((each) =>
    each.kind === 'sample'
      ? { ...each, xml: each.xml.replaceAll(/(<node name="lxc3"[^>]*online=")true/g, '$1false') }
      : each,
  );
  await save({ expectations: [expectation('toLeaveTheOthersAlone')] }, offline);
  const { verdict, problems } = judge(await readBundle(folder));
  expect(verdict).toBe('failed');
  expect(problems.join()).toContain('lxc3: not online');
});

test('an unknown expectation, and a folder without a bundle, are told', async () => {
  await save({ expectations: [expectation('toBeNice')] });
  const bundle = await readBundle(folder);
  expect(() => judge(bundle)).toThrow(/"toBeNice"[^]*\nNext: use the version/);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await expect(readBundle(empty)).rejects.toThrow('has no outcome.json');
});

test('expectations are kept with the outcome that they judged', () => {
  const outcome = { ...recordedOutcome };
  softly(outcome).toRecoverInTime();
  softly(outcome).toCountOnlyTheFailures([{ resource: 'lxc2', node: 'example-host', failCount: 1 }]);
  expect(expectationsOf(outcome)).toEqual([
    { matcher: 'toRecoverInTime', given: [], passed: true, said: null },
    {
      matcher: 'toCountOnlyTheFailures',
      given: [[{ resource: 'lxc2', node: 'example-host', failCount: 1 }]],
      passed: true,
      said: null,
    },
  ]);
});
