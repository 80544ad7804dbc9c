import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { sabotages } from '../../sabotage/catalogue.ts';
import { missing, type Said } from '../../sabotage/verdict.ts';

const names = sabotages.map(({ name }) => name);

test('there are thirty sabotages and more, each under a name of its own', () => {
  expect(names.length).toBeGreaterThanOrEqual(30);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
});

const code = (word: string | RegExp): string => `\`${typeof word === 'string' ? word : word.source}\``;

test('the page about the verifier tells of each what it is, and no other', () => {
  const page = readFileSync(new URL('../../../docs/verification.md', import.meta.url), 'utf8');
  const section = page.split('\n## ').find((text) => text.startsWith('Sabotage\n')) ?? '';
  const told = section
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, , , , verdict = '']) => /^(failed|inconclusive|passed)$/.test(verdict))
    .map((cells) => cells.slice(1, -1));
  expect(told).toEqual(
    sabotages.map(({ name, description, drill, verdict, words }) => [
      name,
      description,
      drill,
      verdict,
      words.map(code).join(', '),
    ]),
  );
});

const [sabotage] = sabotages;
const said: Said = { verdict: 'failed', reason: 'so', output: sabotage?.words.map(String).join('\n') ?? '' };

test('a sabotage is caught by the verdict and all of the words that it must give', () => {
  expect(sabotage && missing(sabotage, said)).toEqual([]);
});

test('a sabotage is missed by another verdict, and by words that are not said', () => {
  expect(sabotage && missing(sabotage, { ...said, verdict: 'passed', output: 'passed' })).toEqual([
    'the verdict is passed, and has to be failed: so',
    ...(sabotage?.words ?? []).map((word) => `it does not say: ${String(word)}`),
  ]);
});
