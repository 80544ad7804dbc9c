import { expect, test } from '@playwright/test';
import { isDrillEnd, marks } from '../../../reporters/progress/drill-end.ts';
import { followDrill, type SeenStep } from '../../../reporters/progress/drill-progress.ts';
import { openScreen } from '../../../reporters/progress/screen.ts';

const step = (title: string, atMs: number, more: Partial<SeenStep> = {}): SeenStep => ({
  title,
  category: 'test.step',
  startTime: new Date(atMs),
  duration: -1,
  ...more,
});
const budgets = { detected: 2_000, stopped: 10_000, recovered: 46_660 };
const watch = step('watch the cluster recover', 5_000);
const phase = (name: string, sinceInjectionMs: number): SeenStep =>
  step(name, 5_000 + sinceInjectionMs, { parent: watch, params: { phase: name, sinceInjectionMs, budgets } });

test('it says which step is under way and for how long', () => {
  const drill = followDrill(1_000);
  expect(drill.now(1_500)).toBe('under way · 0.5 s');
  const prepare = step('prepare the lab', 2_000);
  drill.begin(prepare);
  drill.begin(step('expect', 2_100, { category: 'expect' }));
  expect(drill.now(3_200)).toBe('prepare the lab · 1.2 s');
  drill.end(prepare);
  expect(drill.now(3_200)).toBe('under way · 2.2 s');
});

test('while it is watched it says which phase is awaited, against its budget since the injection', () => {
  const drill = followDrill(1_000);
  drill.begin(watch);
  drill.begin(phase('injected', 0));
  expect(drill.now(6_000)).toBe('injected · detected is awaited: 1.0 s of 2.0 s');
  drill.begin(phase('detected', 1_500));
  expect(drill.now(8_000)).toBe('detected · stopped is awaited: 3.0 s of 10.0 s');
  drill.begin(phase('recovered', 7_000));
  expect(drill.now(13_000)).toBe('recovered · 8.0 s since the injection');
  drill.end(watch);
  drill.begin(step('reset the lab', 13_000));
  expect(drill.now(14_000)).toBe('reset the lab · 1.0 s');
});

test('a phase that is passed over is not awaited any more', () => {
  const drill = followDrill(1_000);
  drill.begin(phase('stopped', 2_500));
  expect(drill.now(8_000)).toBe('stopped · recovered is awaited: 3.0 s of 46.7 s');
});

test('what lasts is printed above the lines that are redrawn, which are cut to the terminal', () => {
  let written = '';
  const screen = openScreen({ columns: 10, write: (text) => (written += text) });
  screen.live([]);
  screen.print('first');
  expect(written).toBe('first\n');
  screen.live(['one', 'two and three']);
  expect(written).toBe('first\none\ntwo and …\n');
  written = '';
  screen.print('second\n');
  expect(written).toBe('\u001b[2A\r\u001b[0Jsecond\none\ntwo and …\n');
  written = '';
  screen.live([]);
  expect(written).toBe('\u001b[2A\r\u001b[0J');
});

test('the end of a drill is known among the lines of a log', () => {
  for (const mark of Object.values(marks)) expect(isDrillEnd(`[ 7/50] ${mark} passed: a drill (7.4 s)`)).toBe(true);
  for (const line of ['[7/50] a drill', '[7/50]   injected', '    ✓ passed', 'Running 50 drills'])
    expect(isDrillEnd(line)).toBe(false);
});
