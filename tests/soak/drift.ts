import { holm, median, rankTest, shiftOf, type TwoSamples } from '../../reporters/qualification/statistics.ts';
import { groupBy } from '../../reporters/group-by.ts';
import type { DrillRecord } from '../../reporters/drill-record.ts';
import { figures, type FigureName, type Figures } from './figures.ts';

/** How something in the last quarter of a soak compares with the first. */
export interface Change {
  readonly what: string;
  readonly unit: string;
  /** The medians of the quarters. */
  readonly first: number | null;
  readonly last: number | null;
  /** By how much the last lies above the first, drill by drill: the median of all differences. */
  readonly shift: number | null;
  /** How likely a difference as great is by chance, corrected for all that is compared. */
  readonly p: number;
  /** More than chance, and more than is allowed. */
  readonly isDrift: boolean;
}

/** The level of all comparisons together. */
const level = 0.05;
/** Samples are 200 ms apart. */
const matteringMs = 250;

type Compared = Omit<Change, 'p' | 'isDrift'> & { readonly chance: number; readonly matters: boolean };

/** The first and the last quarter of values in the order in which they came; the middle is left out. */
export const quarters = (values: readonly number[]): TwoSamples => {
  const size = Math.ceil(values.length / 4);
  return values.length < 2 ? { before: [], after: [] } : { before: values.slice(0, size), after: values.slice(-size) };
};

const compare = (
  what: string,
  unit: string,
  strata: readonly TwoSamples[],
  matters: (shift: number) => boolean,
): Compared => {
  const shifts = strata.flatMap((each) => shiftOf(each)?.shift ?? []);
  const shift = median(shifts);
  return {
    what,
    unit,
    first: median(strata.flatMap(({ before }) => before)),
    last: median(strata.flatMap(({ after }) => after)),
    shift,
    chance: rankTest(strata),
    matters: shift !== null && matters(shift),
  };
};

const times: Readonly<Record<string, (record: DrillRecord) => number | null | undefined>> = {
  'fault to detected': ({ phases }) => phases?.detected,
  'fault to restarted': ({ phases }) => phases?.restarted,
  'fault to reconnected': ({ phases }) => phases?.reconnected,
  'fault to recovered': ({ phases }) => phases?.recovered,
  'drill, reset included': ({ durationMs, resetMs }) => durationMs + (resetMs ?? 0),
};

/**
 * Compares the last quarter of a soak with the first: each drill's times with its own, ranked drill by drill (after van Elteren),
 * and what must not grow. Takes the records and the figures in the order in which they came.
 */
export const changesOf = (records: readonly DrillRecord[], taken: readonly Figures[]): readonly Change[] => {
  const byDrill = groupBy(records, ({ id }) => id);
  const compared = [
    ...Object.entries(times).map(([what, of]) => {
      const strata = byDrill.map((repeats) => quarters(repeats.flatMap((record) => of(record) ?? [])));
      return compare(what, 'ms', strata, (shift) => Math.abs(shift) >= matteringMs);
    }),
    ...(Object.keys(figures) as FigureName[]).map((name) => {
      const { of, unit, allowed } = figures[name];
      return compare(of, unit, [quarters(taken.map((each) => each[name]))], (shift) => shift > allowed);
    }),
  ];
  const ps = holm(compared.map(({ chance }) => chance));
  return compared.map(({ chance: _, matters, ...rest }, at) => {
    const p = ps[at] ?? 1;
    return { ...rest, p, isDrift: matters && p <= level };
  });
};
