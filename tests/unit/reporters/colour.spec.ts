import { expect, test } from '@playwright/test';
import { colourFor } from '../../../reporters/colour.ts';

const terminal = { isTTY: true, hasColors: () => true };

for (const [what, stream, environment, colour] of [
  ['a terminal with colours', terminal, {}, 'colour'],
  ['a terminal, and an empty NO_COLOR', terminal, { NO_COLOR: '' }, 'colour'],
  ['a terminal, and NO_COLOR', terminal, { NO_COLOR: '1' }, 'plain'],
  ['a terminal without colours', { isTTY: true, hasColors: () => false }, {}, 'plain'],
  ['a file', {}, {}, 'plain'],
] as const)
  test(`${what}: ${colour}`, () => {
    expect(colourFor(stream, environment)).toBe(colour);
  });
