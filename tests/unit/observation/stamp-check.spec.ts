import { expect, test } from '@playwright/test';
import { createStampCheck, type CheckedStamp, type StampCheck } from '../../../lab/observation/stamp-check.ts';

/** The host's clock, when it had been up for as long as the first sample says. */
const epochMs = 1_795_299_366_000;

/** What a check makes of samples, each with its stamp and the host's uptime at that moment, in milliseconds after the first one. */
const readAll = (
  check: StampCheck,
  ...samples: readonly (readonly [atMs: number, uptimeMs: number])[]
): readonly CheckedStamp[] => samples.map(([atMs, uptimeMs]) => check.read(epochMs + atMs, 90_000 + uptimeMs));
const steady = (...stamps: readonly number[]): readonly CheckedStamp[] =>
  stamps.map((atMs) => ({ atMs: epochMs + atMs }));

test('a clock that goes on as the uptime does has not jumped, however long nothing came', () => {
  expect(readAll(createStampCheck(), [0, 0], [200, 210], [130_000, 130_000])).toEqual(steady(0, 200, 130_000));
});

test('a host that was held up between the two is not taken for one whose clock was set', () => {
  expect(readAll(createStampCheck(), [0, 9_000], [9_200, 9_210], [9_400, 17_000], [17_200, 17_200])).toEqual(
    steady(0, 9_200, 9_400, 17_200),
  );
});

test('a clock that is set ahead has jumped, by how much', () => {
  expect(readAll(createStampCheck(), [0, 0], [10_200, 200], [3_600_400, 400])).toEqual([
    ...steady(0, 10_200),
    { jumpedMs: 3_590_000 },
  ]);
});

test('a clock that is set back has jumped at once, and not one that is corrected', () => {
  expect(readAll(createStampCheck(), [0, 0], [-500, 200], [-1_001, 400])).toEqual([
    ...steady(0, -500),
    { jumpedMs: -501 },
  ]);
});

for (const setByMs of [300_000, -300_000]) {
  test(`with a clock that may be set by ${setByMs} ms, and back, stamps go on as if it were not`, () => {
    const check = createStampCheck();
    check.allow(setByMs);
    const samples = [
      ...[[0, 0] as const, [200, 200] as const],
      ...[[400 + setByMs, 400] as const, [30_000 + setByMs, 30_500] as const],
      ...[[40_000, 40_000] as const],
    ];
    expect(readAll(check, ...samples)).toEqual(steady(0, 200, 400, 30_000, 40_000));
  });

  test(`one that may be set by ${setByMs} ms has jumped where it is set by more`, () => {
    const check = createStampCheck();
    check.allow(setByMs);
    const [, jumped] = readAll(check, [0, 0], [2 * setByMs + 200, 200]);
    expect(jumped).toHaveProperty('jumpedMs');
  });
}

test('on a channel that begins anew a clock that had been set still is', () => {
  const check = createStampCheck();
  check.allow(300_000);
  readAll(check, [0, 0], [300_200, 200]);
  check.beginAnew();
  expect(readAll(check, [305_000, 4_000], [6_000, 5_000])).toEqual(steady(5_000, 6_000));
});
