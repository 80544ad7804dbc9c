import type { DrillRecord } from '../../reporters/drill-record.ts';
import type { Sabotage } from './sabotage.ts';

/** What a drill said when it was run. */
export interface Said {
  readonly verdict: DrillRecord['verdict'];
  readonly reason: string;
  /** All that it printed. */
  readonly output: string;
}

/** In words, what a drill did not say that it had to say; empty if it has caught the sabotage. */
export const missing = ({ verdict, words }: Sabotage, said: Said): readonly string[] => [
  ...(said.verdict === verdict ? [] : [`the verdict is ${said.verdict}, and has to be ${verdict}: ${said.reason}`]),
  ...words
    .filter((word) => (typeof word === 'string' ? !said.output.includes(word) : !word.test(said.output)))
    .map((word) => `it does not say: ${String(word)}`),
];
