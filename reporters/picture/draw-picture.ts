import type { DrillRecord } from '../drill-record.ts';
import { escaped } from '../escaped.ts';
import type { DrillPicture } from './drill-picture.ts';
import { layOut } from './lay-out.ts';
import { withThemes } from './palette.ts';
import { renderSvg } from './render-svg.ts';
import { vegaLiteSpec } from './vega-lite-spec.ts';

const named = (svg: string, name: string): string =>
  svg
    .replace(/<svg[^>]*>/, (opening) => `${opening}<title>${escaped(name)}</title>`)
    .replace('<svg ', '<svg role="img" ');

/**
 * Draws the timeline picture of a drill as an SVG that needs nothing else. It is readable in light and dark surroundings
 * and in black and white. Needs no browser.
 */
export async function drawPicture(record: DrillRecord, picture: DrillPicture): Promise<string> {
  const svg = await renderSvg(vegaLiteSpec(layOut(record, picture)));
  return `${named(withThemes(svg), `${record.title}: ${record.verdict}`)}\n`;
}
