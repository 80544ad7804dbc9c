import { expect, test } from '@playwright/test';
import { createRepeatCheck } from '../../../lab/observation/repeat-check.ts';

const answer = (time: string): string => `<summary><last_update time="${time}" origin="example-host"/></summary>`;
/** What is said of answers, each with its sample's stamp. */
const repeats = (...answers: readonly (readonly [xml: string, atMs: number])[]): readonly (number | null)[] => {
  const repeatedForMs = createRepeatCheck();
  return answers.map(([xml, atMs]) => repeatedForMs(xml, atMs));
};
const now = answer('Sun Nov 22 05:50:40 2026');
const later = answer('Sun Nov 22 05:50:46 2026');

test('answers of the same second are no repetition, however many they are', () => {
  expect(repeats([now, 1_000], [now, 1_200], [now, 6_000])).toEqual([null, null, null]);
});

test('an answer that tells the same moment for longer than that is a repetition', () => {
  expect(repeats([now, 1_000], [now, 3_000], [now, 6_001], [now, 7_000])).toEqual([null, null, 5_001, 6_000]);
});

test('an answer of another moment ends it', () => {
  expect(repeats([now, 1_000], [later, 6_900], [later, 11_900])).toEqual([null, null, null]);
});

test('answers without a time of day, as in recorded ones that are to compare, say nothing', () => {
  const timeless = answer('NORMALISED');
  expect(repeats([timeless, 1_000], [timeless, 60_000], ['no XML', 61_000])).toEqual([null, null, null]);
});
