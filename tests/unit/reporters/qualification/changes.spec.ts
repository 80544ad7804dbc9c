import { expect, test } from '@playwright/test';
import { exitStatusOf } from '../../../../reporters/qualification/judge.ts';
import { failed, inconclusive, judged, known, knownStayedAway, passed, skipped } from './qualification-samples.ts';

const changeOf = (...sides: Parameters<typeof judged>) => {
  const qualification = judged(...sides);
  const [change] = qualification.comparisons[0]?.changes ?? [];
  return { kind: change?.kind, effect: change?.effect, words: change?.words, status: exitStatusOf(qualification) };
};
const three = <Each>(each: Each): readonly Each[] => [each, each, each];

for (const { before, after, kind, effect, status } of [
  { before: passed, after: passed, kind: 'alike', effect: 'none', status: 0 },
  { before: passed, after: failed, kind: 'broke', effect: 'worse', status: 1 },
  { before: passed, after: known, kind: 'known', effect: 'none', status: 0 },
  { before: passed, after: inconclusive, kind: 'could not tell', effect: 'unclear', status: 3 },
  { before: passed, after: skipped, kind: 'not run', effect: 'unclear', status: 3 },
  { before: failed, after: passed, kind: 'mended', effect: 'better', status: 0 },
  { before: failed, after: failed, kind: 'fails still', effect: 'none', status: 0 },
  { before: failed, after: known, kind: 'known', effect: 'none', status: 0 },
  { before: known, after: passed, kind: 'mended', effect: 'better', status: 0 },
  { before: known, after: knownStayedAway, kind: 'mended', effect: 'better', status: 0 },
  { before: known, after: known, kind: 'known', effect: 'none', status: 0 },
  { before: known, after: failed, kind: 'broke', effect: 'worse', status: 1 },
  { before: inconclusive, after: passed, kind: 'new', effect: 'none', status: 0 },
  { before: inconclusive, after: failed, kind: 'could not tell', effect: 'unclear', status: 3 },
  { before: inconclusive, after: inconclusive, kind: 'could not tell', effect: 'unclear', status: 3 },
  { before: skipped, after: skipped, kind: 'alike', effect: 'none', status: 0 },
  { before: skipped, after: failed, kind: 'could not tell', effect: 'unclear', status: 3 },
  { before: skipped, after: known, kind: 'new', effect: 'none', status: 0 },
] as const) {
  const name = (side: { readonly verdict?: string; readonly finding?: string; readonly reason?: string }): string =>
    side === knownStayedAway ? 'passed unexpectedly' : side.finding ? 'known' : (side.verdict ?? 'passed');

  test(`${name(before)}, then ${name(after)}: ${kind}, and the exit status is ${status}`, () => {
    expect(changeOf(three(before), three(after))).toMatchObject({ kind, effect, status });
    expect(changeOf([before], [after])).toMatchObject({ kind, effect, status });
  });
}

test('a drill that fails now and then is flaky: unclear where it did not before, and nothing new where it did as often', () => {
  const sometimes = [failed, passed, passed];
  expect(changeOf(three(passed), sometimes)).toMatchObject({
    kind: 'flaky',
    effect: 'unclear',
    words: 'failed in 1 of 3, before in 0 of 3: that can be chance, and more repeats tell',
    status: 3,
  });
  expect(changeOf(sometimes, sometimes)).toMatchObject({ kind: 'flaky', effect: 'none', status: 0 });
  expect(changeOf(sometimes, three(passed))).toMatchObject({ kind: 'flaky', effect: 'none', status: 0 });
  expect(changeOf(sometimes, three(failed))).toMatchObject({ kind: 'flaky', effect: 'unclear', status: 3 });
});

test('a known finding that is seen now and then is flaky, and held against nobody', () => {
  const sometimes = [known, knownStayedAway, known];
  expect(changeOf(three(knownStayedAway), sometimes)).toMatchObject({
    kind: 'flaky',
    effect: 'none',
    words: 'failed in 0 and as known in 2 of 3, before in 0 of 3',
  });
  expect(changeOf(sometimes, three(known))).toMatchObject({ kind: 'flaky', effect: 'none', status: 0 });
});

test('a drill that fails so much more often that it is no chance broke; so much more seldom, it was mended', () => {
  const often = [...three(failed), ...three(failed), passed, passed];
  const seldom = [failed, ...three(passed), ...three(passed), passed];
  expect(changeOf(seldom, often)).toMatchObject({ kind: 'broke', effect: 'worse', status: 1 });
  expect(changeOf(often, seldom)).toMatchObject({ kind: 'mended', effect: 'better', status: 0 });
  expect(changeOf([...seldom, ...seldom], three(failed))).toMatchObject({ kind: 'broke', status: 1 });
});

test('repeats that could not tell decide nothing while others did, and are named', () => {
  const qualification = judged(three(passed), [passed, inconclusive, passed]);
  expect(qualification.comparisons[0]?.changes[0]).toMatchObject({ kind: 'alike', after: 'passed' });
  expect(qualification.drills[0]?.releases[1]).toMatchObject({
    standing: 'passed',
    unanimous: false,
    counts: { passed: 2, inconclusive: 1 },
  });
});

test('a drill that only one of the two ran is told, and counts where it does not pass', () => {
  expect(changeOf([], three(passed))).toMatchObject({ kind: 'new', effect: 'none' });
  expect(changeOf([], three(failed))).toMatchObject({ kind: 'could not tell', effect: 'unclear', status: 3 });
  expect(changeOf(three(passed), [])).toMatchObject({ kind: 'not run', effect: 'none' });
});

for (const { before, after, words } of [
  { before: passed, after: passed, words: '' },
  { before: passed, after: failed, words: 'passed before' },
  { before: passed, after: known, words: 'passed before; fails now as it is known to' },
  { before: failed, after: passed, words: 'failed before' },
  { before: failed, after: failed, words: 'failed before, too' },
  { before: failed, after: known, words: 'failed before; fails now as it is known to' },
  { before: known, after: passed, words: 'a known finding is no longer seen' },
  { before: known, after: failed, words: 'failed before as it is known to; now otherwise' },
  { before: known, after: known, words: 'fails as it is known to, as before' },
  { before: passed, after: inconclusive, words: 'no repeat could tell' },
  { before: passed, after: skipped, words: 'skipped; it was run before' },
  { before: inconclusive, after: passed, words: 'could not be told before' },
  { before: inconclusive, after: failed, words: 'fails now; it could not be told before' },
])
  test(`what became of a drill is said in words: ${words || 'nothing, where nothing did'}`, () => {
    expect(changeOf([before], [after]).words).toBe(words);
  });

test('of a drill that only one of the two ran it is said which, and of one that none of them ran, nothing', () => {
  expect(changeOf([], [passed]).words).toBe('was not run before');
  expect(changeOf([], [known])).toMatchObject({ kind: 'new', effect: 'none' });
  expect(changeOf([], [skipped])).toMatchObject({ kind: 'new', effect: 'none' });
  expect(changeOf([], [failed]).words).toBe('does not pass, and was not run before');
  expect(changeOf([], [inconclusive])).toMatchObject({ kind: 'could not tell', effect: 'unclear' });
  expect(changeOf([passed], []).words).toBe('not among the drills of the later one');
  expect(judged([], []).comparisons[0]?.changes).toEqual([]);
});

test('a drill that some repeats failed as it is known to, and others otherwise, says how many of each', () => {
  expect(changeOf([passed, passed, failed, known], [passed, known, known, failed]).words).toBe(
    'failed in 1 and as known in 2 of 4, before in 1 and as known in 1 of 4',
  );
});
