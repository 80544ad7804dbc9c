import { expect, test } from '@playwright/test';
import { budgetUsed, byAttention, countsInWords, isBad } from '../../../reporters/attention.ts';
import { recordedDrill } from './recorded-drills.ts';

const failed = { verdict: 'failed', reason: 'FAKE1 ran twice' } as const;
const records = [
  recordedDrill({ id: 'passed' }),
  recordedDrill({ id: 'skipped', verdict: 'skipped' }),
  recordedDrill({ id: 'nearly late', budgets: { recovered: 8_000 } }),
  recordedDrill({ id: 'known', ...failed, finding: 'docs/findings.md, 8' }),
  recordedDrill({ id: 'inconclusive', verdict: 'inconclusive' }),
  recordedDrill({ id: 'flaky', repeat: 0 }),
  recordedDrill({ id: 'failed', ...failed }),
  recordedDrill({ id: 'flaky', repeat: 1, ...failed }),
];

test('what needs attention comes first, and repeats stay together at the place of the worst', () => {
  expect(byAttention(records).map(({ id, repeat }) => `${id} ${repeat}`)).toEqual([
    'flaky 0',
    'flaky 1',
    'failed 0',
    'inconclusive 0',
    'known 0',
    'nearly late 0',
    'passed 0',
    'skipped 0',
  ]);
});

test('a known finding is counted as failed and told as known, and is no bad news', () => {
  expect(countsInWords(records)).toBe('3 passed, 3 failed (1 known), 1 inconclusive, 1 skipped');
  expect(records.filter(isBad).map(({ id }) => id)).toEqual(['inconclusive', 'failed', 'flaky']);
});

test('of its budgets the one that a drill used most of counts; one without any used none', () => {
  expect(budgetUsed(recordedDrill({ budgets: { detected: 52, recovered: 76_390 } }))).toBe(0.5);
  expect(budgetUsed(recordedDrill({ budgets: {} }))).toBe(0);
  expect(budgetUsed(recordedDrill({ phases: null }))).toBe(0);
});
