import { expect, test } from '@playwright/test';
import { exitStatusOf, judge } from '../../../../reporters/qualification/judge.ts';
import { verdictWords } from '../../../../reporters/qualification/words.ts';
import { failed, findings, judged, known, passed, repeatsOf, testedRelease } from './qualification-samples.ts';

const missing = { round: 2, state: 'missing', startedAt: null, wallMs: null, folder: null } as const;

test('a candidate that breaks nothing and is not slower is not worse', () => {
  const qualification = judged([passed, passed], [passed, passed]);
  expect(qualification.verdict).toEqual({
    outcome: 'not worse',
    candidate: '3.0.1',
    baseline: '3.0.0',
    reasons: [],
  });
  expect(exitStatusOf(qualification)).toBe(0);
  expect(verdictWords(qualification)).toBe('3.0.1 is not worse than 3.0.0');
});

test('a candidate that breaks a drill is worse, whatever else could not be told', () => {
  const rounds = [...testedRelease('3.0.1').rounds, { ...missing, trouble: 'the lab did not come up: no space' }];
  const releases = [testedRelease('3.0.0'), testedRelease('3.0.1', { rounds })];
  const qualification = judged([passed, passed], [failed], { releases });
  expect(qualification.verdict).toMatchObject({
    outcome: 'worse',
    reasons: ['broke: it (passed before)', '1 of 2 rounds of 3.0.1 are missing: the lab did not come up: no space'],
  });
  expect(exitStatusOf(qualification)).toBe(1);
});

for (const name of ['3.0.0', '3.0.1'])
  test(`a round of ${name} that is missing makes it inconclusive`, () => {
    const rounds = [...testedRelease(name).rounds, { ...missing, trouble: null }];
    const releases = ['3.0.0', '3.0.1'].map((each) => testedRelease(each, each === name ? { rounds } : {}));
    const qualification = judged([passed], [passed], { releases });
    expect(qualification.verdict).toMatchObject({
      outcome: 'inconclusive',
      reasons: [`1 of 2 rounds of ${name} are missing`],
    });
    expect(exitStatusOf(qualification)).toBe(3);
    expect(verdictWords(qualification)).toBe('Whether 3.0.1 is worse than 3.0.0 could not be told');
  });

test('a release that reports another version than was asked for makes it inconclusive', () => {
  const verdictOf = (name: string, reported: string) =>
    judged([passed], [passed], {
      releases: [testedRelease('3.0.0'), testedRelease('3.0.1', { name, reported })],
      candidate: name,
    }).verdict;
  expect(verdictOf('3.0.1', '3.0.0-3.0.0').reasons).toContain('3.0.1 was asked for, and 3.0.0-3.0.0 ran');
  expect(verdictOf('3.0.1', '3.0.10-1').reasons).toContain('3.0.1 was asked for, and 3.0.10-1 ran');
  expect(verdictOf('3.0.1', '3.0.1-3.0.1')).toMatchObject({ outcome: 'not worse', reasons: [] });
  expect(verdictOf('src:pacemaker', '3.0.4-1').reasons).not.toContainEqual(expect.stringContaining('was asked for'));
});

test('a round that is missing of a release that the verdict is not about changes nothing', () => {
  const rounds = [{ ...missing, round: 1, trouble: null }];
  const releases = [testedRelease('2.1.5', { rounds }), testedRelease('3.0.0'), testedRelease('3.0.1')];
  expect(judged([passed], [passed], { releases }).verdict.outcome).toBe('not worse');
});

test('two releases that ran no drill in common can not be compared', () => {
  const results = [...repeatsOf('one', '3.0.0', [passed]), ...repeatsOf('other', '3.0.1', [passed])];
  const qualification = judge(findings(results));
  expect(qualification.verdict).toMatchObject({ outcome: 'inconclusive', reasons: ['no drill ran on both'] });
});

test('a release alone has nothing to be compared with', () => {
  const alone = { releases: [testedRelease('3.0.1')], baseline: null } as const;
  const qualification = judge(findings(repeatsOf('it', '3.0.1', [failed]), alone));
  expect(qualification.verdict.outcome).toBe('nothing to compare');
  expect(exitStatusOf(qualification)).toBe(0);
  expect(verdictWords(qualification)).toBe('3.0.1 ran; there is nothing to compare it with');
  const rounds = [{ ...missing, trouble: 'it was not run' }];
  const without = judge(findings([], { ...alone, releases: [testedRelease('3.0.1', { rounds })] }));
  expect(exitStatusOf(without)).toBe(3);
  expect(verdictWords(without)).toBe('3.0.1 could not be qualified');
});

