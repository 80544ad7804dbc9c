import { readPhaseStep, type PhaseStep } from '../phase-step.ts';

/** The part of Playwright's step that matters here. */
export interface SeenStep {
  readonly title: string;
  readonly category: string;
  readonly startTime: Date;
  readonly duration: number;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly parent?: SeenStep;
}

/** How far a drill is. Times of day are the runner's, in milliseconds since the epoch. */
export interface DrillProgress {
  begin(step: SeenStep): void;
  end(step: SeenStep): void;
  /** Says in words what is under way and for how long, against its budget where it has one. */
  now(atMs: number): string;
}

/** A watch for phases: the step in which they are told, and what was told last. */
interface Watch {
  readonly step: SeenStep | undefined;
  readonly last: PhaseStep;
  readonly reached: ReadonlySet<string>;
  /** When the fault was injected, by the runner's clock: for showing only. */
  readonly injectedAtMs: number;
}

const seconds = (ms: number): string => `${(Math.max(ms, 0) / 1_000).toFixed(1)} s`;

/** Says whether a step is one of those by which a drill tells what it does. */
export const isTold = ({ category }: Pick<SeenStep, 'category'>): boolean => category === 'test.step';

/** The phase that has to be reached next: of those that are not reached the one with the least budget that is not over the last. */
function awaited({ last, reached }: Watch): readonly [phase: string, budgetMs: number] | undefined {
  return Object.entries(last.budgets)
    .filter(([phase, budgetMs]) => !reached.has(phase) && budgetMs >= (last.budgets[last.phase] ?? 0))
    .toSorted(([, a], [, b]) => a - b)[0];
}

/** Follows a drill by its steps. */
export function followDrill(startedAtMs: number): DrillProgress {
  const open: SeenStep[] = [];
  let watch: Watch | null = null;
  return {
    begin(step) {
      if (!isTold(step)) return;
      const last = readPhaseStep(step);
      if (last === null) {
        open.push(step);
        return;
      }
      const injectedAtMs = step.startTime.getTime() - last.sinceInjectionMs;
      watch = {
        step: step.parent,
        last,
        reached: new Set([...(watch?.reached ?? []), last.phase]),
        injectedAtMs: Math.min(watch?.injectedAtMs ?? injectedAtMs, injectedAtMs),
      };
    },
    end(step) {
      const at = open.indexOf(step);
      if (at >= 0) open.splice(at, 1);
      if (step === watch?.step) watch = null;
    },
    now(atMs) {
      if (watch !== null) {
        const next = awaited(watch);
        const since = seconds(atMs - watch.injectedAtMs);
        return next === undefined
          ? `${watch.last.phase} · ${since} since the injection`
          : `${watch.last.phase} · ${next[0]} is awaited: ${since} of ${seconds(next[1])}`;
      }
      const step = open.at(-1);
      return step === undefined
        ? `under way · ${seconds(atMs - startedAtMs)}`
        : `${step.title} · ${seconds(atMs - step.startTime.getTime())}`;
    },
  };
}
