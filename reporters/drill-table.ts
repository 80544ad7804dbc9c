import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { DrillRecord } from './drill-record.ts';
import { groupBy } from './group-by.ts';

/** Whether a text may carry colour codes. */
export type Colour = 'colour' | 'plain';
type Verdict = DrillRecord['verdict'];
type Cells = string[];

const phaseColumns = ['detected', 'stopped', 'restarted', 'reconnected', 'recovered'] as const;
const maxTitleLength = 48;
const maxLinesPerDrill = 3;
const none = '–';
const styles = { passed: 'green', failed: 'red', inconclusive: 'yellow', skipped: 'gray' } as const;
const lineNames = ['top', 'bottom', 'left', 'right', 'mid', 'left-mid', 'mid-mid', 'right-mid'] as const;
const cornerNames = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'] as const;
const noLines = Object.fromEntries([...lineNames, ...cornerNames].map((name) => [name, '']));

/** Returns `text` in the colour that stands for `verdict`, or as it is. */
export function paintVerdict(verdict: Verdict, text: string, colour: Colour): string {
  return colour === 'colour' ? styleText(styles[verdict], text) : text;
}

/** Says how many of `records` have that verdict. */
export function countVerdict(records: readonly DrillRecord[], verdict: Verdict): number {
  return records.filter((record) => record.verdict === verdict).length;
}

const short = (title: string): string =>
  title.length > maxTitleLength ? `${title.slice(0, maxTitleLength - 1)}…` : title;

const milliseconds = (value: number | null): string => (value === null ? none : String(Math.round(value)));

/** What was measured, as `median (least–greatest)`. */
function spread(values: readonly (number | null)[]): string {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (least === undefined || greatest === undefined || lower === undefined || upper === undefined) return none;
  return `${milliseconds((lower + upper) / 2)} (${milliseconds(least)}–${milliseconds(greatest)})`;
}

function lineOfOne(record: DrillRecord, colour: Colour): Cells {
  return [
    short(record.title),
    record.guest?.name ?? none,
    paintVerdict(record.verdict, record.verdict, colour),
    ...phaseColumns.map((phase) => milliseconds(record.phases?.[phase] ?? null)),
    milliseconds(record.durationMs),
  ];
}

function lineOfMany(records: readonly [DrillRecord, ...DrillRecord[]], colour: Colour): Cells {
  const worst = (['failed', 'inconclusive', 'skipped'] as const).find((verdict) => countVerdict(records, verdict) > 0);
  const guests = new Set(records.map((record) => record.guest?.name).filter((name) => name !== undefined));
  const passed = `${countVerdict(records, 'passed')} of ${records.length} passed`;
  return [
    short(records[0].title),
    [...guests].join(', ') || none,
    paintVerdict(worst ?? 'passed', passed, colour),
    ...phaseColumns.map((phase) => spread(records.map((record) => record.phases?.[phase] ?? null))),
    spread(records.map((record) => record.durationMs)),
  ];
}

/**
 * Renders a line for each record: drill, guest, verdict, the phases and the duration in milliseconds. More than three
 * repeats of one drill share a line with how many passed and `median (least–greatest)` of the times.
 */
export function drillTable(records: readonly DrillRecord[], colour: Colour): string {
  const table = new Table({
    head: ['drill', 'guest', 'verdict', ...phaseColumns, 'duration'],
    colAligns: ['left', 'left', 'left', ...phaseColumns.map(() => 'right' as const), 'right'],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: { ...noLines, middle: '  ' },
  });
  for (const repeats of groupBy(records, ({ id }) => id)) {
    if (repeats.length > maxLinesPerDrill) table.push(lineOfMany(repeats, colour));
    else table.push(...repeats.map((record) => lineOfOne(record, colour)));
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
