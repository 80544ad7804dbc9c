import { restartBudgets } from '../../../../fixtures/budgets.ts';
import { timings } from '../../drill/timings.ts';
import type { DrillRecord } from '../../../../reporters/drill-record.ts';
import type { DrillPicture, PictureLane } from '../../../../reporters/picture/drill-picture.ts';

/** A record as far as a picture needs it, of a drill that recovered within its budgets. */
export const drawnRecord = (change: Partial<DrillRecord> = {}): DrillRecord => ({
  id: 'guest.spec.ts › lxc1 comes back',
  title: 'lxc1 comes back',
  tags: [],
  repeat: 0,
  verdict: 'passed',
  reason: '',
  finding: null,
  release: '3.0.0',
  guest: { name: 'lxc1', kind: 'lxc' },
  fault: null,
  injectedAtMs: null,
  phases: { injected: 0, detected: 50, stopped: 2_000, restarted: 2_500, reconnected: 5_000, recovered: 7_000 },
  budgets: restartBudgets('at once')(timings()),
  failedActions: [],
  relocations: [],
  sampling: { count: 40, medianIntervalMs: 200, maxGapMs: 240 },
  contention: null,
  durationMs: 8_000,
  resetMs: null,
  seed: null,
  picture: null,
  evidence: null,
  lab: null,
  ...change,
});

/** A lane that is up until 1 s, is something else until 7 s, and up again until 8 s. */
export const lane = (name: string, change: Partial<PictureLane> = {}): PictureLane => ({
  kind: 'resource',
  name,
  group: 'guest',
  spans: [
    { fromMs: -100, untilMs: 1_000, tone: 'up', words: 'Started on lxc1', short: 'lxc1' },
    { fromMs: 1_000, untilMs: 7_000, tone: 'down', words: 'Stopped', short: 'Stopped' },
    { fromMs: 7_000, untilMs: 8_000, tone: 'up', words: 'Started on lxc1', short: 'lxc1' },
  ],
  ...change,
});

export const calmSpan = { fromMs: -100, untilMs: 8_000, tone: 'up', words: 'Started on lxc2', short: 'lxc2' } as const;

/** A picture of 8 s with two lanes of the guest and one of the others. */
export const drawnPicture = (change: Partial<DrillPicture> = {}): DrillPicture => ({
  fromMs: -100,
  untilMs: 8_000,
  lanes: [lane('lxc1', { kind: 'connection' }), lane('FAKE1'), lane('FAKE2', { group: 'others', spans: [calmSpan] })],
  log: [],
  logNote: null,
  logged: {},
  failedActions: [],
  violations: [],
  ...change,
});
