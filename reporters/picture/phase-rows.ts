import type { DrillRecord } from '../drill-record.ts';
import { labelAt, labelBeside, limitWords, logSign, plotWidth, signed, textSize, type TimeScale } from './canvas.ts';
import type { DrillPicture } from './drill-picture.ts';
import { textWidth } from './fit-text.ts';
import type { Box, Label, Line, Sign } from './shapes.ts';

const phaseNames = ['detected', 'stopped', 'restarted', 'reconnected', 'recovered'] as const;
const rowHeight = 22;
const barInset = 4;

export interface PhaseRows {
  readonly height: number;
  readonly zones: readonly Box[];
  readonly boxes: readonly Box[];
  readonly labels: readonly Label[];
  readonly signs: readonly Sign[];
  /** For each phase that was reached a line that has to go on from here down through the lanes. */
  readonly lines: readonly Omit<Line, 'bottom'>[];
}

/** Whether a phase was watched until its budget was over. */
type Watched = 'to the end' | 'cut off';

/** What stands beside a phase: its budget, and how much of it was used; or that the drill was cut off before that. */
function budgetNote(
  atMs: number | null,
  budgetMs: number | undefined,
  watched: Watched,
): Pick<Label, 'text' | 'ink' | 'weight'> {
  if (budgetMs === undefined) return { text: 'no budget', ink: 'faint', weight: 'normal' };
  const budget = limitWords(budgetMs);
  if (atMs === null && watched === 'cut off')
    return { text: `cut off before ${budget}`, ink: 'faint', weight: 'normal' };
  if (atMs === null) return { text: `✕ not within ${budget}`, ink: 'failed', weight: 'bold' };
  if (atMs > budgetMs)
    return { text: `✕ ${limitWords(Math.round(atMs - budgetMs))} over ${budget}`, ink: 'failed', weight: 'bold' };
  return { text: `✓ ${Math.round((atMs / budgetMs) * 100)} % of ${budget}`, ink: 'text', weight: 'normal' };
}

/** Puts a text behind the end of a bar, or before its beginning where there is no room behind it. */
function barLabel(
  scale: TimeScale,
  fromMs: number,
  untilMs: number,
  y: number,
  text: string,
  look: Pick<Label, 'ink' | 'weight'>,
): Label {
  const gap = 5;
  const width = textWidth(text, textSize);
  if (scale.pixelAt(untilMs) + gap + width <= plotWidth) return labelAt(untilMs, y, text, { ...look, shift: gap });
  if (scale.pixelAt(fromMs) - gap - width >= 0)
    return labelAt(fromMs, y, text, { ...look, align: 'right', shift: -gap });
  return labelAt(untilMs, y, text, { ...look, ink: 'onPhase', halo: 'phase', align: 'right', shift: -gap });
}

/**
 * Lays out the phases as a staircase: each a bar from the phase before it to its own moment, on the shade of its budget.
 */
export function phaseRows(record: DrillRecord, picture: DrillPicture, scale: TimeScale, top: number): PhaseRows {
  const zones: Box[] = [];
  const boxes: Box[] = [];
  const labels: Label[] = [];
  const signs: Sign[] = [];
  const lines: Omit<Line, 'bottom'>[] = [];
  let reachedMs = 0;
  phaseNames.forEach((phase, index) => {
    const y = top + index * rowHeight;
    const middle = y + rowHeight / 2;
    const atMs = record.phases?.[phase] ?? null;
    const budgetMs = record.budgets[phase];
    const edges = { top: y + 1, bottom: y + rowHeight - 1 };
    if (budgetMs !== undefined) {
      const limitMs = Math.min(budgetMs, scale.untilMs);
      const tip = `${phase}: the budget is ${budgetMs} ms`;
      zones.push({ fromMs: 0, untilMs: limitMs, ...edges, fill: 'allowed', edge: 'allowed', tip });
      if (budgetMs < scale.untilMs)
        zones.push({ fromMs: limitMs, untilMs: scale.untilMs, ...edges, fill: 'overHatch', edge: 'over', tip });
    }
    labels.push(labelBeside(-8, middle, phase, { align: 'right' }));
    // What an inconclusive drill did not see within a budget that was not over may have come all the same.
    const watched =
      record.verdict === 'inconclusive' && budgetMs !== undefined && scale.untilMs < budgetMs
        ? 'cut off'
        : 'to the end';
    const { text, ...noteLook } = budgetNote(atMs, budgetMs, watched);
    labels.push(labelBeside(plotWidth + 8, middle, text, noteLook));
    const bar = { top: y + barInset, bottom: y + rowHeight - barInset };
    const loggedMs = picture.logged[phase];
    if (atMs === null) {
      const ink = budgetMs === undefined || watched === 'cut off' ? 'faint' : 'failed';
      labels.push(barLabel(scale, reachedMs, reachedMs, middle, 'not reached', { ink, weight: 'normal' }));
    } else {
      const lateFromMs = Math.max(Math.min(budgetMs ?? atMs, atMs), reachedMs);
      const ink = budgetMs !== undefined && atMs > budgetMs ? 'failed' : 'phase';
      const log = loggedMs === undefined ? '' : ` (log: ${signed(loggedMs)})`;
      const words = `${Math.round(atMs)} ms${log}`;
      const tip = `${phase} after ${words}`;
      boxes.push({ fromMs: reachedMs, untilMs: lateFromMs, ...bar, fill: 'phase', edge: 'phase', tip });
      if (lateFromMs < atMs)
        boxes.push({ fromMs: lateFromMs, untilMs: atMs, ...bar, fill: 'failed', edge: 'failed', tip });
      const look = { ink: ink === 'failed' ? ink : 'text', weight: 'bold' } as const;
      labels.push(barLabel(scale, reachedMs, atMs, middle, words, look));
      lines.push({ atMs, top: y + barInset, ink, style: 'dashed' });
      reachedMs = atMs;
    }
    if (loggedMs !== undefined)
      signs.push({
        atMs: loggedMs,
        y: y + barInset,
        ...logSign,
        tip: `${phase} in Pacemaker's log: ${loggedMs} ms`,
      });
  });
  return { height: phaseNames.length * rowHeight, zones, boxes, labels, signs, lines };
}
