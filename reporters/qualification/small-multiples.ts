import type { TopLevelSpec } from 'vega-lite';
import { inks } from '../picture/palette.ts';
import { renderSvg } from '../picture/render-svg.ts';
import type { Qualification, QualifiedDrill } from './qualification.ts';
import { reachedAfter } from './standings.ts';

/** What is drawn of each drill: the phases that a reader asks for first, and how they look. */
const series = [
  { phase: 'recovered', ink: inks.phase[0], shape: 'circle' },
  { phase: 'detected', ink: inks.stripe[0], shape: 'diamond' },
] as const;

const [text, faint, grid] = [inks.text[0], inks.faint[0], inks.grid[0]];

function specOf(drill: QualifiedDrill, names: readonly string[]): TopLevelSpec {
  const repeats = names.flatMap((release) =>
    series.flatMap(({ phase }) =>
      reachedAfter(
        drill.results.filter((result) => result.release === release),
        phase,
      ).map((ms) => ({ release, phase, seconds: ms / 1_000 })),
    ),
  );
  const spreads = drill.releases.flatMap(({ release, phases }) =>
    series.flatMap(({ phase }) => {
      const spread = phases[phase];
      if (!spread) return [];
      const { medianMs, lowerQuartileMs, upperQuartileMs, count } = spread;
      const tip = `${release}, ${phase}: median ${medianMs} ms, quartiles ${lowerQuartileMs} and ${upperQuartileMs} ms, of ${count}`;
      const [low, middle, high] = [lowerQuartileMs / 1_000, medianMs / 1_000, upperQuartileMs / 1_000];
      return [{ release, phase, low, middle, high, tip }];
    }),
  );
  const phases = series.map(({ phase }) => phase);
  const x = {
    field: 'release',
    type: 'ordinal' as const,
    sort: [...names],
    scale: { domain: [...names] },
    axis: { title: null, labelAngle: names.length > 4 ? -35 : 0, labelLimit: 60 },
  };
  const y = (field: string) => ({ field, type: 'quantitative' as const, title: null });
  const stroke = {
    field: 'phase',
    type: 'nominal' as const,
    scale: { domain: phases, range: series.map(({ ink }) => ink) },
    legend: null,
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 208,
    height: 84,
    config: {
      background: 'transparent',
      view: { stroke: null },
      axis: {
        gridColor: grid,
        domainColor: faint,
        tickColor: faint,
        labelColor: text,
        labelFontSize: 10,
        tickCount: 4,
      },
    },
    layer: [
      {
        data: { values: repeats },
        mark: { type: 'point', size: 12, strokeWidth: 1, opacity: 0.55, aria: false },
        encoding: { x, y: y('seconds'), stroke },
      },
      {
        data: { values: spreads },
        mark: { type: 'line', strokeWidth: 1.5, aria: false },
        encoding: { x, y: y('middle'), stroke },
      },
      {
        data: { values: spreads },
        mark: { type: 'rule', strokeWidth: 4, opacity: 0.45, aria: false },
        encoding: { x, y: { ...y('low'), axis: { format: '~r', title: null } }, y2: { field: 'high' }, stroke },
      },
      {
        data: { values: spreads },
        mark: { type: 'point', size: 48, filled: true, opacity: 1 },
        encoding: {
          x,
          y: y('middle'),
          fill: stroke,
          shape: {
            field: 'phase',
            type: 'nominal',
            scale: { domain: phases, range: series.map(({ shape }) => shape) },
            legend: null,
          },
          description: { field: 'tip', type: 'nominal' },
        },
      },
    ],
  };
}

/** A drill's recoveries as a picture of its own. */
export interface Multiple {
  readonly drill: QualifiedDrill;
  readonly svg: string;
}

/**
 * Draws, for each drill that measured a recovery, how long it took on each release: every repeat, medians joined by a line,
 * and quartiles. All as SVG that needs nothing else, alike in size. Needs no browser.
 */
export async function smallMultiples({ drills, releases }: Qualification): Promise<readonly Multiple[]> {
  const names = releases.map(({ name }) => name);
  const measured = drills.filter((drill) => drill.releases.some(({ phases }) => phases.recovered ?? phases.detected));
  return Promise.all(measured.map(async (drill) => ({ drill, svg: await renderSvg(specOf(drill, names)) })));
}
