import type { TestStep } from '@playwright/test/reporter';
import { readPhaseStep } from '../phase-step.ts';

/** When a step was; for a phase the time since the one before. Milliseconds since the epoch on the runner's clock. */
export interface TimedStep {
  readonly title: string;
  /** The stamp by which to find it again: when it began. */
  readonly stampMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

type Seen = Pick<TestStep, 'title' | 'startTime' | 'duration' | 'params'> & { readonly steps: readonly Seen[] };

/** Lists the steps of a test, and theirs, with the time that each took. */
export function timedSteps(steps: readonly Seen[]): readonly TimedStep[] {
  let sinceInjectionMs = 0;
  return steps.flatMap((step) => {
    const stampMs = step.startTime.getTime();
    const phase = readPhaseStep(step);
    const tookMs = phase === null ? 0 : Math.round(phase.sinceInjectionMs - sinceInjectionMs);
    sinceInjectionMs = phase?.sinceInjectionMs ?? sinceInjectionMs;
    const own =
      phase === null
        ? { fromMs: stampMs, untilMs: stampMs + Math.round(Math.max(step.duration, 0)) }
        : { fromMs: stampMs - tookMs, untilMs: stampMs };
    return [{ title: step.title, stampMs, ...own }, ...timedSteps(step.steps)];
  });
}
