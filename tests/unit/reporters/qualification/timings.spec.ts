import { expect, test } from '@playwright/test';
import { judge } from '../../../../reporters/qualification/judge.ts';
import type { Qualification, Timing } from '../../../../reporters/qualification/qualification.ts';
import {
  findings,
  inconclusive,
  judged,
  later,
  laterBy,
  repeatsOf,
  smallMachine,
  testedRelease,
} from './qualification-samples.ts';

const timingsOf = ({ comparisons }: Qualification, drill: string | null = 'it'): readonly Timing[] =>
  comparisons[0]?.timings.filter((timing) => timing.drill === drill) ?? [];
const recovered = (qualification: Qualification, drill: string | null = 'it'): Timing | undefined =>
  timingsOf(qualification, drill).find(({ phase }) => phase === 'recovered');

test('a recovery that is always a second later is slower, with the size of it, its interval, and how sure that is', () => {
  const qualification = judged(laterBy(0, 8), laterBy(1_000, 8));
  expect(recovered(qualification)).toMatchObject({
    kind: 'slower',
    before: { count: 8, medianMs: 7_624 },
    after: { count: 8, medianMs: 8_624 },
    shiftMs: 1_000,
    intervalMs: [991, 1_009],
    delta: 1,
  });
  expect(recovered(qualification)?.adjustedP).toBeLessThan(0.001);
  expect(qualification.verdict).toMatchObject({ outcome: 'worse' });
  expect(qualification.verdict.reasons).toEqual([
    'slower: it (stopped +1.00 s, restarted +1.00 s, reconnected +1.00 s, recovered +1.00 s)',
  ]);
});

test('a recovery that is always a second earlier is quicker, and not worse', () => {
  const qualification = judged(laterBy(1_000, 8), laterBy(0, 8));
  expect(recovered(qualification)).toMatchObject({ kind: 'quicker', shiftMs: -1_000, delta: -1 });
  expect(qualification.verdict).toMatchObject({ outcome: 'not worse', reasons: [] });
});

test('what is surely later, but by less than 250 ms or a tenth, is no news', () => {
  const by = (ms: number, wanted: string) =>
    timingsOf(judged(laterBy(0, 8), laterBy(ms, 8))).find(({ phase }) => phase === wanted);
  expect(by(249, 'stopped')).toMatchObject({ kind: 'negligible', shiftMs: 249 });
  expect(by(250, 'stopped')).toMatchObject({ kind: 'slower' });
  // Of 7.6 s, a tenth is more than 250 ms.
  expect(by(700, 'recovered')).toMatchObject({ kind: 'negligible' });
  expect(by(800, 'recovered')).toMatchObject({ kind: 'slower' });
});

test('with three repeats nothing can be told of one drill, and it is said how many it takes', () => {
  const qualification = judged(laterBy(0, 3), laterBy(5_000, 3));
  expect(recovered(qualification)).toMatchObject({ kind: 'too few to tell', p: 0.1 });
  expect(qualification.comparisons[0]?.valuesNeeded).toBe(5);
  expect(qualification.verdict.outcome).toBe('not worse');
});

test('where enough repeats show no difference, it says so', () => {
  expect(recovered(judged(laterBy(0, 8), laterBy(1, 8)))).toMatchObject({ kind: 'alike' });
});

test('the number of comparisons is corrected for: what one drill shows, it does not show among many', () => {
  const five = [...repeatsOf('it', '3.0.0', laterBy(0, 5)), ...repeatsOf('it', '3.0.1', laterBy(5_000, 5))];
  expect(recovered(judge(findings(five)))).toMatchObject({ kind: 'slower' });
  const many = Array.from({ length: 9 }, (_, at) => `other ${at}`).flatMap((drill) => [
    ...repeatsOf(drill, '3.0.0', laterBy(0, 5)),
    ...repeatsOf(drill, '3.0.1', laterBy(0, 5)),
  ]);
  expect(recovered(judge(findings([...five, ...many])))).toMatchObject({ kind: 'too few to tell' });
});

