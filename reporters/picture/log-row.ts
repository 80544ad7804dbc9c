import { labelAt, labelBeside, logSign, plotWidth, signed, textSize, type TimeScale } from './canvas.ts';
import type { DrillPicture, PictureMark } from './drill-picture.ts';
import { shortened, textWidth } from './fit-text.ts';
import type { Label, Sign } from './shapes.ts';

const lineHeight = 14;
const mostLines = 10;
const gap = 7;

/** What is written out: all that concerns the guest itself, or the cluster. The rest is on the lanes, where a pointer reads it. */
const isWrittenOut = (mark: PictureMark, ownLanes: ReadonlySet<string>): boolean =>
  mark.place === null || (mark.place.kind !== 'fault' && ownLanes.has(mark.place.name));

/**
 * Lays out what Pacemaker's log says as one more lane, with words: each where it happened, on the first line that has room.
 *
 * @param ownNames the guest's name and its resource's
 */
export function logRow(picture: DrillPicture, ownNames: ReadonlySet<string>, scale: TimeScale, top: number) {
  const labels: Label[] = [labelBeside(-8, top + lineHeight / 2, 'Pacemaker’s log', { align: 'right' })];
  const signs: Sign[] = [];
  const ends: number[] = [];
  const { log, logNote } = picture;
  if (logNote !== null) {
    const text = shortened(logNote, textSize, plotWidth - 10);
    labels.push(labelBeside(5, top + lineHeight / 2, text, { ink: 'faint' }));
  }
  for (const mark of log.filter((each) => isWrittenOut(each, ownNames))) {
    const text = `${mark.words} (${signed(mark.atMs)} ms)`;
    const [pixel, width] = [scale.pixelAt(mark.atMs), textWidth(text, textSize)];
    const isAtTheEdge = pixel + gap + width > plotWidth;
    const [left, right] = isAtTheEdge ? [pixel - gap - width, pixel + 5] : [pixel - 5, pixel + gap + width];
    const free = ends.findIndex((end) => end < left);
    const line = free === -1 ? ends.length : free;
    if (line >= mostLines) continue;
    ends[line] = right;
    const y = top + (line + 0.5) * lineHeight;
    signs.push({ atMs: mark.atMs, y, ...logSign, tip: `${mark.words}, ${mark.atMs} ms` });
    labels.push(labelAt(mark.atMs, y, text, isAtTheEdge ? { align: 'right', shift: -gap } : { shift: gap }));
  }
  return { height: Math.max(1, ends.length) * lineHeight, labels, signs };
}
