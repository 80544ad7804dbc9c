import { groupBy } from '../group-by.ts';
import type {
  Change,
  ChangeKind,
  Comparison,
  DrillOnRelease,
  Machine,
  Qualification,
  QualifiedDrill,
  Standing,
  TestedRelease,
  Timing,
  TimedPhase,
} from './qualification.ts';

/** Milliseconds as people say them: `250 ms`, `1.25 s`, `62.1 s`. */
export function duration(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1_000) return `${Math.round(ms)} ms`;
  return size < 10_000 ? `${(ms / 1_000).toFixed(2)} s` : `${(ms / 1_000).toFixed(1)} s`;
}

/** How many repeats passed, where they do not agree; else empty. */
export const passedWords = ({ counts, unanimous }: Pick<DrillOnRelease, 'counts' | 'unanimous'>): string =>
  unanimous ? '' : `${counts.passed} of ${Object.values(counts).reduce((sum, count) => sum + count, 0)} passed`;

/** The median time from the fault to recovery; empty where none was reached. */
export const recoveredWords = ({ phases: { recovered } }: Pick<DrillOnRelease, 'phases'>): string =>
  recovered ? duration(recovered.medianMs) : '';

/** A difference with its sign. */
const signed = (ms: number): string => (ms < 0 ? `−${duration(-ms)}` : `+${duration(ms)}`);

/** A machine by what decides how quick it is. */
export const machineWords = ({ cpu, cores, memoryGiB }: Machine): string => `${cpu}, ${cores} cores, ${memoryGiB} GiB`;

const kinds: Readonly<Record<ChangeKind, string>> = {
  broke: 'broke',
  mended: 'mended',
  known: 'known finding',
  'fails still': 'fails still',
  flaky: 'flaky',
  'could not tell': 'could not tell',
  'not run': 'not run',
  new: 'new',
  alike: 'alike',
};

export const effectWords = ({ kind }: Pick<Change, 'kind'>): string => kinds[kind];

/** What is compared of a phase. */
export const phaseWords = (phase: TimedPhase): string =>
  phase === 'detected' ? 'detected (since the fault)' : `${phase} (since detected)`;

const probability = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** A difference in time with all that it rests on. */
export function timingWords({ before, after, shiftMs, intervalMs, delta, adjustedP }: Timing): string {
  const interval = intervalMs === null ? '' : ` (95 %: ${signed(intervalMs[0])} to ${signed(intervalMs[1])})`;
  const medians =
    before.medianMs === null || after.medianMs === null
      ? ''
      : `, median ${duration(before.medianMs)} of ${before.count} → ${duration(after.medianMs)} of ${after.count}`;
  const effect = delta === null ? '' : `, Cliff's delta ${delta.toFixed(2)}`;
  return `${signed(shiftMs)}${interval}${medians}${effect}, ${probability(adjustedP)}`;
}

/** The verdict as a sentence. */
export function verdictWords({ verdict: { outcome, candidate, baseline } }: Qualification): string {
  switch (outcome) {
    case 'worse':
      return `${candidate} is worse than ${baseline ?? 'nothing'}`;
    case 'not worse':
      return `${candidate} is not worse than ${baseline ?? 'nothing'}`;
    case 'inconclusive':
      return baseline === null
        ? `${candidate} could not be qualified`
        : `Whether ${candidate} is worse than ${baseline} could not be told`;
    case 'nothing to compare':
      return `${candidate} ran; there is nothing to compare it with`;
  }
}

/** What was run, how often, and when. */
export function aboutWords({ parameters: { choice, repeat, plan, host }, startedAt }: Qualification): string {
  const chosen = choice.length > 0 ? choice.join(' ') : 'all drills';
  return [chosen, `${repeat} rounds`, `plan ${plan} on a ${host}`, `started ${startedAt}`].join(' · ');
}

export const releaseColumns = ['release', 'as reported', 'system', 'rounds', 'machine'] as const;

/** What there is to know of a release, in the order of {@link releaseColumns}. */
export function releaseCells({
  name,
  reported,
  guestsReported,
  os,
  rounds,
  machine,
}: TestedRelease): readonly string[] {
  const done = rounds.filter(({ state }) => state === 'done').length;
  return [
    name,
    `${reported ?? '–'}${guestsReported === null ? '' : `, guests ${guestsReported}`}`,
    os ?? '–',
    done === rounds.length ? String(done) : `${done} of ${rounds.length}`,
    machineWords(machine),
  ];
}

/** A heading with what is told under it. */
export interface Section {
  readonly title: string;
  readonly items: readonly SectionItem[];
}

export interface SectionItem {
  readonly lead: string;
  readonly words: string;
  /** Why the later release's drill did not pass, or null. */
  readonly reason: string | null;
  readonly links: readonly { readonly text: string; readonly href: string }[];
}

const linksPerItem = 3;

/** Where evidence and pictures of the drill's repeats on a release are; of those that did not pass, if there are any. */
function linksOf(drill: QualifiedDrill | undefined, release: string): SectionItem['links'] {
  const own = drill?.results.filter((result) => result.release === release) ?? [];
  const bad = own.filter(({ verdict }) => verdict !== 'passed');
  return (bad.length > 0 ? bad : own)
    .flatMap(({ round, evidence, picture }) => [
      ...(evidence === null ? [] : [{ text: `evidence, round ${round}`, href: evidence }]),
      ...(picture === null ? [] : [{ text: `timeline, round ${round}`, href: picture }]),
    ])
    .slice(0, linksPerItem);
}

