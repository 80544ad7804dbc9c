import { passedUnexpectedly } from '../record-of-test.ts';
import {
  timedPhases,
  type DrillOnRelease,
  type DrillResult,
  type Spread,
  type Standing,
  type TimedPhase,
} from './qualification.ts';
import { quantile } from './statistics.ts';

type Outcome = keyof DrillOnRelease['counts'];

/** What one repeat says of Pacemaker: a failure that is a known finding is told apart, and one that was expected and stayed away is a pass. */
export function outcomeOf({ verdict, finding, reason }: Pick<DrillResult, 'verdict' | 'finding' | 'reason'>): Outcome {
  if (verdict !== 'failed') return verdict;
  if (finding !== null) return 'known';
  return reason.startsWith(passedUnexpectedly) ? 'passed' : 'failed';
}

/** Repeats that could not tell, or were skipped, decide nothing while others did. */
function standingOf({ passed, failed, known, inconclusive }: DrillOnRelease['counts']): Standing {
  if (passed > 0) return failed + known > 0 ? 'flaky' : 'passed';
  if (failed > 0) return 'failed';
  if (known > 0) return 'known';
  return inconclusive > 0 ? 'inconclusive' : 'skipped';
}

/** Says whether what a repeat measured counts: one that could not tell is no measure of anything. */
const isJudged = ({ verdict }: DrillResult): boolean => verdict === 'passed' || verdict === 'failed';

/** Returns when a phase was reached, in milliseconds since the injection, in each repeat that reached it and was judged. */
export const reachedAfter = (results: readonly DrillResult[], phase: TimedPhase): readonly number[] =>
  results.filter(isJudged).flatMap(({ phases }) => phases?.[phase] ?? []);

/** Median and quartiles of the values, in milliseconds; null where there are none. */
export function spreadOf(values: readonly number[]): Spread | null {
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
  if (lower === null || lower === undefined || middle === null || middle === undefined) return null;
  return {
    count: values.length,
    medianMs: Math.round(middle),
    lowerQuartileMs: Math.round(lower),
    upperQuartileMs: Math.round(upper ?? middle),
  };
}

/** Sums up the repeats of one drill on one release, of which there is one at least. */
export function onRelease(release: string, results: readonly DrillResult[]): DrillOnRelease {
  const counts = { passed: 0, failed: 0, known: 0, inconclusive: 0, skipped: 0 };
  for (const result of results) counts[outcomeOf(result)] += 1;
  const phases = timedPhases.flatMap((phase): [TimedPhase, Spread][] => {
    const spread = spreadOf(reachedAfter(results, phase));
    return spread === null ? [] : [[phase, spread]];
  });
  return {
    release,
    standing: standingOf(counts),
    unanimous: Object.values(counts).filter((count) => count > 0).length === 1,
    counts,
    phases: Object.fromEntries(phases),
  };
}
