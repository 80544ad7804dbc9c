import type { Change, DrillOnRelease, QualifiedDrill, Standing } from './qualification.ts';
import { fisherTest, type Share } from './statistics.ts';

type Finding = Pick<Change, 'kind' | 'effect' | 'words'>;

/** From when on it is no chance that a drill fails more, or less, often. */
const level = 0.05;

/** A failure that is known is held against nobody. */
const failures = ({ counts }: DrillOnRelease): Share => ({
  hits: counts.failed,
  of: counts.passed + counts.failed + counts.known,
});

/** What to say where the repeats of at least one release do not agree: only what is no chance counts. */
function ofFlaky(before: DrillOnRelease, after: DrillOnRelease): Finding {
  const [was, is] = [failures(before), failures(after)];
  const knownIn = ({ counts }: DrillOnRelease): string => (counts.known > 0 ? ` and as known in ${counts.known}` : '');
  const words = `failed in ${is.hits}${knownIn(after)} of ${is.of}, before in ${was.hits}${knownIn(before)} of ${was.of}`;
  if (fisherTest(was, is) <= level) return { kind: 'broke', effect: 'worse', words };
  if (fisherTest({ ...was, hits: was.of - was.hits }, { ...is, hits: is.of - is.hits }) <= level)
    return { kind: 'mended', effect: 'better', words };
  const isMoreOften = is.hits / is.of > was.hits / was.of;
  return {
    kind: 'flaky',
    effect: isMoreOften ? 'unclear' : 'none',
    words: isMoreOften ? `${words}: that can be chance, and more repeats tell` : words,
  };
}

const alike: Finding = { kind: 'alike', effect: 'none', words: '' };
const broke = (words: string): Finding => ({ kind: 'broke', effect: 'worse', words });
const mended = (words: string): Finding => ({ kind: 'mended', effect: 'better', words });
const unclear = (words: string): Finding => ({ kind: 'could not tell', effect: 'unclear', words });
const fresh = (words: string): Finding => ({ kind: 'new', effect: 'none', words });

type Judged = Exclude<Standing, 'flaky' | 'inconclusive' | 'skipped'>;

/** Repeats of each release agree, and those of both judged Pacemaker. */
const ofJudged: Readonly<Record<Judged, Readonly<Record<Judged, Finding>>>> = {
  passed: {
    passed: alike,
    failed: broke('passed before'),
    known: { kind: 'known', effect: 'none', words: 'passed before; fails now as it is known to' },
  },
  failed: {
    passed: mended('failed before'),
    failed: { kind: 'fails still', effect: 'none', words: 'failed before, too' },
    known: { kind: 'known', effect: 'none', words: 'failed before; fails now as it is known to' },
  },
  known: {
    passed: mended('a known finding is no longer seen'),
    failed: broke('failed before as it is known to; now otherwise'),
    known: { kind: 'known', effect: 'none', words: 'fails as it is known to, as before' },
  },
};

const isJudged = (standing: Standing): standing is Judged =>
  standing === 'passed' || standing === 'failed' || standing === 'known';

function ofTwo(before: DrillOnRelease, after: DrillOnRelease): Finding {
  if (after.standing === 'inconclusive') return unclear('no repeat could tell');
  if (after.standing === 'skipped')
    return before.standing === 'skipped' ? alike : { ...unclear('skipped; it was run before'), kind: 'not run' };
  if (before.standing === 'inconclusive' || before.standing === 'skipped')
    return after.standing === 'passed' || after.standing === 'known'
      ? fresh('could not be told before')
      : unclear('fails now; it could not be told before');
  return isJudged(before.standing) && isJudged(after.standing)
    ? ofJudged[before.standing][after.standing]
    : ofFlaky(before, after);
}

function findingOf(before: DrillOnRelease | undefined, after: DrillOnRelease | undefined): Finding {
  if (before && after) return ofTwo(before, after);
  if (!after) return { kind: 'not run', effect: 'none', words: 'not among the drills of the later one' };
  return after.standing === 'passed' || after.standing === 'known' || after.standing === 'skipped'
    ? fresh('was not run before')
    : unclear('does not pass, and was not run before');
}

/**
 * Says of each drill that was run on one of two releases what became of it from the one to the other, and what that means
 * for the later one. docs/qualify.md has the rules.
 */
export const changesOf = (drills: readonly QualifiedDrill[], before: string, after: string): readonly Change[] =>
  drills.flatMap((drill) => {
    const [was, is] = [before, after].map((name) => drill.releases.find(({ release }) => release === name));
    if (!was && !is) return [];
    return [{ drill: drill.id, ...findingOf(was, is), before: was?.standing ?? null, after: is?.standing ?? null }];
  });
