import { expect, test } from '@playwright/test';
import type { DrillRecord } from '../../../../reporters/drill-record.ts';
import type { DrillPicture } from '../../../../reporters/picture/drill-picture.ts';
import { textWidth } from '../../../../reporters/picture/fit-text.ts';
import { layOut } from '../../../../reporters/picture/lay-out.ts';
import type { Layout } from '../../../../reporters/picture/shapes.ts';
import { calmSpan, drawnPicture, drawnRecord, lane } from './picture-samples.ts';

const layoutOf = (record: Partial<DrillRecord> = {}, picture: Partial<DrillPicture> = {}): Layout =>
  layOut(drawnRecord(record), drawnPicture(picture));
const texts = ({ labels }: Layout): readonly string[] => labels.map(({ text }) => text);
const phases = { injected: 0, detected: 50, stopped: 2_000, restarted: 2_500, reconnected: null, recovered: null };

test('each phase has its milliseconds, its share of the budget, and a line from it through the lanes', () => {
  const layout = layoutOf({}, { logged: { detected: -10, stopped: 1_900 } });
  expect(texts(layout)).toEqual(
    expect.arrayContaining(['50 ms (log: −10)', '2000 ms (log: 1900)', '2500 ms', '✓ 20 % of 10 s', '✓ 20 % of 35 s']),
  );
  expect(layout.lines.map(({ atMs }) => atMs)).toEqual([0, 50, 2_000, 2_500, 5_000, 7_000]);
  expect(new Set(layout.lines.map(({ bottom }) => bottom))).toEqual(new Set([layout.height]));
});

test('a budget shades what is within it, and what is over it as far as the picture goes', () => {
  const { zones } = layoutOf({ budgets: { detected: 2_000, stopped: 10_000 } });
  expect(zones.map(({ fill, fromMs, untilMs }) => [fill, fromMs, untilMs])).toEqual([
    ['allowed', 0, 2_000],
    ['overHatch', 2_000, 8_000],
    ['allowed', 0, 8_000],
  ]);
});

test('a phase that is late is told, and the part of it that is over the budget stands out', () => {
  const layout = layoutOf({ budgets: { stopped: 1_500, reconnected: 30_000 } });
  expect(texts(layout)).toEqual(expect.arrayContaining(['✕ 500 ms over 1.5 s', 'no budget']));
  const late = layout.boxes.filter(({ tip }) => tip.startsWith('stopped after'));
  expect(late.map(({ fill, fromMs, untilMs }) => [fill, fromMs, untilMs])).toEqual([
    ['phase', 50, 1_500],
    ['failed', 1_500, 2_000],
  ]);
});

test('a budget that was over before the phase began has no part within it', () => {
  const late = layoutOf({ budgets: { restarted: 1_000 } }).boxes.filter(({ tip }) => tip.startsWith('restarted after'));
  expect(late.filter(({ fromMs, untilMs }) => untilMs > fromMs).map(({ fill }) => fill)).toEqual(['failed']);
});

test('a phase that was not reached says so: badly where it has a budget, quietly where not', () => {
  const layout = layoutOf({ phases, budgets: { reconnected: 30_000 } });
  expect(texts(layout)).toContain('✕ not within 30 s');
  const notReached = layout.labels.filter(({ text }) => text === 'not reached');
  expect(notReached.map(({ ink }) => ink)).toEqual(['failed', 'faint']);
});

test('a recovery that got stuck is told at the end of its lanes', () => {
  const stuck = lane('FAKE1').spans.slice(0, 2);
  const layout = layoutOf(
    { verdict: 'failed' },
    { lanes: [lane('FAKE1', { spans: stuck }), lane('lxc1', { kind: 'node', spans: stuck })] },
  );
  expect(texts(layout).filter((text) => text === '✕ Stopped at the end')).toHaveLength(2);
});

test('a resource that moved says where it is; what should have been left alone and was not says so', () => {
  const moved = [calmSpan, { ...calmSpan, words: 'Started on lxc3', short: 'lxc3' }];
  const own = layoutOf({}, { lanes: [lane('FAKE1', { spans: moved })] });
  expect(texts(own)).toContain('now Started on lxc3');
  const others = [lane('FAKE2', { group: 'others' }), lane('FAKE3', { group: 'others', spans: moved })];
  expect(texts(layoutOf({ verdict: 'failed' }, { lanes: others }))).toEqual(
    expect.arrayContaining(['✕ disturbed', '✕ now Started on lxc3']),
  );
  // A drill that passed expects it.
  expect(texts(layoutOf({}, { lanes: others }))).toEqual(expect.arrayContaining(['disturbed', 'now Started on lxc3']));
});

