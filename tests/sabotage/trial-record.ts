/** Under which name the record of a trial is attached to its test. */
export const trialAttachment = 'sabotage';

/** What became of one sabotage, as `results/sabotage.json` has it. */
export interface TrialRecord {
  readonly name: string;
  readonly family: string;
  readonly description: string;
  /** The title of the drill that had to catch it, or how it begins. */
  readonly drill: string;
  readonly caught: boolean;
  readonly expected: { readonly verdict: string; readonly words: readonly string[] };
  readonly said: { readonly verdict: string; readonly reason: string };
  /** What the drill did not say that it had to say. */
  readonly missing: readonly string[];
  /** From before the sabotage until it was undone and the lab was in its steady state again. */
  readonly durationMs: number;
}
