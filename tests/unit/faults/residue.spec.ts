import { expect, test } from '@playwright/test';
import { residue } from '../../../lab/faults/residue.ts';

const before = ['h: name h', 'h: rule a', 'h: rule a', 'lxc1: name lxc1'];

test('a machine that is as it was has no residue, in whichever order it is described', () => {
  expect(residue(before, before)).toEqual([]);
  expect(residue(before, before.toReversed())).toEqual([]);
});

test('what is left behind and what is missing is named, with its place', () => {
  expect(residue(before, ['h: name h', 'h: rule a', 'h: rule a', 'h: rule b', 'lxc1: name other'])).toEqual([
    'left behind on h: rule b',
    'left behind on lxc1: name other',
    'missing on lxc1: name lxc1',
  ]);
});

test('a second one of the same counts, and so does one less', () => {
  expect(residue(before, [...before, 'h: rule a'])).toEqual(['left behind on h: rule a']);
  expect(residue(before, before.slice(0, 1).concat(before.slice(2)))).toEqual(['missing on h: rule a']);
});
