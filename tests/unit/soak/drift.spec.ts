import { expect, test } from '@playwright/test';
import type { DrillRecord } from '../../../reporters/drill-record.ts';
import { chance } from '../../soak/chance.ts';
import { changesOf, quarters, type Change } from '../../soak/drift.ts';
import type { Figures } from '../../soak/figures.ts';

const noise = chance(1, 'noise');
const figuresOf = (more: Partial<Figures> = {}): Figures => ({
  ...{ runnerMemoryMiB: 200 + noise() * 40, runnerFiles: 60, runnerProcesses: 2 },
  ...{ hostMemoryMiB: 150 + noise() * 30, hostFiles: 400, hostProcesses: 40 },
  ...{ hostRules: 25, hostLeases: 0, hostDiskMiB: 9 },
  ...more,
});
const recordOf = (id: string, recovered: number): DrillRecord =>
  ({
    ...{ id, durationMs: recovered + 1_000, resetMs: 2_000 },
    phases: { injected: 0, detected: 40, stopped: null, restarted: null, reconnected: null, recovered },
  }) as unknown as DrillRecord;

const rounds = 40;
/** Drills in turn: one quick, one slow; what each takes beside is given by its turn. */
const recordsWith = (more: (round: number) => number): readonly DrillRecord[] =>
  Array.from({ length: rounds }, (_, round) => [
    recordOf('quick', 6_000 + noise() * 400 + more(round)),
    recordOf('slow', 60_000 + noise() * 4_000 + more(round)),
  ]).flat();
const figuresWith = (more: (round: number) => Partial<Figures>): readonly Figures[] =>
  Array.from({ length: rounds }, (_, round) => figuresOf(more(round)));

const drifting = (changes: readonly Change[]): readonly string[] =>
  changes.filter(({ isDrift }) => isDrift).map(({ what }) => what);

test('the first and the last quarter are compared, and the middle is left out', () => {
  expect(quarters([1, 2, 3, 4, 5, 6, 7, 8])).toEqual({ before: [1, 2], after: [7, 8] });
  expect(quarters([1, 2, 3])).toEqual({ before: [1], after: [3] });
  expect(quarters([1])).toEqual({ before: [], after: [] });
});

test('chance is no drift', () => {
  expect(
    drifting(
      changesOf(
        recordsWith(() => 0),
        figuresWith(() => ({})),
      ),
    ),
  ).toEqual([]);
  expect(drifting(changesOf([], []))).toEqual([]);
});

test('drills that get slower are told, each compared with its own', () => {
  const changes = changesOf(
    recordsWith((round) => round * 30),
    figuresWith(() => ({})),
  );
  expect(drifting(changes)).toEqual(['fault to recovered', 'drill, reset included']);
  expect(changes.find(({ what }) => what === 'fault to recovered')?.shift).toBeGreaterThan(500);
});

test('a drift too small to matter is none, however sure', () => {
  const changes = changesOf(
    Array.from({ length: rounds }, (_, round) => recordOf('exact', 6_000 + round)),
    [],
  );
  const [recovered] = changes.filter(({ what }) => what === 'fault to recovered');
  expect(recovered).toMatchObject({ shift: 30, isDrift: false });
  expect(recovered?.p).toBeLessThan(0.01);
});

test('what grows is told: memory, files, processes, rules, leases', () => {
  const leak = (round: number): Partial<Figures> => ({
    ...{ runnerMemoryMiB: 200 + 4 * round, hostFiles: 400 + 2 * round, hostProcesses: 40 + round },
    ...{ hostRules: 25 + Math.floor(round / 10), hostLeases: Math.floor(round / 8), hostDiskMiB: 9 + round },
  });
  const changes = changesOf([], figuresWith(leak));
  expect(drifting(changes)).toEqual([
    'the runner’s memory',
    'open files of host and guests',
    'processes of host and guests',
    'lines of the packet filter',
    'leases',
  ]);
  // Logs are to grow: that is told, and held against nobody.
  expect(changes.at(-1)).toMatchObject({ what: 'files that host and guests wrote', shift: 30, isDrift: false });
});

test('numbers drawn by chance are the same for the same seed, and spread', () => {
  const draw = (seed: number, name: string): readonly number[] => {
    const next = chance(seed, name);
    return Array.from({ length: 200 }, next);
  };
  expect(draw(7, 'kills')).toEqual(draw(7, 'kills'));
  expect(draw(7, 'kills')).not.toEqual(draw(8, 'kills'));
  expect(draw(7, 'kills')).not.toEqual(draw(7, 'stalls'));
  const drawn = draw(7, 'kills');
  expect(Math.min(...drawn)).toBeLessThan(0.05);
  expect(Math.max(...drawn)).toBeGreaterThan(0.95);
  expect(drawn.every((each) => each >= 0 && each < 1)).toBe(true);
});
