import path from 'node:path';
import { attentionOf, byAttention, countsInWords } from './attention.ts';
import type { Colour } from './colour.ts';
import type { DrillRecord } from './drill-record.ts';
import { drillTable, paintVerdict } from './drill-table.ts';
import { groupBy } from './group-by.ts';

/** Why the drills did not pass; those of one drill's repeats that say the same share an entry. */
function reasons(records: readonly DrillRecord[], colour: Colour, folder: string): string[] {
  const notPassed = records.filter(({ verdict }) => verdict !== 'passed');
  const alike = groupBy(notPassed, ({ id, verdict, reason, finding }) =>
    JSON.stringify([id, verdict, reason, finding]),
  );
  return alike.flatMap(([first, ...rest]) => {
    const times = rest.length > 0 ? ` (${rest.length + 1} times)` : '';
    const lines = first.reason.split('\n').slice(0, 2);
    const finding = first.finding === null ? [] : [`Known finding: ${first.finding}`];
    const picture = first.picture === null ? [] : [`Timeline: ${path.join(folder, first.picture)}`];
    const evidence = first.evidence === null ? [] : [`Evidence: ${path.join(folder, first.evidence)}`];
    return [
      `${paintVerdict(attentionOf(first), first.verdict, colour)}: ${first.title}${times}`,
      ...[...lines, ...finding, ...picture, ...evidence].map((line) => `  ${line}`),
    ];
  });
}

/**
 * Renders what a run prints at its end: the table of its drills, what needs attention first, the reason of each that did
 * not pass, what went wrong outside the drills, and the counts. Of a reason or an error two lines are shown; `folder` is that of the results. Returns the text without a last newline.
 */
export function closingTable(
  records: readonly DrillRecord[],
  errors: readonly string[],
  colour: Colour,
  folder: string,
): string {
  const sorted = byAttention(records);
  const table =
    records.length > 0 ? `${drillTable(sorted, colour)}\n(milliseconds; phases count from the injection)` : '';
  const outside = errors.flatMap((error) => {
    const [first = '', ...rest] = error.split('\n');
    return [`outside any drill: ${first}`, ...rest.slice(0, 1).map((line) => `  ${line}`)];
  });
  const notes = [...reasons(sorted, colour, folder), ...outside].join('\n');
  return [table, notes, countsInWords(records)].filter((part) => part !== '').join('\n\n');
}
