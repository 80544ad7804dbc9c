import type { TopLevelSpec } from 'vega-lite';

/** Vega says what a mark is about in attributes for screen readers; as titles everybody gets to see it. */
const withTips = (svg: string): string =>
  svg.replace(
    /<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*" ([^>]*)\/>/g,
    '<path $2><title>$1</title></path>',
  );

/** Takes out what nobody sees, such as hundredths of pixels, and the font that one rule gives to all texts. */
const compact = (svg: string): string => svg.replaceAll(/(\d+\.\d)\d+/g, '$1').replaceAll(/ font-family="[^"]*"/g, '');

/** Loads what draws; that takes longer than drawing. Whoever has time before there is something to draw does it then. */
export const loadDrawing = () => Promise.all([import('vega'), import('vega-lite')]);

/** Draws a Vega-Lite specification as an SVG; its texts have the font of what surrounds them. Needs no browser. */
export async function renderSvg(specification: TopLevelSpec): Promise<string> {
  const [{ View, parse }, { compile }] = await loadDrawing();
  const view = new View(parse(compile(specification).spec), { renderer: 'none' });
  try {
    return compact(withTips(await view.toSVG()));
  } finally {
    view.finalize();
  }
}
