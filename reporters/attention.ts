import type { DrillRecord } from './drill-record.ts';
import { groupBy } from './group-by.ts';

/** What a drill's result asks of whoever reads it, most urgent first. */
export const attentions = ['failed', 'inconclusive', 'known finding', 'passed', 'skipped'] as const;
export type Attention = (typeof attentions)[number];

/** Says what a result asks for: its verdict, but that a failure which is a known finding is nothing new. */
export function attentionOf({ verdict, finding }: DrillRecord): Attention {
  return verdict === 'failed' && finding !== null ? 'known finding' : verdict;
}

/** Says whether a result is bad news: a failure nobody knew of, or a drill that could not tell. */
export function isBad(record: DrillRecord): boolean {
  const attention = attentionOf(record);
  return attention === 'failed' || attention === 'inconclusive';
}

/** Returns the most urgent of what several results ask for; that of nothing is nothing bad. */
export function worstOf(records: readonly DrillRecord[]): Attention {
  return attentions.find((each) => records.some((record) => attentionOf(record) === each)) ?? 'passed';
}

/** The greatest share of its budget that any phase of a drill took; 0 for one without phases or budgets. */
export function budgetUsed({ phases, budgets }: DrillRecord): number {
  const used = Object.entries(phases ?? {}).map(([phase, ms]) => (ms ?? 0) / (budgets[phase] ?? Infinity));
  return Math.max(0, ...used);
}

/**
 * Sorts records by what needs attention: what failed first, then what could not tell, known findings, what passed (nearest
 * to its budget first) and what was skipped. Repeats of one drill stay together, at the place of the worst of them.
 */
export function byAttention(records: readonly DrillRecord[]): readonly DrillRecord[] {
  return groupBy(records, ({ id }) => id)
    .map((repeats) => ({
      repeats,
      worst: attentions.indexOf(worstOf(repeats)),
      used: Math.max(...repeats.map(budgetUsed)),
    }))
    .toSorted((a, b) => a.worst - b.worst || b.used - a.used)
    .flatMap(({ repeats }) => repeats);
}

/** Counts results in words, such as `12 passed, 2 failed (1 known), 1 skipped`. */
export function countsInWords(records: readonly DrillRecord[]): string {
  const known = records.filter((record) => attentionOf(record) === 'known finding').length;
  return (['passed', 'failed', 'inconclusive', 'skipped'] as const)
    .map((verdict) => ({ verdict, number: records.filter((record) => record.verdict === verdict).length }))
    .filter(({ verdict, number }) => number > 0 || verdict === 'passed' || verdict === 'failed')
    .map(({ verdict, number }) => `${number} ${verdict}${verdict === 'failed' && known > 0 ? ` (${known} known)` : ''}`)
    .join(', ');
}
