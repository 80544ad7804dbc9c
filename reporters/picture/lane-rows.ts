import {
  labelAt,
  labelBeside,
  limitWords,
  logSign,
  nameColumn,
  noteColumn,
  plotWidth,
  textSize,
  type TimeScale,
} from './canvas.ts';
import type { DrillRecord } from '../drill-record.ts';
import type { DrillPicture, PictureLane, PictureSpan, Tone } from './drill-picture.ts';
import { fitting, shortened } from './fit-text.ts';
import type { Fill, Ink } from './palette.ts';
import type { Box, Label, Sign } from './shapes.ts';

export const fills: Readonly<Record<Tone, Fill>> = { up: 'up', moving: 'movingHatch', down: 'down', failed: 'failed' };
const wordInks: Readonly<Record<Tone, Ink>> = { up: 'text', moving: 'text', down: 'faint', failed: 'onFailed' };

/** A lane on which nothing happened takes less room. */
const heights = {
  eventful: { row: 24, bar: 14, size: textSize },
  calm: { row: 15, bar: 11, size: 9 },
} as const;

export interface LaneRows {
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly labels: readonly Label[];
  readonly signs: readonly Sign[];
  /** The middle of each lane's bar, by {@link laneKey}. */
  readonly middles: ReadonlyMap<string, number>;
}

export const laneKey = ({ kind, name }: Pick<PictureLane, 'kind' | 'name'>): string => `${kind} ${name}`;

/** A resource goes by its name alone; what else carries the guest's name says what it is. */
const nameOf = ({ kind, name }: PictureLane): string =>
  kind === 'resource' ? name : kind === 'fault' ? 'fault' : `${kind} ${name}`;

/** The proof of a fault is a moment; waiting for one that does not come takes its time. */
const lastsUntilGivenUp = ({ fromMs, untilMs }: PictureSpan): boolean => untilMs > fromMs;

/**
 * What stands beside a lane: how it differs at the end from how it was, or that it was disturbed. Only where the drill failed is
 * that bad: one that passed expects it, and one that is inconclusive was cut off.
 */
function laneNote(
  { kind, group, spans }: PictureLane,
  verdict: DrillRecord['verdict'],
): Pick<Label, 'text' | 'ink' | 'weight'> | null {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return null;
  if (kind === 'fault')
    return lastsUntilGivenUp(last)
      ? { text: `given up after ${limitWords(last.untilMs)}`, ink: 'text', weight: 'bold' }
      : null;
  if (verdict === 'inconclusive')
    return first.words === last.words ? null : { text: `${last.short}, last seen`, ink: 'faint', weight: 'normal' };
  const [cross, look] =
    verdict === 'failed'
      ? (['✕ ', { ink: 'failed', weight: 'bold' }] as const)
      : (['', { ink: 'text', weight: 'bold' }] as const);
  if (first.tone === 'up' && last.tone !== 'up') return { text: `${cross}${last.short} at the end`, ...look };
  if (group === 'others' && spans.length > 1)
    return { text: `${cross}${first.words === last.words ? 'disturbed' : `now ${last.words}`}`, ...look };
  if (kind !== 'domain' && first.words !== last.words)
    return { text: `now ${last.words}`, ink: 'text', weight: 'bold' };
  return null;
}

function spanShapes(
  lane: PictureLane,
  span: PictureSpan,
  scale: TimeScale,
  middle: number,
): { box: Box; label: Label | null } {
  const { bar, size } = heights[isCalm(lane) ? 'calm' : 'eventful'];
  const room = scale.pixelAt(span.untilMs) - scale.pixelAt(span.fromMs) - 6;
  const text = fitting([span.words, span.short], size, room);
  return {
    box: {
      fromMs: span.fromMs,
      untilMs: span.untilMs,
      top: middle - bar / 2,
      bottom: middle + bar / 2,
      fill: fills[span.tone],
      edge: 'edge',
      tip: `${nameOf(lane)}: ${span.words}, from ${span.fromMs} to ${span.untilMs} ms`,
    },
    label:
      text === ''
        ? null
        : labelAt(span.fromMs, middle, text, { ink: wordInks[span.tone], halo: span.tone, size, shift: 4 }),
  };
}

const isCalm = ({ group, spans }: PictureLane): boolean => group === 'others' && spans.length === 1;

/** Lays out lanes one below the other, with Pacemaker's log events above their bars. */
export function laneRows(
  lanes: readonly PictureLane[],
  log: DrillPicture['log'],
  scale: TimeScale,
  top: number,
  verdict: DrillRecord['verdict'],
): LaneRows {
  const boxes: Box[] = [];
  const labels: Label[] = [];
  const signs: Sign[] = [];
  const middles = new Map<string, number>();
  let y = top;
  for (const lane of lanes) {
    const { row, bar, size } = heights[isCalm(lane) ? 'calm' : 'eventful'];
    const middle = y + row - bar / 2 - 2;
    middles.set(laneKey(lane), middle);
    labels.push(labelBeside(-8, middle, shortened(nameOf(lane), size, nameColumn - 16), { align: 'right', size }));
    for (const span of lane.spans) {
      const words = lane.kind === 'fault' ? `${lane.name}: ${span.words}` : span.words;
      if (lane.kind === 'fault' && !lastsUntilGivenUp(span)) {
        signs.push({ atMs: 0, y: middle, shape: 'diamond', size: 130, ink: 'failed', tip: words });
        const room = plotWidth - scale.pixelAt(0) - 12;
        labels.push(labelAt(0, middle, shortened(words, textSize, room), { shift: 11, weight: 'bold' }));
        continue;
      }
      const { box, label } = spanShapes(lane, { ...span, words }, scale, middle);
      boxes.push(box);
      if (label) labels.push(label);
    }
    const note = laneNote(lane, verdict);
    if (note) {
      const { text, ...look } = note;
      labels.push(labelBeside(plotWidth + 8, middle, shortened(text, textSize, noteColumn - 12), look));
    }
    for (const { atMs, place, words } of log)
      if (place && laneKey(place) === laneKey(lane))
        signs.push({
          atMs,
          y: middle - bar / 2 - 2,
          ...logSign,
          tip: `Pacemaker's log, ${atMs} ms: ${words}`,
        });
    y += row;
  }
  return { height: y - top, boxes, labels, signs, middles };
}