test('each release is compared with the one before it, and the candidate with its baseline; only that decides', () => {
  const releases = ['2.1.5', '3.0.0', '3.0.1'].map((name) => testedRelease(name));
  const results = [
    ...repeatsOf('it', '2.1.5', [passed]),
    ...repeatsOf('it', '3.0.0', [failed]),
    ...repeatsOf('it', '3.0.1', [failed]),
  ];
  const pairs = (baseline: string) => {
    const { comparisons, verdict } = judge(findings(results, { releases, baseline }));
    return { compared: comparisons.map(({ before, after }) => `${before} ${after}`), outcome: verdict.outcome };
  };
  expect(pairs('3.0.0')).toEqual({ compared: ['2.1.5 3.0.0', '3.0.0 3.0.1'], outcome: 'not worse' });
  expect(pairs('2.1.5')).toEqual({ compared: ['2.1.5 3.0.0', '3.0.0 3.0.1', '2.1.5 3.0.1'], outcome: 'worse' });
});

test('a known finding of the candidate is told, and does not make it worse', () => {
  const qualification = judged([passed], [known]);
  expect(qualification.verdict.outcome).toBe('not worse');
  expect(qualification.drills[0]?.releases[1]).toMatchObject({ standing: 'known', counts: { known: 1, failed: 0 } });
});

test('the same findings are judged the same way', () => {
  const twice = [1, 2].map(() => judged([passed, failed], [failed, failed]));
  expect(twice[0]).toEqual(twice[1]);
});

test('what was found is kept with the verdict: notes, releases, and each drill’s title and tags', () => {
  const [one] = repeatsOf('it', '3.0.0', [passed]);
  const [other] = repeatsOf('it', '3.0.1', [failed]);
  const results = [one, other].flatMap((each) =>
    each ? [{ ...each, title: 'it is recovered', tags: ['@quick'] }] : [],
  );
  const given = findings(results, { notes: ['a note'] });
  const qualification = judge(given);
  expect(qualification).toMatchObject({ notes: ['a note'], releases: given.releases });
  expect(qualification.drills).toMatchObject([{ id: 'it', title: 'it is recovered', tags: ['@quick'] }]);
  expect(qualification.verdict.reasons).toEqual(['broke: it is recovered (passed before)']);
});

test('a drill in common is enough to compare two releases, whatever else only one of them ran', () => {
  const results = [
    ...repeatsOf('it', '3.0.0', [passed]),
    ...repeatsOf('it', '3.0.1', [passed]),
    ...repeatsOf('new', '3.0.1', [passed]),
  ];
  expect(judge(findings(results)).verdict).toMatchObject({ outcome: 'not worse', reasons: [] });
});

test('a release that reported no version is taken for what it was asked for, and one of a name that is none is not compared', () => {
  const verdictOf = (name: string, reported: string | null) =>
    judged([passed], [], {
      releases: [testedRelease('3.0.0'), testedRelease('3.0.1', { name, reported })],
      candidate: name,
    }).verdict.reasons.filter((reason) => reason.includes('was asked for'));
  expect(verdictOf('3.0.1', null)).toEqual([]);
  expect(verdictOf('10.12.3', '10.12.4')).toEqual(['10.12.3 was asked for, and 10.12.4 ran']);
  expect(verdictOf('v3.0.1', '3.0.2')).toEqual([]);
  expect(verdictOf('3.0.1-rc1', '3.0.2')).toEqual([]);
});

test('a release alone that is not all there says why', () => {
  const rounds = [{ ...missing, trouble: 'it was not run' }];
  const alone = { releases: [testedRelease('3.0.1', { rounds })], baseline: null } as const;
  expect(judge(findings([], alone)).verdict.reasons).toEqual(['1 of 1 rounds of 3.0.1 are missing: it was not run']);
});

test('the verdict is about the candidate and its baseline, whatever became of a release between them', () => {
  const releases = ['2.1.5', '3.0.0', '3.0.1'].map((name) => testedRelease(name));
  const results = [
    ...repeatsOf('it', '2.1.5', [passed]),
    ...repeatsOf('it', '3.0.0', [failed]),
    ...repeatsOf('it', '3.0.1', [passed]),
  ];
  const { verdict } = judge(findings(results, { releases, baseline: '2.1.5' }));
  expect(verdict).toMatchObject({ outcome: 'not worse', reasons: [] });
});

test('a drill that only another release ran is no change of these two', () => {
  const releases = ['2.1.5', '3.0.0', '3.0.1'].map((name) => testedRelease(name));
  const results = [
    ...repeatsOf('old', '2.1.5', [passed]),
    ...repeatsOf('it', '3.0.0', [passed]),
    ...repeatsOf('it', '3.0.1', [passed]),
  ];
  const { comparisons } = judge(findings(results, { releases }));
  expect(comparisons.find(({ after }) => after === '3.0.1')?.changes.map(({ drill }) => drill)).toEqual(['it']);
});
