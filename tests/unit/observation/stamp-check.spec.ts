import { expect, test } from '@playwright/test';
import { createStampCheck } from '../../../lab/observation/stamp-check.ts';

/** What is said of samples, each with its stamp and the moment at which it arrived, in milliseconds. */
const jumps = (...samples: readonly (readonly [atMs: number, arrivedMs: number])[]): readonly (number | null)[] => {
  const jumpedMs = createStampCheck();
  return samples.map(([atMs, arrivedMs]) => jumpedMs(atMs, arrivedMs));
};
/** The host's clock and the runner's begin at moments of their own. */
const epochMs = 1_795_299_366_000;

test('a clock that goes on as time does has not jumped, however late a sample arrives', () => {
  const samples = [0, 200, 400, 12_000, 12_200].map((ms) => epochMs + ms);
  const arrivals = [5, 205, 11_900, 12_010, 12_210];
  expect(jumps(...samples.map((atMs, index): [number, number] => [atMs, arrivals[index] ?? 0]))).toEqual(
    samples.map(() => null),
  );
});

test('a first sample that arrives late does not make the next ones look ahead', () => {
  expect(jumps([epochMs, 9_000], [epochMs + 200, 9_000], [epochMs + 9_000, 9_005])).toEqual([null, null, null]);
});

test('a clock that is set ahead has jumped, by how much', () => {
  expect(jumps([epochMs, 5], [epochMs + 10_200, 205], [epochMs + 3_600_400, 405])).toEqual([null, null, 3_590_000]);
});

test('a clock that is set back has jumped at once, and not one that is corrected', () => {
  expect(jumps([epochMs, 5], [epochMs - 500, 205], [epochMs - 1_001, 405])).toEqual([null, null, -501]);
});
