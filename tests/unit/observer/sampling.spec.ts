import { expect, test } from '@playwright/test';
import { describeSampling } from '../../../fixtures/observer/sampling.ts';
import type { Sampling } from '../../../fixtures/observer/sampling.ts';
import { recordedDrill } from '../observation/recorded.ts';
import { at, drillSamples, sampleOf, steady } from './drill-samples.ts';

const from = recordedDrill.injectedAtMs;

for (const [what, stamps, expected] of [
  ['an even pace', [0, 100, 200, 300, 400], { count: 5, medianIntervalMs: 100, maxGapMs: 100 }],
  ['a hole in the middle', [0, 100, 350, 400], { count: 4, medianIntervalMs: 100, maxGapMs: 250 }],
  ['a late beginning', [180, 280, 380], { count: 3, medianIntervalMs: 100, maxGapMs: 180 }],
  ['an early end', [0, 90, 180], { count: 3, medianIntervalMs: 90, maxGapMs: 220 }],
  ['samples outside the span', [-50, 0, 200, 400, 450], { count: 3, medianIntervalMs: 200, maxGapMs: 200 }],
  ['a single sample', [100], { count: 1, medianIntervalMs: 300, maxGapMs: 300 }],
  ['no sample at all', [], { count: 0, medianIntervalMs: 400, maxGapMs: 400 }],
] satisfies [string, number[], Sampling][])
  test(`describes ${what}`, () => {
    expect(
      describeSampling(
        stamps.map((ms) => at(steady, ms)),
        from,
        from + 400,
      ),
    ).toEqual(expected);
  });

test('the recorded drill was sampled at least every 250 ms', () => {
  expect(describeSampling(drillSamples, from, sampleOf(81).atMs)).toEqual({
    count: 68,
    medianIntervalMs: 100.1,
    maxGapMs: 108.6,
  });
});

test('the median of an even number of intervals lies between the two in the middle, told to a tenth of a millisecond', () => {
  const stamps = [0, 10, 110.06, 310, 400].map((ms) => at(steady, ms));
  expect(describeSampling(stamps, from, from + 400)).toEqual({ count: 5, medianIntervalMs: 95, maxGapMs: 199.9 });
});