test('what all drills share shows with three repeats; what one of many does, does not show in all', () => {
  const drills = ['a', 'b', 'c', 'd'];
  const with3 = (shift: (drill: string) => number): Qualification =>
    judge(
      findings(
        drills.flatMap((drill) => [
          ...repeatsOf(drill, '3.0.0', laterBy(0, 3)),
          ...repeatsOf(drill, '3.0.1', laterBy(shift(drill), 3)),
        ]),
      ),
    );
  const all = with3(() => 1_000);
  expect(recovered(all, null)).toMatchObject({ kind: 'slower', shiftMs: 1_000, before: { count: 12 } });
  expect(all.verdict.outcome).toBe('worse');
  expect(all.verdict.reasons).toContainEqual(expect.stringMatching(/^slower: all drills together \(stopped/));
  expect(
    recovered(
      with3((drill) => (drill === 'a' ? 9_000 : 0)),
      null,
    ),
  ).not.toMatchObject({ kind: 'slower' });
});

test('detection counts from the fault, all else from the detection: how long a monitor takes to come round is chance', () => {
  const detectedLater = Array.from({ length: 8 }, (_, at) => {
    const { phases } = later(10_000 + at);
    return { phases: phases ? { ...phases, detected: (phases.detected ?? 0) + 10_000 + at } : null };
  });
  const qualification = judged(laterBy(0, 8), detectedLater);
  expect(recovered(qualification)?.kind).not.toBe('slower');
  expect(timingsOf(qualification).find(({ phase }) => phase === 'detected')).toMatchObject({ kind: 'slower' });
});

test('repeats that could not tell are no measure of anything', () => {
  const unsure = laterBy(60_000, 8).map((repeat) => ({ ...repeat, ...inconclusive }));
  const qualification = judged(laterBy(0, 8), [...laterBy(0, 8), ...unsure]);
  expect(recovered(qualification)).toMatchObject({ after: { count: 8 } });
});

test('times of another machine are shown, and nothing is made of them', () => {
  const releases = [testedRelease('3.0.0'), testedRelease('3.0.1', { machine: { ...smallMachine, cores: 2 } })];
  const qualification = judged(laterBy(0, 8), laterBy(9_000, 8), { releases });
  expect(recovered(qualification)).toMatchObject({ kind: 'not comparable', shiftMs: 9_000 });
  expect(qualification.comparisons[0]?.notComparable).toMatch(/different machines \(a processor, 4 cores.*2 cores/);
  expect(qualification.verdict.outcome).toBe('not worse');
});

test('a KVM guest under another accelerator is not compared', () => {
  const slow = laterBy(60_000, 8).map((repeat) => ({ ...repeat, accelerator: 'tcg' }));
  const quick = laterBy(0, 8).map((repeat) => ({ ...repeat, accelerator: 'kvm' }));
  expect(timingsOf(judged(quick, slow))).toEqual([]);
});

test('a drill that only one of the releases ran has no times to compare, and no number of repeats would help', () => {
  for (const [before, after] of [
    [laterBy(0, 8), []],
    [[], laterBy(0, 8)],
  ] as const) {
    const qualification = judged(before, after);
    expect(qualification.comparisons[0]).toMatchObject({ timings: [], valuesNeeded: null });
  }
});

const without = (phase: 'detected' | 'recovered') => {
  const { phases } = later(0);
  return { phases: phases ? { ...phases, [phase]: null } : null };
};

for (const phase of ['detected', 'recovered'] as const)
  test(`a repeat that was never ${phase} says nothing of how long a recovery took`, () => {
    const qualification = judged(laterBy(0, 8), [...laterBy(0, 7), without(phase)]);
    expect(recovered(qualification)).toMatchObject({ kind: 'alike', after: { count: 7 } });
  });

test('five repeats that show no difference are enough to say so of one drill', () => {
  expect(recovered(judged(laterBy(0, 5), laterBy(1, 5)))).toMatchObject({ kind: 'alike' });
});

test('KVM guests under the same accelerators are compared, in whatever order they ran', () => {
  const under = (...accelerators: readonly string[]) =>
    laterBy(0, accelerators.length).map((repeat, at) => ({ ...repeat, accelerator: accelerators[at] ?? null }));
  expect(timingsOf(judged(under('kvm', 'tcg'), under('tcg', 'kvm')))).not.toEqual([]);
});

test('of all drills together the size is told, and no interval or share, which each drill has by itself', () => {
  const results = ['a', 'b'].flatMap((drill) => [
    ...repeatsOf(drill, '3.0.0', laterBy(0, 8)),
    ...repeatsOf(drill, '3.0.1', laterBy(1_000, 8)),
  ]);
  const qualification = judge(findings(results));
  expect(recovered(qualification, null)).toMatchObject({ shiftMs: 1_000, intervalMs: null, delta: null });
  expect(recovered(qualification, 'a')).toMatchObject({ shiftMs: 1_000, intervalMs: [991, 1_009], delta: 1 });
});

test('another release’s accelerators do not make two of them comparable', () => {
  const under = (release: string, ...accelerators: readonly string[]) =>
    repeatsOf(
      'it',
      release,
      accelerators.map((accelerator) => ({ ...later(0), accelerator })),
    );
  const releases = ['3.0.0', '3.0.1', '3.0.3'].map((name) => testedRelease(name));
  const results = [...under('3.0.0', 'kvm'), ...under('3.0.1', 'tcg'), ...under('3.0.3', 'kvm', 'tcg')];
  expect(timingsOf(judge(findings(results, { releases })))).toEqual([]);
});
