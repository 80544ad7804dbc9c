import { expect, test } from '@playwright/test';

import { parseXml } from '../../../../lab/observation/xml.ts';
import { makePicture } from '../../../../fixtures/drill-picture.ts';
import { drawPicture } from '../../../../reporters/picture/draw-picture.ts';
import { inks } from '../../../../reporters/picture/palette.ts';
import { recordedOutcome } from '../../drill/recorded-outcome.ts';
import { at } from '../../observer/drill-samples.ts';
import { drawnPicture, drawnRecord } from './picture-samples.ts';

test('it is an SVG that needs nothing from elsewhere, and carries its title', async () => {
  const svg = await drawPicture(drawnRecord({ title: 'lxc1 <is> "back" & well' }), drawnPicture());
  expect(parseXml(svg).name).toBe('svg');
  expect(svg).toContain('<title>lxc1 &lt;is&gt; &quot;back&quot; &amp; well: passed</title>');
  expect(svg).not.toMatch(/href|@import|url\((?!#)/);
});

/** Whether a colour has its rule for the dark, or a hatch its pattern. */
const isDefined = (paint: string, rules: string, drawing: string): boolean =>
  paint.startsWith('url')
    ? drawing.includes(`<pattern id="${paint.slice(5, -1)}"`)
    : rules.includes(`[fill="${paint}"]`);

test('every colour in it has a counterpart in the dark, and every hatch is there', async () => {
  const svg = await drawPicture(
    drawnRecord({ verdict: 'inconclusive' }),
    drawnPicture({ failedActions: [{ atMs: 10, place: null, words: 'x' }] }),
  );
  const [, rules = '', drawing = ''] = /<style>(.*)<\/style>([\s\S]*)/.exec(svg) ?? [];
  const used = new Set(Array.from(drawing.matchAll(/(?:fill|stroke)="((?!none)[^"]+)"/g), ([, paint]) => paint ?? ''));
  expect([...used].filter((paint) => !isDefined(paint, rules, drawing))).toEqual([]);
  expect(used.size).toBeGreaterThan(8);
});

test('each ink has a hex of its own, or the dark theme would take one for another', () => {
  const hexes = Object.values(inks).map(([light]) => light);
  expect(new Set(hexes).size).toBe(hexes.length);
});

/** How light a colour is to the eye, from 0 to 1. */
const lightness = (hex: string): number =>
  [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
    const part = parseInt(hex.slice(1 + 2 * index, 3 + 2 * index), 16) / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
const contrast = (one: string, other: string): number => {
  const [low = 0, high = 0] = [lightness(one), lightness(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

for (const theme of [0, 1] as const) {
  const name = theme === 0 ? 'light' : 'dark';

  test(`words can be read on what is behind them, in the ${name} theme`, () => {
    for (const [words, behind] of [
      ...(['paper', 'up', 'moving', 'down', 'allowed'] as const).map((each) => ['text', each] as const),
      ['faint', 'paper'],
      ['faint', 'down'],
      ['failed', 'paper'],
      ['onFailed', 'failed'],
      ['onPhase', 'phase'],
    ] as const)
      expect(contrast(inks[words][theme], inks[behind][theme]), `${words} on ${behind}`).toBeGreaterThan(4.5);
  });

  test(`up, down and failed differ in black and white, in the ${name} theme`, () => {
    for (const [one, other] of [
      ['up', 'down'],
      ['up', 'failed'],
      ['down', 'failed'],
    ] as const)
      expect(contrast(inks[one][theme], inks[other][theme]), `${one} and ${other}`).toBeGreaterThan(1.5);
  });
}

test('a drill of two minutes with 600 samples is reduced and drawn in less than a second', async () => {
  const { samples } = recordedOutcome;
  const last = samples.length - 1;
  const long = Array.from({ length: 600 }, (_, index) => {
    const sample = samples[Math.round((index * last) / 599)];
    if (!sample) throw new Error('There is no such sample.');
    return at(sample, 200 * index);
  });
  const measured = async () => {
    const startedAt = performance.now();
    const picture = makePicture({ ...recordedOutcome, samples: long }, { lines: [] });
    const svg = await drawPicture(drawnRecord(), picture);
    return { picture, svg, tookMs: performance.now() - startedAt };
  };
  // The first has to load Vega, once for a run; beside other tests on a busy machine that alone can take a second.
  await measured();
  const { picture, svg, tookMs } = await measured();
  expect(tookMs).toBeLessThan(1_000);
  expect(picture.untilMs).toBeGreaterThan(119_000);
  expect(svg.length).toBeLessThan(60_000);
});
