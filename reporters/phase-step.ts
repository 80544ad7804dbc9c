import { z } from 'zod';

/** What a step that tells of a phase says to reporters beside its title, as Playwright's `params` of a step. */
const phaseStep = z.object({
  phase: z.string(),
  sinceInjectionMs: z.number().describe('On the host’s clock.'),
  budgets: z.record(z.string(), z.number()).describe('Of all phases, in milliseconds since the injection.'),
});
export type PhaseStep = z.infer<typeof phaseStep>;

/** Returns the title of the step that tells of a phase, such as `stopped after 2023 ms (10000 ms allowed)`. */
export function phaseStepTitle({ phase, sinceInjectionMs, budgets }: PhaseStep): string {
  const budgetMs = budgets[phase];
  const after = phase === 'injected' ? phase : `${phase} after ${Math.round(sinceInjectionMs)} ms`;
  return budgetMs === undefined ? after : `${after} (${budgetMs} ms allowed)`;
}

/** Returns what a step tells of a phase, or null for one that tells of none. */
export function readPhaseStep({ params }: { readonly params?: Readonly<Record<string, unknown>> }): PhaseStep | null {
  return phaseStep.safeParse(params).data ?? null;
}
