import type { Label } from './shapes.ts';

/** Pixels of the plot and of the columns beside it. */
export const plotWidth = 690;
export const nameColumn = 168;
export const noteColumn = 152;

export const textSize = 11;

/** Translates between moments of a drill, in milliseconds since the injection, and pixels from the plot's left edge. */
export interface TimeScale {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly pixelAt: (ms: number) => number;
}

export const timeScale = (fromMs: number, untilMs: number): TimeScale => ({
  fromMs,
  untilMs,
  pixelAt: (ms) => ((ms - fromMs) / (untilMs - fromMs)) * plotWidth,
});

const usual = { ink: 'text', align: 'left', size: textSize, weight: 'normal', shift: 0, halo: 'paper' } as const;
type Look = Partial<Pick<Label, 'ink' | 'align' | 'size' | 'weight' | 'shift' | 'halo'>>;

/** A text at a moment. */
export const labelAt = (ms: number, y: number, text: string, look: Look = {}): Label => ({
  ...usual,
  ...look,
  at: { ms },
  y,
  text,
});

/** A text at a pixel. */
export const labelBeside = (pixel: number, y: number, text: string, look: Look = {}): Label => ({
  ...usual,
  ...look,
  at: { pixel },
  y,
  text,
});

/** The sign of what Pacemaker logged. */
export const logSign = { shape: 'triangle-down', size: 55, ink: 'log' } as const;

/** A number with a minus that is as wide as a digit. */
export const signed = (value: number): string => (value < 0 ? `−${-value}` : String(value));

/** Milliseconds as people say them of a limit: `2 s`, `1.5 s`, `200 ms`. */
export const limitWords = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`);