test('failed actions and broken invariants are numbered as they came, on their lanes and in words below', () => {
  const place = { kind: 'resource', name: 'FAKE1' } as const;
  const layout = layoutOf(
    {},
    {
      violations: [{ atMs: 900, place, words: 'FAKE1 is twice.' }],
      failedActions: [
        { atMs: 1_000, place: null, words: 'later' },
        { atMs: 40, place: { kind: 'connection', name: 'lxc1' }, words: 'lost' },
      ],
    },
  );
  expect(texts(layout).filter((text) => /^\d  /.test(text))).toEqual([
    '1  40 ms, failed action: lost',
    '2  900 ms, broken invariant: FAKE1 is twice.',
    '3  1000 ms, failed action: later',
  ]);
  const badges = layout.signs.filter(({ shape }) => shape === 'circle');
  expect(badges.map(({ atMs }) => atMs)).toEqual([40, 900, 1_000]);
  expect(new Set(badges.map(({ y }) => y)).size).toBe(3);
});

test('what failed at once on a lane is numbered side by side', () => {
  const place = { kind: 'resource', name: 'FAKE1' } as const;
  const at = (atMs: number) => ({ atMs, place, words: 'twice' });
  const { signs, labels, fromMs, untilMs, width } = layoutOf({}, { violations: [at(1_000), at(1_010), at(1_020)] });
  const pixels = signs.flatMap((sign) => (sign.shape === 'circle' ? [(sign.atMs * width) / (untilMs - fromMs)] : []));
  expect(pixels).toHaveLength(3);
  const [first = 0, ...rest] = pixels;
  expect(rest.map((pixel) => Math.round(pixel - first))).toEqual([16, 32]);
  const numbers = labels.flatMap(({ text, at: where }) => (/^\d$/.test(text) && 'ms' in where ? [where.ms] : []));
  expect(numbers).toEqual(signs.flatMap(({ shape, atMs }) => (shape === 'circle' ? [atMs] : [])));
});

test('words on a lane make room for the numbers on it, or are left out', () => {
  const lanes = [lane('FAKE1')];
  const place = { kind: 'resource', name: 'FAKE1' } as const;
  const shiftsWith = (...stamps: number[]) =>
    layoutOf({}, { lanes, violations: stamps.map((atMs) => ({ atMs, place, words: 'twice' })) })
      .labels.filter(({ text }) => text === 'Stopped' || text === 'lxc1')
      .map(({ text, shift }) => [text, Math.round(shift)]);
  expect(shiftsWith()).toEqual([
    ['lxc1', 4],
    ['Stopped', 4],
    ['lxc1', 4],
  ]);
  expect(shiftsWith(1_020, 7_020)).toEqual([
    ['lxc1', 4],
    ['Stopped', 13],
    ['lxc1', 13],
  ]);
  expect(shiftsWith(7_200, 7_210, 7_220, 7_230)).toEqual([
    ['lxc1', 4],
    ['Stopped', 4],
  ]);
});

test('a drill that was cut off blames nobody', () => {
  const place = { verdict: 'inconclusive', phases, budgets: { reconnected: 30_000, recovered: 1_000 } } as const;
  const stuck = lane('FAKE1', { spans: [calmSpan, { ...calmSpan, tone: 'down', words: 'Stopped', short: 'Stopped' }] });
  const layout = layoutOf(place, { lanes: [stuck] });
  expect(texts(layout)).toEqual(
    expect.arrayContaining(['cut off before 30 s', '✕ not within 1 s', 'Stopped, last seen']),
  );
  expect(texts(layout).filter((text) => text.startsWith('✕'))).toEqual(['✕ not within 1 s']);
});