function reasonFor(drill: QualifiedDrill | undefined, release: string): string | null {
  const bad = drill?.results.find((result) => result.release === release && result.verdict !== 'passed');
  if (!bad) return null;
  const [first = ''] = bad.reason.split('\n');
  return bad.finding === null ? first : `${first} (known: ${bad.finding})`;
}

const told: readonly (readonly [string, readonly ChangeKind[]])[] = [
  ['What broke', ['broke']],
  ['What was mended', ['mended']],
  ['Flaky', ['flaky']],
  ['Could not be told', ['could not tell', 'not run']],
  ['Fails still', ['fails still']],
  ['Known findings', ['known']],
];

const timed = [
  ['What got slower', 'slower'],
  ['What got quicker', 'quicker'],
] as const;

export const allDrills = 'all drills together';

/** What got slower, or quicker, with the phases of a drill together; the first is where it began. */
export const timedByDrill = (
  timings: readonly Timing[],
  wanted: 'slower' | 'quicker',
): readonly (readonly [Timing, ...Timing[]])[] =>
  groupBy(
    timings.filter(({ kind }) => kind === wanted),
    ({ drill }) => drill ?? '',
  );

/** A difference in time in short. */
export const shortTiming = ({ phase, shiftMs }: Timing): string => `${phase} ${signed(shiftMs)}`;

/** A known finding that was seen before as well is in the table, and no difference. */
const isOldNews = (kind: ChangeKind, before: Standing | null): boolean => kind === 'known' && before === 'known';

/** Tells how one release differs from another, what matters most first; headings without anything are left out. */
export function differences({ drills }: Qualification, comparison: Comparison): readonly Section[] {
  const { changes, timings, after } = comparison;
  const drillOf = (id: string | null): QualifiedDrill | undefined => drills.find((drill) => drill.id === id);
  const ofChanges = told.map(([title, wanted]): Section => ({
    title,
    items: changes
      .filter(
        ({ kind, before, after: standing }) => wanted.includes(kind) && standing !== null && !isOldNews(kind, before),
      )
      .map((change) => {
        const drill = drillOf(change.drill);
        return {
          lead: drill?.title ?? change.drill,
          words: change.words,
          reason: change.kind === 'mended' ? null : reasonFor(drill, after),
          links: linksOf(drill, after),
        };
      }),
  }));
  const ofTimings = timed.map(([title, kind]): Section => ({
    title,
    items: timedByDrill(timings, kind).map(([first, ...rest]) => ({
      lead: drillOf(first.drill)?.title ?? allDrills,
      words: [`${phaseWords(first.phase)} ${timingWords(first)}`, ...rest.map(shortTiming)].join('; '),
      reason: null,
      links: [],
    })),
  }));
  const [broke, ...rest] = ofChanges;
  return [...(broke ? [broke] : []), ...ofTimings, ...rest].filter(({ items }) => items.length > 0);
}

/** Says of the times of two releases what could be told at all. */
export function speedWords({ timings, notComparable, valuesNeeded }: Comparison): string {
  const single = timings.filter(({ drill }) => drill !== null);
  if (single.length === 0) return 'No phase was measured on both.';
  const count = (wanted: Timing['kind']): number => single.filter(({ kind }) => kind === wanted).length;
  if (notComparable !== null) return `No time is compared: ${notComparable}.`;
  const tooFew = count('too few to tell');
  const parts = [
    `${single.length} phases compared: ${count('slower')} slower, ${count('quicker')} quicker`,
    `${count('negligible')} differ by too little to matter`,
    `${count('alike')} show no difference`,
    ...(tooFew > 0 ? [`${tooFew} have too few repeats to tell (${valuesNeeded ?? 0} of each are needed)`] : []),
  ];
  const overall = timings
    .filter(({ drill }) => drill === null)
    .map((timing) => `${timing.phase} ${signed(timing.shiftMs)} (${timing.kind}, ${probability(timing.adjustedP)})`);
  return `${parts.join('; ')}.${overall.length > 0 ? ` All drills together: ${overall.join(', ')}.` : ''}`;
}

/** Names the drills whose repeats on a release do not agree, with how often they came to what. */
export function disagreements({ drills }: Qualification): readonly string[] {
  return drills.flatMap(({ title, releases }) =>
    releases
      .filter(({ unanimous }) => !unanimous)
      .map(({ release, counts }) => {
        const counted = Object.entries(counts).filter(([, count]) => count > 0);
        return `${title}, on ${release}: ${counted.map(([name, count]) => `${count} ${name}`).join(', ')}`;
      }),
  );
}

const shares = [
  ['bringingUp', 'bringing labs up'],
  ['drills', 'drills'],
  ['resets', 'resets'],
  ['betweenDrills', 'steady state and connections between drills'],
  ['startingAndReporting', 'starting and reporting'],
  ['takingDown', 'taking labs down'],
  ['lost', 'runs cut off'],
  ['idle', 'idle'],
] as const;

/** Says how the time divides; empty where that is not known. */
export function timeWords({ time }: Qualification): string {
  if (time === null) return '';
  const { wallMs, labs, spentMs } = time;
  const all = shares.reduce((total, [part]) => total + spentMs[part], 0);
  const told = shares.filter(([part]) => part !== 'lost' || spentMs.lost > 0);
  const parts = told.map(([part, name]) => `${name} ${Math.round((100 * spentMs[part]) / Math.max(1, all))} %`);
  const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`;
  return `${minutes(wallMs)} in all, of which ${minutes(spentMs.building)} for images; then ${labs} side by side: ${parts.join(', ')}.`;
}
