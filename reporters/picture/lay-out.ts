import type { DrillRecord } from '../drill-record.ts';
import {
  labelAt,
  labelBeside,
  nameColumn,
  noteColumn,
  plotWidth,
  textSize,
  timeScale,
  type TimeScale,
} from './canvas.ts';
import type { DrillPicture } from './drill-picture.ts';
import { shortened, textWidth, wrapped } from './fit-text.ts';
import { fills, laneKey, laneRows } from './lane-rows.ts';
import { logRow } from './log-row.ts';
import type { Fill, Ink } from './palette.ts';
import { phaseRows, type PhaseRows } from './phase-rows.ts';
import type { Box, Label, Layout, Line, Sign, Swatch } from './shapes.ts';

const headerHeight = 22;
const footLine = 16;
const axisHeight = 44;
const legendSize = 10;
const mostNotes = 10;
const badgeWidth = 16;
/** Pixels between the picture's edge and what stands at it. */
const edge = 12;
const fullWidth = nameColumn + plotWidth + noteColumn;

const verdicts: Readonly<Record<DrillRecord['verdict'], { readonly fill: Ink; readonly ink: Ink }>> = {
  passed: { fill: 'up', ink: 'text' },
  failed: { fill: 'failed', ink: 'onFailed' },
  inconclusive: { fill: 'moving', ink: 'text' },
  skipped: { fill: 'down', ink: 'text' },
};

/** Title, verdict and reason, above the plot. */
function head(record: DrillRecord): { readonly height: number; readonly labels: Label[]; readonly swatches: Swatch[] } {
  const [left, size] = [-nameColumn + edge, 15];
  const reason = record.reason.split('\n')[0] ?? '';
  const lines = reason === '' ? [] : wrapped(reason, textSize, fullWidth - 2 * edge).slice(0, 2);
  const height = 40 + lines.length * footLine;
  const { fill, ink } = verdicts[record.verdict];
  const badge = textWidth(record.verdict, textSize) + 20;
  const sampled =
    record.sampling === null
      ? []
      : [
          `a sample every ${Math.round(record.sampling.medianIntervalMs)} ms (longest gap ${Math.round(record.sampling.maxGapMs)} ms)`,
        ];
  const about = [...(record.release === null ? [] : [`Pacemaker ${record.release}`]), ...sampled].join(', ');
  const room = fullWidth - badge - 34;
  return {
    height,
    labels: [
      labelBeside(left + badge / 2, -height + 20, record.verdict, { ink, halo: fill, align: 'center', weight: 'bold' }),
      labelBeside(left + badge + 10, -height + 20, shortened(record.title, size, room), { size, weight: 'bold' }),
      labelBeside(plotWidth, headerHeight / 2 + 1, about, { ink: 'faint', align: 'right' }),
      ...lines.map((line, at) => labelBeside(left, -height + 42 + at * footLine, line)),
    ],
    swatches: [{ left, right: left + badge, top: -height + 10, bottom: -height + 30, fill, edge: 'edge' }],
  };
}

type LegendEntry = readonly [text: string, fill: Fill | null];

const legendOfLanes: readonly LegendEntry[] = [
  ['up', fills.up],
  ['on its way', fills.moving],
  ['down', fills.down],
  ['failed', fills.failed],
];
const legendOfPhases: readonly LegendEntry[] = [
  ['phase', 'phase'],
  ['within its budget', 'allowed'],
  ['over its budget', 'overHatch'],
  ['◆ fault', null],
];
const legendOfMarks: readonly LegendEntry[] = [
  ['▼ Pacemaker’s own log', null],
  ['❶ failure, told below', null],
];

/** What the signs mean, on one line. */
function legend(y: number, entries: readonly LegendEntry[]) {
  const labels: Label[] = [];
  const swatches: Swatch[] = [];
  let left = -nameColumn + edge;
  for (const [text, fill] of entries) {
    const swatch = 22;
    if (fill) swatches.push({ left, right: left + swatch, top: y - 6, bottom: y + 6, fill, edge: 'edge' });
    if (fill) left += swatch + 5;
    labels.push(labelBeside(left, y, text, { ink: 'faint', size: legendSize }));
    left += textWidth(text, legendSize) + 10;
  }
  return { labels, swatches };
}

/** Moves what would lie on another of its lane to the right, until each can be read; in the order in which they come. */
function apart<Each extends { readonly atMs: number; readonly y: number }>(badges: readonly Each[], scale: TimeScale) {
  const widthMs = (badgeWidth * (scale.untilMs - scale.fromMs)) / plotWidth;
  const ends = new Map<number, number>();
  return badges.map((badge) => {
    const atMs = Math.max(badge.atMs, ends.get(badge.y) ?? -Infinity);
    ends.set(badge.y, atMs + widthMs);
    return { ...badge, atMs };
  });
}

/** Moves what stands in a box behind the badges that would lie on it, or leaves it out where there is no room. */
function besideBadges(
  labels: readonly Label[],
  boxes: readonly Box[],
  badges: readonly { readonly atMs: number; readonly y: number }[],
  scale: TimeScale,
): readonly Label[] {
  return labels.flatMap((label) => {
    const { at, y, text, size } = label;
    if (!('ms' in at)) return [label];
    const left = scale.pixelAt(at.ms);
    const width = textWidth(text, size);
    const shift = badges
      .filter((badge) => badge.y === y)
      .map(({ atMs }) => scale.pixelAt(atMs) - left)
      .toSorted((one, other) => one - other)
      .reduce((from, middle) => {
        const [start, end] = [middle - badgeWidth / 2, middle + badgeWidth / 2];
        return end > from && start < from + width ? end + 3 : from;
      }, label.shift);
    const box = boxes.find(({ fromMs, top, bottom }) => fromMs === at.ms && top < y && y < bottom);
    const room = box === undefined ? plotWidth : scale.pixelAt(box.untilMs);
    return shift === label.shift || left + shift + width <= room ? [{ ...label, shift }] : [];
  });
}

