import type { DrillRecord } from '../../reporters/drill-record.ts';
import type { Change } from './drift.ts';
import type { Outcome } from './outcome.ts';
import type { Kill } from './kills.ts';
import { compactTable } from '../../lab/command/compact-table.ts';

/** What a soak found: `results/soak.json`. Times are milliseconds. */
export interface Soak {
  readonly version: 1;
  readonly startedAt: string;
  readonly seed: number;
  readonly release: string;
  readonly drills: readonly (Pick<DrillRecord, 'title' | 'verdict' | 'finding' | 'reason' | 'contention'> & {
    readonly outcome: Outcome;
  })[];
  readonly changes: readonly Change[];
  readonly kills: readonly Kill[];
  /** What is on the lab at the end that was not there when it came up. */
  readonly residue: readonly string[];
}

/** What a good release on a good lab does not do, as sentences. */
const wrongWith = ({ drills, changes, kills, residue }: Soak): readonly string[] => [
  ...drills
    .filter(({ outcome }) => outcome === 'false alarm')
    .map(({ title, reason }) => `false alarm: ${title}: ${reason.split('\n')[0] ?? ''}`),
  ...changes.filter(({ isDrift }) => isDrift).map(({ what }) => `drift: ${what}`),
  ...kills
    .filter(({ healedMs }) => healedMs === null)
    .map(({ afterMs, left }) => `a kill after ${afterMs} ms was not healed: ${left.join('; ')}`),
  ...kills
    .filter(({ next }) => next === 'false alarm')
    .map(({ afterMs, reason }) => `after a kill after ${afterMs} ms the next run was not green: ${reason}`),
  ...residue,
];

const couldNotTell = ({ drills, kills }: Soak): number =>
  drills.filter(({ outcome }) => outcome === 'could not tell').length +
  kills.filter(({ next }) => next === 'could not tell').length;

/** Says how a soak ends: 0 if all is as it should be, 1 if not, 3 if something could not be told or there was nothing. */
export const exitStatusOf = (soak: Soak): number =>
  wrongWith(soak).length > 0 ? 1 : couldNotTell(soak) > 0 || soak.drills.length + soak.kills.length === 0 ? 3 : 0;

const rounded = (value: number | null): string => (value === null ? '–' : String(Math.round(value * 10) / 10));

/** Renders what a soak found, and what is wrong with it. */
export const soakWords = (soak: Soak): string => {
  const { drills, changes, kills, release, seed } = soak;
  const count = (outcome: Outcome): number => drills.filter((each) => each.outcome === outcome).length;
  const known = drills.filter(({ finding }) => finding !== null).length;
  const skipped = drills.filter(({ verdict }) => verdict === 'skipped').length;
  const stalls = drills.flatMap(({ contention }) => contention?.longestStallMs ?? []);
  const slowdowns = drills.flatMap(({ contention }) => contention?.slowdown ?? []);
  const healed = kills.flatMap(({ healedMs }) => healedMs ?? []);
  const told = [
    ...(drills.length === 0
      ? []
      : [
          `Pacemaker ${release}, seed ${seed}: ${drills.length - skipped} drills (${skipped} more skipped), ${count('false alarm')} false alarms, ${known} known findings, ${count('could not tell')} inconclusive`,
          `the machine: longest stall ${rounded(stalls.length > 0 ? Math.max(...stalls) : null)} ms, greatest slowdown ${rounded(slowdowns.length > 0 ? Math.max(...slowdowns) : null)}`,
          '',
          compactTable(
            ['from the first quarter to the last', 'unit', 'first', 'last', 'shift', 'p', ''],
            changes.map(({ what, unit, first, last, shift, p, isDrift }) => [
              ...[what, unit, rounded(first), rounded(last), rounded(shift)],
              ...[p.toFixed(3), isDrift ? 'DRIFT' : ''],
            ]),
          ),
          '',
        ]),
    ...(kills.length === 0
      ? []
      : [
          `${kills.length} kills of the runner (${kills.filter(({ leases }) => leases.length > 0).length} with a fault in effect): ${healed.length} healed, the longest after ${rounded(healed.length > 0 ? Math.max(...healed) : null)} ms; ${kills.filter(({ next }) => next === 'as it should').length} next runs green`,
        ]),
    ...wrongWith(soak),
  ];
  return told.join('\n');
};
