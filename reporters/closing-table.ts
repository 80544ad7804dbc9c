import path from 'node:path';
import type { DrillRecord } from './drill-record.ts';
import { countVerdict, drillTable, paintVerdict } from './drill-table.ts';
import type { Colour } from './drill-table.ts';
import { groupBy } from './group-by.ts';

/** Why the drills did not pass; those of one drill's repeats that say the same share an entry. */
function reasons(records: readonly DrillRecord[], colour: Colour, folder: string): string[] {
  const notPassed = records.filter(({ verdict }) => verdict !== 'passed');
  const alike = groupBy(notPassed, ({ id, verdict, reason }) => JSON.stringify([id, verdict, reason]));
  return alike.flatMap(([first, ...rest]) => {
    const times = rest.length > 0 ? ` (${rest.length + 1} times)` : '';
    const lines = first.reason.split('\n').slice(0, 2);
    const picture = first.picture === null ? [] : [`Timeline: ${path.join(folder, first.picture)}`];
    return [
      `${paintVerdict(first.verdict, first.verdict, colour)}: ${first.title}${times}`,
      ...[...lines, ...picture].map((line) => `  ${line}`),
    ];
  });
}

function counts(records: readonly DrillRecord[]): string {
  return (['passed', 'failed', 'inconclusive', 'skipped'] as const)
    .map((verdict) => ({ verdict, number: countVerdict(records, verdict) }))
    .filter(({ verdict, number }) => number > 0 || verdict === 'passed' || verdict === 'failed')
    .map(({ verdict, number }) => `${number} ${verdict}`)
    .join(', ');
}

/**
 * Renders what a run prints at its end: the table of its drills, the reason of each that did not pass, what went wrong
 * outside the drills, and the counts. Of a reason or an error two lines are shown; `folder` is that of the results. Returns the text without a last newline.
 */
export function closingTable(
  records: readonly DrillRecord[],
  errors: readonly string[],
  colour: Colour,
  folder: string,
): string {
  const table =
    records.length > 0 ? `${drillTable(records, colour)}\n(milliseconds; phases count from the injection)` : '';
  const outside = errors.flatMap((error) => {
    const [first = '', ...rest] = error.split('\n');
    return [`outside any drill: ${first}`, ...rest.slice(0, 1).map((line) => `  ${line}`)];
  });
  const notes = [...reasons(records, colour, folder), ...outside].join('\n');
  return [table, notes, counts(records)].filter((part) => part !== '').join('\n\n');
}