test('of a fault that was not proven it says so and when it was given up; there are no phases and no budgets', () => {
  const effect = { fromMs: 0, untilMs: 2_200, tone: 'moving', words: 'lxc1, not proven', short: 'not proven' } as const;
  const record = { verdict: 'inconclusive', phases: null } as const;
  const fault = lane('daemon-killed', { kind: 'fault', spans: [effect] });
  const layout = layoutOf(record, { fromMs: 0, untilMs: 2_300, lanes: [fault] });
  expect(texts(layout)).toEqual(expect.arrayContaining(['daemon-killed: lxc1, not proven', 'given up after 2.2 s']));
  expect(texts(layout).join()).not.toMatch(/budget|recovered|◆/);
  expect(layout.axisTitle).toBe('seconds since the fault was tried');
  expect(layout.zones).toEqual([]);
  expect(layout.signs.filter(({ shape }) => shape === 'diamond')).toEqual([]);
  expect(layout.lines.map(({ atMs, style }) => [atMs, style])).toEqual([
    [0, 'solid'],
    [2_200, 'dashed'],
  ]);
});

test('more than ten of them are counted', () => {
  const failedActions = Array.from({ length: 13 }, (_, at) => ({ atMs: at, place: null, words: 'x' }));
  expect(texts(layoutOf({}, { failedActions }))).toContain('and 3 more');
});

test('log events stand on their lanes; those of the guest and the cluster are written out as well', () => {
  const log = [
    { atMs: 10, place: { kind: 'connection', name: 'lxc1' }, words: 'lxc1 connection lost' },
    { atMs: 20, place: { kind: 'resource', name: 'FAKE2' }, words: 'FAKE2 stop: ok' },
    { atMs: 7_900, place: null, words: 'idle' },
  ] as const;
  const layout = layoutOf({}, { log: [...log] });
  expect(texts(layout)).toEqual(expect.arrayContaining(['lxc1 connection lost (10 ms)', 'idle (7900 ms)']));
  expect(texts(layout)).not.toContain('FAKE2 stop: ok (20 ms)');
  const signs = layout.signs.filter(({ shape }) => shape === 'triangle-down').map(({ atMs }) => atMs);
  expect(signs.sort((a, b) => a - b)).toEqual([10, 10, 20, 7_900]);
});

test('where there is no log it says why', () => {
  expect(texts(layoutOf({}, { logNote: 'the host is gone' }))).toContain('the host is gone');
});

test('the verdict and the first line of its reason stand above', () => {
  const layout = layoutOf({ verdict: 'failed', reason: 'ExpectationError: FAKE1 never stopped\nNext: look' });
  expect(texts(layout)).toEqual(expect.arrayContaining(['failed', 'ExpectationError: FAKE1 never stopped']));
  expect(texts(layout).join()).not.toContain('Next: look');
});

/** From where to where a label goes, in pixels from the plot's left edge. */
function edgesOf({ width, fromMs, untilMs }: Layout, { at, shift, text, size, align }: Layout['labels'][number]) {
  const anchor = 'ms' in at ? ((at.ms - fromMs) / (untilMs - fromMs)) * width : at.pixel;
  const before = { left: 0, center: 0.5, right: 1 }[align] * textWidth(text, size);
  const left = anchor + shift - before;
  return { left, right: left + textWidth(text, size) };
}

for (const [what, picture] of [
  ['two seconds', { fromMs: -300, untilMs: 2_000 }],
  ['three minutes', { fromMs: -900, untilMs: 180_000 }],
] as const)
  test(`long names and words of a drill of ${what} stay inside of the picture`, () => {
    const long = 'a-resource-with-a-name-of-sixty-four-characters-which-is-the-most-'.slice(0, 64);
    const span = {
      fromMs: -300,
      untilMs: picture.untilMs,
      tone: 'failed' as const,
      words: `Started on ${long}`,
      short: long,
    };
    const lanes = Array.from({ length: 50 }, (_, at) =>
      lane(`${long}${at}`, { group: at < 25 ? 'guest' : 'others', spans: [span, { ...span, words: long }] }),
    );
    const words = Array.from({ length: 60 }, () => long).join(' ');
    const layout = layoutOf(
      {
        title: words,
        reason: words,
        verdict: 'failed',
        phases: { ...phases, stopped: picture.untilMs, restarted: null },
      },
      {
        ...picture,
        lanes,
        failedActions: [{ atMs: 0, place: null, words }],
        logNote: words,
        log: [{ atMs: picture.untilMs - 1, place: null, words: long }],
      },
    );
    for (const label of layout.labels) {
      const { left, right } = edgesOf(layout, label);
      expect(left, label.text).toBeGreaterThanOrEqual(-layout.margins.left);
      expect(right, label.text).toBeLessThanOrEqual(layout.width + layout.margins.right);
    }
  });
