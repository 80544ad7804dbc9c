import type { Fill, Ink } from './palette.ts';

/** A box from one moment to another, milliseconds since the injection; `top` and `bottom` are pixels. */
export interface Box {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly top: number;
  readonly bottom: number;
  readonly fill: Fill;
  readonly edge: Ink;
  /** What a pointer on it is told. */
  readonly tip: string;
}

/** A vertical line at a moment. */
export interface Line {
  readonly atMs: number;
  readonly top: number;
  readonly bottom: number;
  readonly ink: Ink;
  readonly style: 'solid' | 'dashed';
}

export interface Sign {
  readonly atMs: number;
  readonly y: number;
  readonly shape: 'triangle-down' | 'circle' | 'diamond';
  /** Its area in square pixels. */
  readonly size: number;
  readonly ink: Ink;
  readonly tip: string;
}

/** A text that stands at a moment, or beside the plot at a pixel that counts from the plot's left edge. */
export interface Label {
  readonly at: { readonly ms: number } | { readonly pixel: number };
  /** Pixels by which it is moved to the right of the moment. */
  readonly shift: number;
  readonly y: number;
  readonly text: string;
  readonly ink: Ink;
  readonly align: 'left' | 'center' | 'right';
  readonly size: number;
  readonly weight: 'normal' | 'bold';
  /** What surrounds its letters, so that lines and hatches beneath do not disturb. */
  readonly halo: Ink;
}

/** A box beside the plot, all in pixels that count from the plot's upper left corner. */
export interface Swatch {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly fill: Fill;
  readonly edge: Ink;
}

/** All that a picture shows, with every place worked out. */
export interface Layout {
  /** Of the plot, in pixels; around it are the margins. */
  readonly width: number;
  readonly height: number;
  readonly margins: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
  readonly fromMs: number;
  readonly untilMs: number;
  /** What is written under the axis of time. */
  readonly axisTitle: string;
  /** Boxes under the lines, and those over them. */
  readonly zones: readonly Box[];
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly signs: readonly Sign[];
  readonly labels: readonly Label[];
  readonly swatches: readonly Swatch[];
}
