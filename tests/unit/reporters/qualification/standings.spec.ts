import { expect, test } from '@playwright/test';
import { onRelease, outcomeOf, reachedAfter, spreadOf } from '../../../../reporters/qualification/standings.ts';
import type { DrillResult } from '../../../../reporters/qualification/qualification.ts';
import {
  failed,
  inconclusive,
  known,
  knownStayedAway,
  laterBy,
  passed,
  repeatsOf,
  skipped,
} from './qualification-samples.ts';

const resultsOf = (repeats: Parameters<typeof repeatsOf>[2]): readonly DrillResult[] =>
  repeatsOf('it', '3.0.1', repeats).map(({ result }) => result);

for (const [repeats, standing, unanimous] of [
  [[passed, passed], 'passed', true],
  [[failed, failed], 'failed', true],
  [[known, known], 'known', true],
  [[inconclusive, inconclusive], 'inconclusive', true],
  [[skipped, skipped], 'skipped', true],
  [[passed, failed], 'flaky', false],
  [[passed, known], 'flaky', false],
  [[failed, known], 'failed', false],
  [[passed, inconclusive], 'passed', false],
  [[failed, inconclusive], 'failed', false],
  [[known, skipped], 'known', false],
  [[inconclusive, skipped], 'inconclusive', false],
] as const)
  test(`repeats ${repeats.map((each) => outcomeOf({ verdict: 'passed', finding: null, reason: '', ...each })).join(' and ')} stand as ${standing}`, () => {
    expect(onRelease('3.0.1', resultsOf(repeats))).toMatchObject({ release: '3.0.1', standing, unanimous });
  });

test('each repeat is counted as what it came to', () => {
  const { counts } = onRelease(
    '3.0.1',
    resultsOf([passed, knownStayedAway, failed, known, known, inconclusive, skipped]),
  );
  expect(counts).toEqual({ passed: 2, failed: 1, known: 2, inconclusive: 1, skipped: 1 });
});

test('phases have the median and the quartiles of the repeats that were judged and reached them', () => {
  const [once = {}, ...others] = laterBy(0, 3);
  const repeats = [once, ...others, { ...once, ...failed }, { ...once, ...inconclusive }, { ...once, ...skipped }];
  const results = resultsOf(repeats);
  const { phases } = onRelease('3.0.1', results);
  expect(phases.recovered?.count).toBe(4);
  expect(reachedAfter(results, 'recovered')).toHaveLength(4);
  const silent = resultsOf([{ phases: null }]);
  expect(onRelease('3.0.1', silent).phases).toEqual({});
});

test('a spread is in whole milliseconds', () => {
  expect(spreadOf([1_000, 1_001, 1_003, 1_006])).toEqual({
    count: 4,
    medianMs: 1_002,
    lowerQuartileMs: 1_001,
    upperQuartileMs: 1_004,
  });
  expect(spreadOf([7])).toEqual({ count: 1, medianMs: 7, lowerQuartileMs: 7, upperQuartileMs: 7 });
  expect(spreadOf([])).toBeNull();
});

test('a known finding that stayed away, though it was expected, passed', () => {
  const [stayedAway] = resultsOf([knownStayedAway]);
  expect(stayedAway && outcomeOf(stayedAway)).toBe('passed');
  expect(onRelease('3.0.1', resultsOf([knownStayedAway, passed]))).toMatchObject({
    standing: 'passed',
    unanimous: true,
  });
});
