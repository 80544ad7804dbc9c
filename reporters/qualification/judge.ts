import { changesOf } from './changes.ts';
import {
  type Comparison,
  type DrillResult,
  type Qualification,
  type QualificationParameters,
  type QualifiedDrill,
  type TestedRelease,
  type TimeSpent,
} from './qualification.ts';
import { onRelease } from './standings.ts';
import { timingsOf } from './timings.ts';
import { groupBy } from '../group-by.ts';
import { allDrills, effectWords, machineWords, shortTiming, timedByDrill } from './words.ts';

/** One repeat of a drill on one release, with what is the same in all of them. */
export interface NamedResult {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly result: DrillResult;
}

/** What is to be judged: what ran, in the order of releases, and which two the verdict is about. */
export interface Findings {
  readonly startedAt: string;
  readonly judgedAt: string;
  readonly parameters: QualificationParameters;
  readonly releases: readonly TestedRelease[];
  readonly results: readonly NamedResult[];
  readonly candidate: string;
  /** null where there is nothing to compare with. */
  readonly baseline: string | null;
  readonly notes: readonly string[];
  readonly time: TimeSpent | null;
}

function drillsOf({ releases, results }: Findings): readonly QualifiedDrill[] {
  return groupBy(results, ({ id }) => id).map((alike) => {
    const [{ id, title, tags }] = alike;
    const own = alike.map(({ result }) => result);
    const ran = releases.map(({ name }) => ({ name, repeats: own.filter(({ release }) => release === name) }));
    return {
      id,
      title,
      tags: [...tags],
      releases: ran.filter(({ repeats }) => repeats.length > 0).map(({ name, repeats }) => onRelease(name, repeats)),
      results: ran.flatMap(({ repeats }) => repeats),
    };
  });
}

function compare(drills: readonly QualifiedDrill[], before: TestedRelease, after: TestedRelease): Comparison {
  const [one, other] = [machineWords(before.machine), machineWords(after.machine)];
  const notComparable = one === other ? null : `they ran on different machines (${one}; ${other})`;
  const { timings, valuesNeeded } = timingsOf(
    drills,
    before.name,
    after.name,
    notComparable === null ? 'comparable' : 'not comparable',
  );
  return {
    before: before.name,
    after: after.name,
    changes: [...changesOf(drills, before.name, after.name)],
    timings: [...timings],
    notComparable,
    valuesNeeded,
  };
}

/** Why the runs of a release are not all there, as a sentence each. */
const missingRuns = ({ name, rounds }: TestedRelease): readonly string[] => {
  const missing = rounds.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return [];
  const [why] = missing.flatMap(({ trouble }) => trouble ?? []);
  return [`${missing.length} of ${rounds.length} rounds of ${name} are missing${why === undefined ? '' : `: ${why}`}`];
};

/** Says so if a release that is named by its version reports another one; of a pair, either of the two. */
const otherThanAsked = ({ name, reported, guestsReported }: TestedRelease): readonly string[] => {
  const [host = '', guests] = name.split('+');
  const differs = (asked: string, told: string | null): boolean =>
    /^\d+(\.\d+)+$/.test(asked) && told !== null && !new RegExp(`^${asked.replaceAll('.', '\\.')}(?!\\d)`).test(told);
  return [
    ...(differs(host, reported) ? [`${name} was asked for, and ${String(reported)} ran`] : []),
    ...(guests !== undefined && differs(guests, guestsReported)
      ? [`${name} was asked for, and its guests ran ${String(guestsReported)}`]
      : []),
  ];
};

type Verdict = Qualification['verdict'];

function verdictOf(
  { candidate, baseline, releases }: Findings,
  drills: readonly QualifiedDrill[],
  comparison: Comparison | null,
): Verdict {
  const two = releases.filter(({ name }) => name === candidate || name === baseline);
  const amiss = [...two.flatMap(missingRuns), ...two.flatMap(otherThanAsked)];
  if (!comparison)
    return {
      outcome: amiss.length > 0 ? 'inconclusive' : 'nothing to compare',
      candidate,
      baseline,
      reasons: [...amiss],
    };
  const titles = new Map(drills.map(({ id, title }) => [id, title]));
  const because = (effect: 'worse' | 'unclear'): readonly string[] =>
    comparison.changes
      .filter((change) => change.effect === effect)
      .map((change) => `${effectWords(change)}: ${titles.get(change.drill) ?? change.drill} (${change.words})`);
  const slower = timedByDrill(comparison.timings, 'slower').map((timings) => {
    const [{ drill }] = timings;
    const title = drill === null ? allDrills : (titles.get(drill) ?? drill);
    return `slower: ${title} (${timings.map(shortTiming).join(', ')})`;
  });
  const ranInBoth = comparison.changes.some(({ before, after }) => before !== null && after !== null);
  const worse = [...because('worse'), ...slower];
  const unclear = [...amiss, ...because('unclear'), ...(ranInBoth ? [] : ['no drill ran on both'])];
  const outcome = worse.length > 0 ? 'worse' : unclear.length > 0 ? 'inconclusive' : 'not worse';
  return { outcome, candidate, baseline, reasons: [...worse, ...unclear] };
}

/**
 * Judges what ran: what each drill came to on each release, how each release differs from the one before it, and whether
 * the candidate is worse than its baseline. The same findings always give the same verdict; docs/qualify.md has the rules.
 */
export function judge(findings: Findings): Qualification {
  const { releases, candidate, baseline } = findings;
  const drills = drillsOf(findings);
  const byName = new Map(releases.map((release) => [release.name, release]));
  const inOrder = releases.flatMap(({ name }, at) => (at === 0 ? [] : [[releases[at - 1]?.name, name]]));
  const asked = inOrder.some(([before, after]) => before === baseline && after === candidate);
  const pairs = [...inOrder, ...(asked ? [] : [[baseline, candidate]])].flatMap(
    ([before, after]): [TestedRelease, TestedRelease][] => {
      const [one, other] = [byName.get(before ?? ''), byName.get(after ?? '')];
      return one && other ? [[one, other]] : [];
    },
  );
  const comparisons = pairs.map(([before, after]) => compare(drills, before, after));
  const decisive = comparisons.find(({ before, after }) => after === candidate && before === baseline) ?? null;
  return {
    version: 1,
    startedAt: findings.startedAt,
    judgedAt: findings.judgedAt,
    parameters: findings.parameters,
    verdict: verdictOf(findings, drills, decisive),
    notes: [...findings.notes],
    releases: [...releases],
    comparisons,
    drills: [...drills],
    time: findings.time,
  };
}

/** The exit status that a verdict ends the command with. */
export const exitStatusOf = ({ verdict }: Qualification): number =>
  ({ worse: 1, 'not worse': 0, inconclusive: 3, 'nothing to compare': 0 })[verdict.outcome];
