/** What a colour is for; each has a hex of its own in the light theme, by which the dark one finds it. */
export type Ink = keyof typeof inks;

/** Colours by purpose, for light and for dark surroundings. Their lightness differs as well, for black and white. */
export const inks = {
  paper: ['#ffffff', '#15191e'],
  text: ['#1f2328', '#e6ebf0'],
  faint: ['#59636e', '#9aa5b1'],
  grid: ['#e3e7ec', '#2a3038'],
  edge: ['#6b7580', '#8b96a2'],
  up: ['#a9d3b5', '#2c6a45'],
  moving: ['#f4e3b2', '#4d4013'],
  stripe: ['#8a6100', '#d9b24c'],
  down: ['#fdfdfe', '#15191f'],
  failed: ['#a3241d', '#ff9d94'],
  onFailed: ['#fffefe', '#2a0906'],
  phase: ['#2f62a8', '#8cb8f5'],
  onPhase: ['#fffffd', '#0a1a30'],
  allowed: ['#e2ecf8', '#1c2c42'],
  over: ['#f9ded9', '#43201c'],
  overStripe: ['#cf5f52', '#a8483d'],
  log: ['#111417', '#f7f9fb'],
} as const;

/** The hatches, which SVG has and Vega has not: name, the ink behind them, the ink of the lines, and how they run. */
const hatches = [
  ['moving', 'moving', 'stripe', 'M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4'],
  ['over', 'over', 'overStripe', 'M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4'],
] as const;

export type Fill = Ink | `${(typeof hatches)[number][0]}Hatch`;

/** Returns a fill as it stands in an SVG: a colour, or the reference to a hatch. */
export const paint = (fill: Fill): string => (fill.endsWith('Hatch') ? `url(#${fill})` : inks[fill as Ink][0]);

const patterns = hatches
  .map(
    ([name, back, line, path]) =>
      `<pattern id="${name}Hatch" width="8" height="8" patternUnits="userSpaceOnUse">` +
      `<rect width="8" height="8" fill="${inks[back][0]}"/><path d="${path}" stroke="${inks[line][0]}" stroke-width="1.2"/></pattern>`,
  )
  .join('');

/** The dark theme, as CSS rules for what was drawn in the light one. */
export const darkRules = Object.values(inks)
  .map(([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`)
  .join('');

/** Of every text; the halo that some have goes behind their letters. */
const textRule =
  'text{font-family:Arial,Helvetica,sans-serif;paint-order:stroke;stroke-width:2.5;stroke-linejoin:round}';

/**
 * Gives an SVG drawn in the light theme its hatches, and the dark theme for those who ask for it; printed, it is light. A
 * viewer that knows no themes shows the light one, on its own paper, which can be read on any background.
 */
export const withThemes = (svg: string): string =>
  svg.replace(
    /<svg[^>]*>/,
    (opening) =>
      `${opening}<style>${textRule}@media screen and (prefers-color-scheme:dark){${darkRules}}</style><defs>${patterns}</defs>`,
  );
