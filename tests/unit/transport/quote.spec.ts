import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { quote } from '../../../lab/transport/host-shell.ts';

const nasty = [
  '',
  ' ',
  "'",
  "''",
  "it's",
  `'"'"'`,
  '"',
  '\\',
  "\\'",
  'a\\',
  '\n',
  'a\n',
  'a\nb',
  '\t\r',
  '$HOME',
  '$(echo x)',
  '`echo x`',
  '${x:-y}',
  '!!',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '~',
  '~root',
  '#',
  'a #b',
  ';',
  'a;b',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
  '-n',
  '--',
  'a=b',
  '%s',
  '%%',
  'ümläut',
  '“quoted”',
  '\u{1f980}',
  '\x01\x7f',
  'x'.repeat(10_000),
];

/** Numbers between 0 and 1 that are the same on every run. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const alphabet = `'"\\$\`!*?[]{}~#;&|<>()=%-+@:,./ \n\tab0_é`;
const draw = draws(20_261_121);
const random = Array.from({ length: 400 }, () =>
  Array.from({ length: Math.floor(draw() * 12) }, () => alphabet[Math.floor(draw() * alphabet.length)]).join(''),
);

/** The words that a shell makes of a script's arguments. */
const wordsOf = (shell: string, quoted: readonly string[], nest: (script: string) => string): string[] =>
  execFileSync(shell, ['-c', nest(`printf '%s\\0' ${quoted.join(' ')}`)], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

for (const shell of ['bash', 'sh'])
  for (const [what, texts] of [
    ['nasty', nasty],
    ['random', random],
  ] as const)
    test(`${shell} takes each of ${texts.length} ${what} texts as one word, unchanged`, () => {
      expect(wordsOf(shell, texts.map(quote), (script) => script)).toEqual(texts);
    });

test('a quoted script with quoted words in it comes through two shells', () => {
  const texts = [...nasty, ...random];
  expect(wordsOf('sh', texts.map(quote), (script) => `bash -c ${quote(script)}`)).toEqual(texts);
});

test('what needs no quotes gets none', () => {
  for (const plain of ['lxc1', '/root/lxc/lxc1.xml', 'ocf:pacemaker:Dummy', 'a=b', 'x@y', '1,5%'])
    expect(quote(plain)).toBe(plain);
});
