import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { minutesOf, readLogLines } from '../../../lab/observation/pacemaker-log.ts';
import { damageAll, damages } from './damage.ts';
import { freeText } from './drawn-cluster.ts';
import { holds } from './holds.ts';
import { growthOf, mostGrowth } from './processor-time.ts';

const dayMs = 86_400_000;
const nearMs = fc.integer({ min: Date.parse('2020-01-01T00:00:00Z'), max: Date.parse('2036-01-01T00:00:00Z') });
const line = fc.record({
  /** Days from the moment that is known: of a stamp without a year no more is certain than half a year to either side. */
  offsetMs: fc.integer({ min: -180 * dayMs, max: 180 * dayMs }),
  host: fc.constantFrom('h1', 'example-host', 'node.example.org'),
  daemon: fc.constantFrom('controld', 'schedulerd', 'based', 'remoted', 'fenced'),
  processId: fc.integer({ min: 1, max: 4_194_304 }),
  from: fc.constantFrom('remote_lrm_op_callback', 'log_list_item', 'pcmk__x-y', ''),
  blanks: fc.constantFrom('', ' ', '   '),
  level: fc.constantFrom('error', 'notice', 'info', 'warning'),
  text: freeText.map((text) => text.replaceAll('\n', ' ')),
});
/** What is in a log besides, and must not read as a line of it. */
const junk = fc.constantFrom(
  '',
  'Nov 22 01:26:37 example-host pacemaker-controld  [257] (f) \tinfo: whole seconds',
  'Nov 22 01:26:37.020 VirtualDomain(container1)[9]:\tINFO: Domain lxc1 stopped',
  'Nov 31 01:26:37.020 example-host pacemaker-controld  [257] (f) \tinfo: no such day',
  'Now 22 01:26:37.020 example-host pacemaker-controld  [257] (f) \tinfo: no such month',
  'Nov 22 99:26:37.020 example-host pacemaker-controld  [257] (f) \tinfo: no such hour',
  'Nov 22 :::::::: example-host pacemaker-controld  [257] (f) \tinfo: no time at all',
  'Nov 22 ::::::::.020 example-host pacemaker-controld  [257] (f) \tinfo: no time at all',
);

const stampOf = (atMs: number): string => {
  const [, day = '', month = ''] = new Date(atMs).toUTCString().split(' ');
  return `${month} ${day.replace(/^0/, ' ')} ${new Date(atMs).toISOString().slice(11, 23)}`;
};

test('a log reads as its lines, whatever they say, and without what is none', () => {
  holds(
    fc.property(nearMs, fc.array(fc.record({ line, junk })), (near, drawn) => {
      const log = drawn.map(({ line: { offsetMs, host, daemon, processId, from, blanks, level, text }, junk }) => {
        const who = `${host} pacemaker-${daemon.padEnd(10)}[${processId}] (${from})`;
        return `${junk}\n${stampOf(near + offsetMs)} ${who}${blanks}\t${level}: ${text}\n`;
      });
      assert.deepStrictEqual(
        readLogLines(log.join(''), near),
        drawn.map(({ line }) => ({ atMs: near + line.offsetMs, daemon: `pacemaker-${line.daemon}`, text: line.text })),
      );
    }),
  );
});

test('whatever is done to a log, its lines have a moment near the one that is known', () => {
  const log = Buffer.from(
    Array.from(
      { length: 20 },
      (_, at) =>
        `${stampOf(1795299366242 + at * 50)} h1 pacemaker-controld  [257] (abort_transition) \tnotice: Transition ${at} aborted\n`,
    ).join(''),
  );
  holds(
    fc.property(nearMs, damages, (near, damages) => {
      for (const { atMs } of readLogLines(damageAll(log, damages).toString(), near))
        assert.ok(Math.abs(atMs - near) <= 184 * dayMs, `${atMs} is not near ${near}`);
    }),
  );
});

test('the minutes of a span are those of the stamps in it', () => {
  holds(
    fc.property(nearMs, fc.nat(600_000), fc.nat(600_000), (fromMs, one, other) => {
      const [atMs, untilMs] = [fromMs + Math.min(one, other), fromMs + Math.max(one, other)];
      assert.ok(minutesOf(fromMs, untilMs).includes(stampOf(atMs).slice(0, 12)));
    }),
  );
});

const start = 'Nov 21 22:46:27.264 example-host pacemaker-controld';
for (const [what, before, piece] of [
  ['line ends', '', '\n'],
  ['letters', '', 'N'],
  ['blanks', start, ' '],
  ['colons', 'Nov 21 ', ':'],
  ['digits', `${start} [`, '1'],
  ['brackets', `${start} [257] (`, ')'],
  ['open brackets', `${start} [257] `, '('],
  ['blanks before the level', `${start} [257] (f)`, ' '],
  ['letters of the level', `${start} [257] (f) \t`, 'i'],
] satisfies [string, string, string][])
  test(`very many ${what} take time that grows with their number`, () => {
    const read = (length: number) => readLogLines(before + piece.repeat(length), 1795299366242);
    const growth = growthOf(
      () => read(30_000),
      () => read(300_000),
    );
    expect(growth).toBeLessThan(mostGrowth);
  });