/** A fault that was not proven has no recovery to read phases of. */
const noPhases: PhaseRows = { height: 0, zones: [], boxes: [], labels: [], signs: [], lines: [] };

/** Works out where everything in the timeline picture of a drill goes. */
export function layOut(record: DrillRecord, picture: DrillPicture): Layout {
  const range = picture.untilMs - picture.fromMs;
  const scale = timeScale(Math.min(picture.fromMs, -range / 40), picture.untilMs);
  const guest = record.guest?.name ?? '';
  const header = (y: number, text: string): Label =>
    labelBeside(-nameColumn + edge, y - headerHeight / 2 + 1, text, { weight: 'bold' });
  const title = head(record);

  let y = headerHeight;
  const labels = [...title.labels];
  const isProven = record.phases !== null;
  const phases = isProven ? phaseRows(record, picture, scale, y) : noPhases;
  if (isProven) {
    labels.push(header(y, 'Phases, and their budgets'));
    y += phases.height + headerHeight;
  }
  labels.push(header(y, `${guest}, and what ran on it`));
  const own = laneRows(
    picture.lanes.filter(({ group }) => group === 'guest'),
    picture.log,
    scale,
    y,
    record.verdict,
  );
  const lanesTop = y;
  y += own.height;
  const others = picture.lanes.filter(({ group }) => group === 'others');
  if (others.length > 0) {
    y += headerHeight;
    labels.push(header(y, 'Others'));
  }
  const rest = laneRows(others, picture.log, scale, y, record.verdict);
  y += rest.height + 10;
  const resource = picture.lanes.find(({ kind, group }) => kind === 'resource' && group === 'guest')?.name ?? '';
  const log = logRow(picture, new Set([guest, resource]), scale, y);
  y += log.height + 6;

  const middles = new Map([...own.middles, ...rest.middles]);
  const marks = [
    ...picture.failedActions.map((mark) => ({ mark, what: 'failed action' })),
    ...picture.violations.map((mark) => ({ mark, what: 'broken invariant' })),
  ]
    .sort((a, b) => a.mark.atMs - b.mark.atMs)
    .slice(0, mostNotes)
    .map(({ mark, what }, at) => ({
      atMs: mark.atMs,
      number: String(at + 1),
      y: (mark.place && middles.get(laneKey(mark.place))) ?? lanesTop + 16,
      text: `${mark.atMs} ms, ${what}: ${mark.words}`,
    }));
  const noted = apart(marks, scale);
  const badges: Sign[] = noted.map(({ atMs, y: middle, text }) => ({
    atMs,
    y: middle,
    shape: 'circle',
    size: 190,
    ink: 'failed',
    tip: text,
  }));
  const count = picture.failedActions.length + picture.violations.length - noted.length;
  const legendTop = y + axisHeight;
  const signs = legend(legendTop, [...legendOfLanes, ...(isProven ? legendOfPhases : []), ...legendOfMarks]);
  const notes = noted.flatMap(({ number, text }) => wrapped(`${number}  ${text}`, textSize, fullWidth - 2 * edge));
  if (count > 0) notes.push(`and ${count} more`);
  labels.push(
    ...phases.labels,
    ...besideBadges([...own.labels, ...rest.labels], [...own.boxes, ...rest.boxes], noted, scale),
    ...log.labels,
    ...signs.labels,
    ...noted.map(({ atMs, number, y: middle }) =>
      labelAt(atMs, middle, number, {
        ink: 'onFailed',
        align: 'center',
        size: 10,
        weight: 'bold',
        halo: 'failed',
      }),
    ),
    ...notes.map((text, at) => labelBeside(-nameColumn + edge, legendTop + 24 + at * footLine, text)),
  );
  const bottom = y;
  const givenUpAt = picture.lanes.flatMap(({ kind, spans }) =>
    kind === 'fault' && !isProven ? spans.map(({ untilMs }) => untilMs) : [],
  );
  const lines: Line[] = [
    { atMs: 0, top: headerHeight, bottom, ink: 'failed', style: 'solid' },
    ...phases.lines.map((line) => ({ ...line, bottom })),
    ...givenUpAt.map((atMs): Line => ({ atMs, top: headerHeight, bottom, ink: 'faint', style: 'dashed' })),
  ];
  return {
    width: plotWidth,
    height: y,
    margins: {
      top: title.height,
      right: noteColumn,
      bottom: axisHeight + 24 + notes.length * footLine,
      left: nameColumn,
    },
    fromMs: scale.fromMs,
    untilMs: scale.untilMs,
    axisTitle: isProven ? 'seconds since the fault' : 'seconds since the fault was tried',
    zones: phases.zones,
    boxes: [...phases.boxes, ...own.boxes, ...rest.boxes],
    lines,
    signs: [...phases.signs, ...own.signs, ...rest.signs, ...log.signs, ...badges],
    labels,
    swatches: [...title.swatches, ...signs.swatches],
  };
}
