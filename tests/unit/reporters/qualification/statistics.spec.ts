import { expect, test } from '@playwright/test';
import {
  binomial,
  fisherTest,
  holm,
  quantile,
  rankTest,
  shiftOf,
  smallestP,
  valuesNeeded,
} from '../../../../reporters/qualification/statistics.ts';

/** The samples of `wilcox.test`'s own example in R (Hollander and Wolfe 1973, 69): permeability constants of membranes. */
const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const early = [1.15, 0.88, 0.9, 0.74, 1.21];

/** Numbers from 1 on with the given rank sum of the second sample: U counted from its least. */
const samplesWithU = (before: number, after: number, u: number) => {
  const ranks = Array.from({ length: after }, (_, at) => at + 1);
  let left = u;
  for (let at = after - 1; at >= 0 && left > 0; at -= 1) {
    const moved = Math.min(before, left);
    ranks[at] = (ranks[at] ?? 0) + moved;
    left -= moved;
  }
  const all = Array.from({ length: before + after }, (_, at) => at + 1);
  return { after: ranks, before: all.filter((rank) => !ranks.includes(rank)) };
};

// The critical values of U at 0.05, two-sided, as printed in many books after Mann and Whitney (1947) and Auble (1953).
for (const [before, after, critical] of [
  [4, 4, 0],
  [5, 5, 2],
  [5, 8, 6],
  [6, 6, 5],
  [7, 10, 14],
  [8, 8, 13],
  [10, 10, 23],
  [12, 15, 49],
  [20, 20, 127],
] as const)
  test(`the rank test of ${before} and ${after} values has the critical value ${critical} of the tables`, () => {
    expect(rankTest([samplesWithU(before, after, critical)])).toBeLessThanOrEqual(0.05);
    expect(rankTest([samplesWithU(before, after, critical + 1)])).toBeGreaterThan(0.05);
  });

test('the rank test and the shift give what R gives for its own example', () => {
  expect(rankTest([{ before: atTerm, after: early }])).toBeCloseTo(0.2544, 4);
  const shift = shiftOf({ before: atTerm, after: early });
  expect(shift?.shift).toBeCloseTo(-0.305, 6);
  expect(shift?.interval?.map((bound) => bound.toFixed(2))).toEqual(['-0.76', '0.15']);
  expect(shift?.delta).toBeCloseTo(-0.4, 6);
});

test('the rank test is exact with equal values, as an enumeration of all ways to shuffle them is', () => {
  // By scipy.stats.permutation_test on the ranks, with all 462 ways.
  expect(rankTest([{ before: [1, 2, 2, 3, 3, 3], after: [2, 3, 4, 4, 5] }])).toBeCloseTo(0.108225, 6);
  expect(rankTest([{ before: [5, 5, 5], after: [5, 5, 5] }])).toBe(1);
});

test('several pairs of samples show together what none shows alone', () => {
  const stratum = { before: [1, 2, 3], after: [4, 5, 6] };
  expect(rankTest([stratum])).toBeCloseTo(2 / 20, 9);
  expect(rankTest([stratum, stratum])).toBeCloseTo(2 / 400, 9);
  // What one gains the other loses.
  expect(rankTest([stratum, { before: stratum.after, after: stratum.before }])).toBeCloseTo(1, 9);
  expect(rankTest([stratum, { before: [], after: [1] }])).toBeCloseTo(2 / 20, 9);
  expect(rankTest([])).toBe(1);
});

test('a shift has an interval only where there are enough values for one', () => {
  expect(shiftOf({ before: [1, 2, 3], after: [11, 12, 13] })).toEqual({ shift: 10, interval: null, delta: 1 });
  const four = { before: [1, 2, 3, 4], after: [11, 12, 13, 14] };
  expect(shiftOf(four)).toEqual({ shift: 10, interval: [7, 13], delta: 1 });
  expect(shiftOf({ before: [], after: [1] })).toBeNull();
});

test('Holm corrects for the number of comparisons, in their order', () => {
  // The example of R's p.adjust documentation style: 0.01, 0.02, 0.03, 0.04, 0.05.
  expect(holm([0.01, 0.02, 0.03, 0.04, 0.05]).map((p) => p.toFixed(2))).toEqual([
    '0.05',
    '0.08',
    '0.09',
    '0.09',
    '0.09',
  ]);
  expect(holm([0.04, 0.005]).map((p) => p.toFixed(3))).toEqual(['0.040', '0.010']);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});

test("Fisher's test tells a drill that fails more often from chance", () => {
  expect(fisherTest({ hits: 0, of: 3 }, { hits: 3, of: 3 })).toBeCloseTo(0.05, 9);
  // The lady tasting tea, with three of four cups right.
  expect(fisherTest({ hits: 1, of: 4 }, { hits: 3, of: 4 })).toBeCloseTo(0.2429, 4);
  expect(fisherTest({ hits: 1, of: 8 }, { hits: 6, of: 8 })).toBeCloseTo(0.02028, 5);
  expect(fisherTest({ hits: 0, of: 3 }, { hits: 0, of: 3 })).toBe(1);
});

test('how many repeats it takes follows from how many comparisons there are', () => {
  expect(smallestP(3, 3)).toBeCloseTo(0.1, 9);
  expect([1, 5, 26, 130, 321, 322].map((comparisons) => valuesNeeded(comparisons, 0.05))).toEqual([4, 5, 7, 8, 8, 9]);
  expect(binomial(40, 20)).toBe(137_846_528_820);
});

test('quantiles lie between values where need be', () => {
  expect([0.25, 0.5, 0.75].map((share) => quantile([40, 10, 30, 20], share))).toEqual([17.5, 25, 32.5]);
  expect(quantile([], 0.5)).toBeNull();
});

test('where one of two samples is empty no difference can be shown', () => {
  expect([smallestP(0, 5), smallestP(5, 0), smallestP(0, 0)]).toEqual([1, 1, 1]);
});

test('a level that is just reached is reached', () => {
  // Three values against three: 2 of 20 ways are as extreme as can be.
  expect(valuesNeeded(1, 0.1)).toBe(3);
});

test('equal values count for neither side of how much more often one is the greater', () => {
  expect(shiftOf({ before: [1, 3], after: [2, 3] })?.delta).toBeCloseTo(0.25, 9);
});

test('a single value against 39 others is just enough for an interval, and against 38 too few', () => {
  const before = Array.from({ length: 39 }, (_, at) => at);
  expect(shiftOf({ before, after: [100] })?.interval).toEqual([62, 100]);
  expect(shiftOf({ before: before.slice(1), after: [100] })?.interval).toBeNull();
});
