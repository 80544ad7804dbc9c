import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { withoutRepeats } from '../../../lab/evidence/printing.ts';

const filtered = (lines: readonly string[]): readonly string[] =>
  execFileSync('bash', ['-c', withoutRepeats], { input: lines.map((line) => `${line}\n`).join('') })
    .toString()
    .split('\n')
    .slice(0, -1);

const line = (milliseconds: number, text: string): string =>
  `Nov 22 22:00:52.${String(milliseconds).padStart(3, '0')} example-host pacemaker-controld  [25469] (f) \tnotice: ${text}`;
const asked = (times: number): readonly string[] => Array.from({ length: times }, (_, at) => line(at, 'asked in vain'));

test('of lines that say the same in a row ten are kept, and how many more there were is told', () => {
  expect(filtered([...asked(10), line(900, 'given up')])).toEqual([...asked(10), line(900, 'given up')]);
  expect(filtered([...asked(500), line(900, 'given up')])).toEqual([
    ...asked(10),
    '(490 more of these)',
    line(900, 'given up'),
  ]);
  expect(filtered(asked(11))).toEqual([...asked(10), '(1 more of these)']);
});

test('each run of such lines is counted by itself, and stamps to the second are stamps too', () => {
  const lines = [...asked(12), line(1, 'meanwhile'), ...asked(13)].map((text) => text.replace(/\.\d{3}/, ''));
  expect(filtered(lines).filter((text) => text.startsWith('('))).toEqual(['(2 more of these)', '(3 more of these)']);
  expect(filtered(lines)).toHaveLength(10 + 1 + 1 + 10 + 1);
});

test('lines of several daemons that say the same are kept, and an empty log stays empty', () => {
  const lines = asked(40).map((text, at) => text.replace('[25469]', `[${at % 2}]`));
  expect(filtered(lines)).toEqual(lines);
  expect(filtered([])).toEqual([]);
});
