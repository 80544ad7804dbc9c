import { timedPhases, type QualifiedDrill, type TimedPhase, type Timing } from './qualification.ts';
import { reachedAfter } from './standings.ts';
import { holm, median, rankTest, shiftOf, smallestP, valuesNeeded, type TwoSamples } from './statistics.ts';

/** The chance of a false alarm that is allowed, in all comparisons of two releases together. */
export const level = 0.05;
/** A difference that is smaller is no news: samples are 200 ms apart, and agents look once a second. */
const noNewsMs = 250;
const noNewsShare = 0.1;

/** A phase of a drill, or of all, as it was measured on both releases. */
interface Measure {
  readonly drill: string | null;
  readonly phase: TimedPhase;
  readonly samples: readonly TwoSamples[];
}

/** How a phase is measured: detection since the injection, what follows since the detection, since how long a monitor takes to come round is chance. */
function valuesOf({ results }: QualifiedDrill, release: string, phase: TimedPhase): readonly number[] {
  const own = results.filter((result) => result.release === release);
  if (phase === 'detected') return reachedAfter(own, phase);
  return own.flatMap((result) => {
    const [detected] = reachedAfter([result], 'detected');
    const [reached] = reachedAfter([result], phase);
    return detected === undefined || reached === undefined ? [] : [reached - detected];
  });
}

function acceleratorsOf({ results }: QualifiedDrill, release: string): string {
  const own = results.filter((result) => result.release === release).map(({ accelerator }) => accelerator ?? '');
  return [...new Set(own)].sort().join();
}

const rounded = (value: number): number => Math.round(value);

function effectOf({ samples }: Measure): Pick<Timing, 'before' | 'after' | 'shiftMs' | 'intervalMs' | 'delta'> {
  const shifts = samples.map(shiftOf).filter((shift) => shift !== null);
  const side = (which: keyof TwoSamples): Timing['before'] => {
    const middle = median(samples.flatMap((each) => median(each[which]) ?? []));
    return {
      count: samples.reduce((total, each) => total + each[which].length, 0),
      medianMs: middle === null ? null : rounded(middle),
    };
  };
  const [only] = samples.length === 1 ? shifts : [];
  return {
    before: side('before'),
    after: side('after'),
    shiftMs: rounded(median(shifts.map(({ shift }) => shift)) ?? 0),
    intervalMs: only?.interval ? [rounded(only.interval[0]), rounded(only.interval[1])] : null,
    delta: only?.delta ?? null,
  };
}

/** The smallest p that a measure can come to, however much it differs. */
const bestP = ({ samples }: Measure): number =>
  // Either all samples are greater or all are smaller: the two sides count once.
  samples.reduce((p, { before, after }) => (p * smallestP(before.length, after.length)) / 2, 2);

function judged(measures: readonly Measure[], isComparable: boolean): readonly Timing[] {
  const ps = measures.map(({ samples }) => rankTest(samples));
  const adjusted = holm(ps);
  return measures.map((measure, at): Timing => {
    const effect = effectOf(measure);
    const [p, adjustedP] = [ps[at] ?? 1, adjusted[at] ?? 1];
    const matters = Math.abs(effect.shiftMs) >= Math.max(noNewsMs, noNewsShare * (effect.before.medianMs ?? 0));
    const kind = (): Timing['kind'] => {
      if (!isComparable) return 'not comparable';
      if (adjustedP <= level) return !matters ? 'negligible' : effect.shiftMs > 0 ? 'slower' : 'quicker';
      return bestP(measure) * measures.length > level ? 'too few to tell' : 'alike';
    };
    const { drill, phase } = measure;
    return { drill, phase, ...effect, p, adjustedP, kind: kind() };
  });
}

export interface Timings {
  readonly timings: readonly Timing[];
  /** How many repeats it takes to tell a difference of one drill, with as many comparisons; null where none could be made. */
  readonly valuesNeeded: number | null;
}

/**
 * Compares how long each phase took on two releases: of each drill by itself, corrected for all of these comparisons, and of
 * all drills together, where a change that many share shows with few repeats. Drills whose KVM guests had another
 * accelerator are left out. With `not comparable`, nothing is made of the differences.
 */
export function timingsOf(
  drills: readonly QualifiedDrill[],
  before: string,
  after: string,
  machines: 'comparable' | 'not comparable',
): Timings {
  const single = drills
    .filter((drill) => acceleratorsOf(drill, before) === acceleratorsOf(drill, after))
    .flatMap((drill) =>
      timedPhases.map((phase) => ({
        drill: drill.id,
        phase,
        samples: [{ before: valuesOf(drill, before, phase), after: valuesOf(drill, after, phase) }],
      })),
    )
    .filter(({ samples }) => samples.every((each) => each.before.length > 0 && each.after.length > 0));
  const overall = timedPhases
    .map((phase) => ({
      drill: null,
      phase,
      samples: single.filter((measure) => measure.phase === phase).flatMap(({ samples }) => samples),
    }))
    .filter(({ samples }) => samples.length > 1);
  const isComparable = machines === 'comparable';
  return {
    timings: [...judged(overall, isComparable), ...judged(single, isComparable)],
    valuesNeeded: single.length === 0 ? null : valuesNeeded(single.length, level),
  };
}
