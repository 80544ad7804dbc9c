import { styleText } from 'node:util';
import Table from 'cli-table3';
import { attentionOf, worstOf, type Attention } from './attention.ts';
import type { Colour } from './colour.ts';
import type { DrillRecord } from './drill-record.ts';
import { groupBy } from './group-by.ts';

type Cells = string[];

export const phaseColumns = ['detected', 'stopped', 'restarted', 'reconnected', 'recovered'] as const;
const maxTitleLength = 48;
const maxLinesPerDrill = 3;
const none = '–';
const styles = {
  passed: 'green',
  failed: 'red',
  inconclusive: 'yellow',
  'known finding': 'magenta',
  skipped: 'gray',
} as const;
const lineNames = ['top', 'bottom', 'left', 'right', 'mid', 'left-mid', 'mid-mid', 'right-mid'] as const;
const cornerNames = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'] as const;
const noLines = Object.fromEntries([...lineNames, ...cornerNames].map((name) => [name, '']));

/** Returns `text` in the colour that stands for a result, or as it is. */
export function paintVerdict(attention: Attention, text: string, colour: Colour): string {
  // The caller has looked at the terminal; by default this function would look again, at another one.
  return colour === 'colour' ? styleText(styles[attention], text, { validateStream: false }) : text;
}

const short = (title: string): string =>
  title.length > maxTitleLength ? `${title.slice(0, maxTitleLength - 1)}…` : title;

const milliseconds = (value: number | null): string => (value === null ? none : String(Math.round(value)));

/** Says what was measured, as `median (least–greatest)`; a dash where nothing was. */
export function spread(values: readonly (number | null)[]): string {
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
    paintVerdict(attentionOf(record), attentionOf(record), colour),
    ...phaseColumns.map((phase) => milliseconds(record.phases?.[phase] ?? null)),
    milliseconds(record.durationMs),
  ];
}

function lineOfMany(records: readonly [DrillRecord, ...DrillRecord[]], colour: Colour): Cells {
  const guests = new Set(records.map((record) => record.guest?.name).filter((name) => name !== undefined));
  const passed = `${records.filter(({ verdict }) => verdict === 'passed').length} of ${records.length} passed`;
  return [
    short(records[0].title),
    [...guests].join(', ') || none,
    paintVerdict(worstOf(records), passed, colour),
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
