import type { TopLevelSpec } from 'vega-lite';
import { inks, paint, type Ink } from './palette.ts';
import type { Box, Label, Layout, Line, Swatch } from './shapes.ts';

type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** A channel that holds pixels or colours as they are. */
const pixels = { type: 'quantitative', scale: null, axis: null } as const;
const asIs = { type: 'nominal', scale: null, legend: null } as const;
const light = (ink: Ink): string => inks[ink][0];

const painted = <Each extends Box | Swatch>(box: Each) => ({ ...box, fill: paint(box.fill), edge: light(box.edge) });
const boxColours = { fill: { field: 'fill', ...asIs }, stroke: { field: 'edge', ...asIs } } as const;
const height = { y: { field: 'top', ...pixels }, y2: { field: 'bottom' } } as const;

/** Returns the Vega-Lite specification of a picture: the moments on one axis of time, all else in pixels. */
export function vegaLiteSpec(layout: Layout): TopLevelSpec {
  const moment = (field: string) => {
    const domain = [layout.fromMs, layout.untilMs];
    return { field, type: 'quantitative' as const, scale: { domain, nice: false, zero: false } };
  };
  const axis = {
    title: layout.axisTitle,
    labelExpr: 'format(datum.value / 1000, "~r")',
    tickCount: 10,
  };
  const boxes = (values: readonly Box[]): Layer => ({
    data: { values: values.map(painted) },
    mark: { type: 'rect', strokeWidth: 0.8 },
    encoding: {
      x: { ...moment('fromMs'), axis },
      x2: { field: 'untilMs' },
      ...height,
      ...boxColours,
      description: { field: 'tip', type: 'nominal' },
    },
  });
  const lines = (style: Line['style']): Layer => ({
    data: {
      values: layout.lines.filter((line) => line.style === style).map((line) => ({ ...line, ink: light(line.ink) })),
    },
    mark: { type: 'rule', aria: false, ...(style === 'dashed' && { strokeDash: [4, 3] }) },
    encoding: { x: moment('atMs'), ...height, stroke: { field: 'ink', ...asIs } },
  });
  const texts = (at: 'ms' | 'pixel'): Layer => ({
    data: {
      values: layout.labels
        .filter((label) => at in label.at)
        .map(({ at: place, ...label }: Label) => ({
          ...label,
          ...place,
          ink: light(label.ink),
          halo: light(label.halo),
        })),
    },
    mark: {
      type: 'text',
      baseline: 'middle',
      aria: false,
      align: { expr: 'datum.align' },
      fontSize: { expr: 'datum.size' },
      fontWeight: { expr: 'datum.weight' },
      dx: { expr: 'datum.shift' },
    },
    encoding: {
      x: at === 'ms' ? moment('ms') : { field: 'pixel', ...pixels },
      y: { field: 'y', ...pixels },
      text: { field: 'text', type: 'nominal' },
      fill: { field: 'ink', ...asIs },
      stroke: { field: 'halo', ...asIs },
    },
  });
  const swatches: Layer = {
    data: { values: layout.swatches.map(painted) },
    mark: { type: 'rect', strokeWidth: 0.8, aria: false },
    encoding: { x: { field: 'left', ...pixels }, x2: { field: 'right' }, ...height, ...boxColours },
  };
  const signs: Layer = {
    data: { values: layout.signs.map((sign) => ({ ...sign, ink: light(sign.ink) })) },
    mark: { type: 'point', stroke: light('paper'), strokeWidth: 1, opacity: 1 },
    encoding: {
      x: moment('atMs'),
      y: { field: 'y', ...pixels },
      shape: { field: 'shape', ...asIs },
      size: { field: 'size', type: 'quantitative', scale: null, legend: null },
      fill: { field: 'ink', ...asIs },
      description: { field: 'tip', type: 'nominal' },
    },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: layout.width,
    height: layout.height,
    padding: layout.margins,
    autosize: 'none',
    background: light('paper'),
    config: {
      view: { stroke: null },
      axis: {
        gridColor: light('grid'),
        domainColor: light('edge'),
        tickColor: light('edge'),
        labelColor: light('text'),
        titleColor: light('faint'),
        titleFontWeight: 'normal',
        labelFontSize: 11,
      },
    },
    layer: [
      boxes(layout.zones),
      lines('dashed'),
      lines('solid'),
      boxes(layout.boxes),
      swatches,
      signs,
      texts('ms'),
      texts('pixel'),
    ],
  };
}
