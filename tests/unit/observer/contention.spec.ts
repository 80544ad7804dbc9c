import { expect, test } from '@playwright/test';
import { describeContention, tooBusy, whyTooBusy, type Contention } from '../../../fixtures/observer/contention.ts';
import type { Sample, Strain } from '../../../lab/observation/sample.ts';
import { steady } from './drill-samples.ts';

const calm: Strain = { lateMs: 0, tookMs: 30, neededMs: 25, idleTicks: 0, stolenTicks: 0, allTicks: 0, load: 1.5 };
const sampleAt = (atMs: number, strain?: Partial<Strain>): Sample => ({
  ...steady,
  atMs,
  ...(strain && { strain: { ...calm, ...strain } }),
});
/** Samples a fifth of a second apart, from the moment 0 on. */
const samplesOf = (strains: readonly (Partial<Strain> | undefined)[]): readonly Sample[] =>
  strains.map((strain, at) => sampleAt(at * 200, strain));
const repeated = (count: number, strain: Partial<Strain>): readonly Partial<Strain>[] =>
  Array.from({ length: count }, () => strain);
const measured = (strains: readonly (Partial<Strain> | undefined)[]): Contention | null =>
  describeContention(samplesOf(strains), 0, 60_000);

test('nothing is known of samples that do not say how hard it was to get a processor', () => {
  expect(measured([undefined, undefined])).toBeNull();
  expect(measured([])).toBeNull();
  expect(whyTooBusy(null)).toBeNull();
});

test('a calm machine is not too busy', () => {
  const contention = measured([
    { idleTicks: 100, stolenTicks: 10, allTicks: 1_000 },
    ...repeated(10, { load: 3.25 }),
    { idleTicks: 850, stolenTicks: 20, allTicks: 2_000 },
  ]);
  expect(contention).toEqual({ longestStallMs: 0, slowdown: 1.2, idleShare: 0.75, stolenShare: 0.01, load: 3.25 });
  expect(whyTooBusy(contention)).toBeNull();
});

test('a stall of a second is too much, and told with what is beside it', () => {
  const stalled = (lateMs: number) => measured([{ allTicks: 1 }, { lateMs, allTicks: 101, idleTicks: 50 }]);
  expect(whyTooBusy(stalled(tooBusy.stallMs - 1))).toBeNull();
  expect(whyTooBusy(stalled(3_040))).toBe(
    'a process on the host had to wait 3040 ms for a processor (limit: 1000 ms); processors idle 50 %, stolen 0 %, load 1.5',
  );
});

test('work that takes three times as long is too slow, for half of some seconds at least', () => {
  const slow = { tookMs: 75, neededMs: 25 };
  expect(whyTooBusy(measured([...repeated(5, slow)]))).toBe(
    'work on the host took 3 times as long as it needed (limit: 3); load 1.5',
  );
  expect(whyTooBusy(measured(repeated(9, { tookMs: 74, neededMs: 25 })))).toBeNull();
  // One that fell into a stall says nothing of the others.
  expect(measured([...repeated(5, {}), { tookMs: 2_000 }, ...repeated(5, {})])?.slowdown).toBe(1.2);
  expect(measured([...repeated(20, {}), ...repeated(20, slow), ...repeated(40, {})])?.slowdown).toBe(3);
});

test('work that takes long on a machine with processors to spare waits for something else', () => {
  const withIdle = (idleTicks: number) =>
    whyTooBusy(measured([...repeated(6, { tookMs: 500 }), { tookMs: 500, allTicks: 100, idleTicks }]));
  expect(withIdle(50)).toBeNull();
  expect(withIdle(49)).toContain('work on the host took 20 times as long as it needed');
});

test('what was not rendered, or too little of it, gives no slowdown', () => {
  expect(measured(repeated(30, { tookMs: 0, neededMs: 0 }))).toMatchObject({ slowdown: null, idleShare: null });
  expect(measured(repeated(4, { tookMs: 500 }))?.slowdown).toBeNull();
  const seconds = Array.from({ length: 6 }, (_, at) => sampleAt(at * 2_000, { tookMs: 500 }));
  expect(describeContention(seconds, 0, 60_000)?.slowdown, 'five within five seconds').toBeNull();
});

test('only what was measured in the time that is asked for counts', () => {
  const samples = [sampleAt(0, { lateMs: 5_000 }), sampleAt(1_000, {}), sampleAt(2_000, { lateMs: 7_000 })];
  expect(describeContention(samples, 1, 1_999)?.longestStallMs).toBe(0);
  expect(describeContention(samples, 0, 1_999)?.longestStallMs).toBe(5_000);
  expect(describeContention(samples, 1, 2_000)?.longestStallMs).toBe(7_000);
});
