import type { DrillRecord } from '../drill-record.ts';
import type { DrillPicture } from './drill-picture.ts';
import { layOut } from './lay-out.ts';
import { withThemes } from './palette.ts';
import { vegaLiteSpec } from './vega-lite-spec.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Vega says what a mark is about in attributes for screen readers; as titles everybody gets to see it. */
const withTips = (svg: string): string =>
  svg.replace(
    /<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*" ([^>]*)\/>/g,
    '<path $2><title>$1</title></path>',
  );

/** Takes out what nobody sees, such as hundredths of pixels, and the font that one rule gives to all texts. */
const compact = (svg: string): string => svg.replaceAll(/(\d+\.\d)\d+/g, '$1').replaceAll(/ font-family="[^"]*"/g, '');

const named = (svg: string, name: string): string =>
  svg
    .replace(/<svg[^>]*>/, (opening) => `${opening}<title>${escaped(name)}</title>`)
    .replace('<svg ', '<svg role="img" ');

/**
 * Draws the timeline picture of a drill as an SVG that needs nothing else. It is readable in light and dark surroundings
 * and in black and white. Needs no browser.
 */
export async function drawPicture(record: DrillRecord, picture: DrillPicture): Promise<string> {
  // Loading them takes longer than drawing.
  const [{ View, parse }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = compile(vegaLiteSpec(layOut(record, picture)));
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return `${named(withThemes(compact(withTips(svg))), `${record.title}: ${record.verdict}`)}\n`;
  } finally {
    view.finalize();
  }
}
