import { expect, test } from '@playwright/test';
import { fitting, shortened, textWidth, wrapped } from '../../../../reporters/picture/fit-text.ts';

test('a text that is too long loses its middle, one that fits nothing', () => {
  const width = textWidth('0123456789', 10);
  expect(shortened('0123456789', 10, width)).toBe('0123456789');
  expect(shortened('resource-with-a-number-17', 10, width)).toBe('resou…r-17');
  expect(shortened('resource', 10, 0)).toHaveLength(3);
});

test('of several texts the first that fits is taken, or none', () => {
  expect(fitting(['Started on lxc1', 'lxc1'], 10, textWidth('Started', 10))).toBe('lxc1');
  expect(fitting(['Started on lxc1', 'lxc1'], 10, 0)).toBe('');
});

test('a text is broken at its spaces, a word that is longer than a line in its middle', () => {
  expect(wrapped('one two three', 10, textWidth('one two', 10))).toEqual(['one two', 'three']);
  expect(wrapped('abcdefghijk', 10, textWidth('12345', 10))).toEqual(['ab…jk']);
});
