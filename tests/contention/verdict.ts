import type { DrillRecord } from '../../reporters/drill-record.ts';
import { compactTable } from '../../lab/command/compact-table.ts';
import { outcomeOf } from '../soak/outcome.ts';

/** A drill that ran on a machine with other things to do. */
export interface Contended {
  readonly how: 'side by side' | 'beside busy loops' | 'with stalls';
  readonly lab: string;
  readonly record: DrillRecord;
}

/** What came of the drills: `results/contention.json`. */
export interface Contention {
  readonly version: 1;
  readonly startedAt: string;
  readonly seed: number;
  readonly labs: number;
  readonly loops: number;
  readonly stallMs: number;
  readonly drills: readonly (Pick<Contended, 'how' | 'lab'> &
    Pick<DrillRecord, 'title' | 'verdict' | 'finding' | 'reason' | 'contention'>)[];
}

type Drill = Contention['drills'][number];

/** An inconclusive drill is as it should be if the machine is to blame, as measured. */
const isRight = (drill: Drill): boolean =>
  outcomeOf(drill) === 'as it should' || (drill.verdict === 'inconclusive' && drill.reason.startsWith('The machine '));

/** Says how it ends: 0 if no drill failed for want of time, 1 if one did, 3 if one could not tell for another reason, or none ran. */
export const exitStatusOf = ({ drills }: Contention): number => {
  const wrong = drills.filter((drill) => !isRight(drill));
  return wrong.some(({ verdict }) => verdict === 'failed') ? 1 : wrong.length > 0 || drills.length === 0 ? 3 : 0;
};

const seen = ({ verdict, finding }: Drill): string => (finding === null ? verdict : 'known finding');

/** Renders every drill with its verdict and how busy the machine was, and why those are inconclusive that are. */
export const contentionWords = ({ drills }: Contention): string =>
  [
    compactTable(
      ['', 'lab', 'drill', 'verdict', 'stall (ms)', 'slowdown', 'load'],
      drills
        .filter(({ verdict }) => verdict !== 'skipped')
        .map((drill) => [
          ...[drill.how, drill.lab, drill.title, seen(drill)],
          ...[drill.contention?.longestStallMs, drill.contention?.slowdown, drill.contention?.load].map((value) =>
            String(value ?? '–'),
          ),
        ]),
    ),
    ...drills
      .filter(({ verdict, finding }) => (verdict === 'failed' && finding === null) || verdict === 'inconclusive')
      .map(({ title, verdict, reason }) => `${verdict}: ${title}: ${reason.split('\n')[0] ?? ''}`),
  ].join('\n');
