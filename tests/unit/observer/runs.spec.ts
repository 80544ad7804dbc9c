import { expect, test } from '@playwright/test';
import { readRuns, runsOnce, type Run, type RunEvidence } from '../../../fixtures/observer/runs.ts';
import type { GuestTruth } from '../../../lab/guests/guest-truth.ts';
import type { RunStamp } from '../../../lab/guests/run-stamps/run-stamps.ts';
import type { MachineView, Sample } from '../../../lab/observation/sample.ts';
import { steady } from './drill-samples.ts';

// The drill's clock: its first sample is at 10,000 ms, and one a second follows.
const startMs = 10_000;

const sample = (second: number, machine: Readonly<Record<string, MachineView>>): Sample => ({
  ...steady,
  atMs: startMs + second * 1_000,
  machine: new Map(Object.entries({ host: { processId: 1, stateFiles: [] }, ...machine })),
});
const up = (processId: number, ...stateFiles: readonly string[]): MachineView => ({ processId, stateFiles });

const stamp = (action: RunStamp['action'], atMs: number, bootId: string, more: Partial<RunStamp> = {}): RunStamp => ({
  resource: 'R',
  action,
  atMs,
  exitCode: 0,
  runs: action === 'start',
  bootId,
  ...more,
});

const truth = (bootId: string | null, ...stateFiles: readonly string[]): GuestTruth => ({
  domainId: '1',
  bootId,
  daemon: null,
  stateFiles,
});

/** Two guests that run on, `g` with the resource R in it, for ten seconds; with what is different. */
const evidence = (different: Partial<RunEvidence> & { readonly g?: readonly RunStamp[] } = {}): RunEvidence => {
  const { g = [stamp('start', 5_000, 'boot-1')], ...rest } = different;
  const all = Array.from({ length: 11 }, (_, second) => sample(second, { g: up(101, 'R'), h: up(102) }));
  return {
    stamps: new Map([
      ['host', []],
      ['g', g],
      ['h', []],
    ]),
    clocks: new Map(),
    onHostClock: new Set(['host', 'g', 'h']),
    samples: all as [Sample, ...Sample[]],
    truthBefore: new Map([['g', truth('boot-1', 'R')]]),
    truthAfter: new Map([['g', truth('boot-1', 'R')]]),
    ...rest,
  };
};
const run = { resource: 'R', place: 'g', fromMs: 5_000, untilMs: null, howItEnded: null, errorMs: 0 } satisfies Run;

test('a resource that was started and not stopped runs on', () => {
  expect(readRuns(evidence())).toEqual([run]);
});

test('it runs from the end of its start to the beginning of its stop, and again from the next start on', () => {
  const g = [stamp('start', 5_000, 'boot-1'), stamp('stop', 12_000, 'boot-1'), stamp('start', 13_000, 'boot-1')];
  expect(readRuns(evidence({ g }))).toEqual([
    { ...run, untilMs: 12_000, howItEnded: 'its agent stopped it' },
    { ...run, fromMs: 13_000 },
  ]);
});

test('what ended before the first sample is left out', () => {
  const g = [stamp('start', 5_000, 'boot-1'), stamp('stop', 9_000, 'boot-1')];
  expect(readRuns(evidence({ g, truthAfter: new Map([['g', truth('boot-1')]]) }))).toEqual([]);
});

test('a stop that leaves the state file ends nothing, and a failed start that leaves one begins a run', () => {
  const g = [
    stamp('start', 5_000, 'boot-1', { exitCode: 1 }),
    stamp('stop', 12_000, 'boot-1', { exitCode: 1, runs: true }),
  ];
  expect(readRuns(evidence({ g }))).toEqual([run]);
});

test('a start that leaves no state file begins nothing, and a second start of what runs nothing either', () => {
  expect(readRuns(evidence({ g: [stamp('start', 5_000, 'boot-1', { runs: false })] }))).toEqual([]);
  expect(readRuns(evidence({ g: [stamp('start', 5_000, 'boot-1'), stamp('start', 6_000, 'boot-1')] }))).toEqual([run]);
});

/** The domain of g ends after the third second, and another one is there from the sixth on. */
const restarted = Array.from({ length: 11 }, (_, second) =>
  sample(second, { ...(second < 4 && { g: up(101, 'R') }), ...(second > 5 && { g: up(201, 'R') }) }),
) as [Sample, ...Sample[]];

test('a kill of the guest ends what ran there, at the last sample that shows its domain', () => {
  const g = [stamp('start', 5_000, 'boot-1'), stamp('start', 18_000, 'boot-2')];
  const found = readRuns(evidence({ g, samples: restarted, truthAfter: new Map([['g', truth('boot-2', 'R')]]) }));
  expect(found).toEqual([
    { ...run, untilMs: 13_000, howItEnded: 'its guest’s domain ended' },
    { ...run, fromMs: 18_000 },
  ]);
});

const gone = Array.from({ length: 11 }, (_, second) => sample(second, second < 4 ? { g: up(101, 'R') } : {})) as [
  Sample,
  ...Sample[],
];

for (const [what, samples, after] of [
  ['nothing is started in the guest again', restarted, truth('boot-2')],
  ['the guest does not come back', gone, truth(null)],
] satisfies [string, RunEvidence['samples'], GuestTruth][])
  test(`so it does where ${what}`, () => {
    expect(readRuns(evidence({ samples, truthAfter: new Map([['g', after]]) }))).toEqual([
      { ...run, untilMs: 13_000, howItEnded: 'its guest’s domain ended' },
    ]);
  });

test('in a guest that boots again in the same domain it surely ran as long as something was heard of that boot', () => {
  const g = [
    stamp('start', 5_000, 'boot-1'),
    stamp('start', 12_000, 'boot-1', { resource: 'other' }),
    stamp('start', 18_000, 'boot-2'),
  ];
  const found = readRuns(evidence({ g, truthAfter: new Map([['g', truth('boot-2', 'R')]]) }));
  expect(found.filter(({ resource }) => resource === 'R')).toEqual([
    { ...run, untilMs: 12_000, howItEnded: 'its guest booted again' },
    { ...run, fromMs: 18_000 },
  ]);
});

test('that holds if the domain ends later, where the daemon of the next boot had been started in it', () => {
  const g = [stamp('start', 5_000, 'boot-1'), stamp('boot', 12_500, 'boot-2', { resource: '-' })];
  const truthAfter = new Map([['g', truth('boot-3')]]);
  expect(readRuns(evidence({ g, samples: restarted, truthAfter }))).toEqual([
    { ...run, untilMs: startMs, howItEnded: 'its guest booted again' },
  ]);
});

test('a twin on the guest’s disk, which leaves stamps of a boot of its own, ends nothing', () => {
  const g = [
    stamp('start', 5_000, 'boot-1'),
    stamp('boot', 12_500, 'twin', { resource: '-' }),
    stamp('stop', 13_000, 'twin'),
  ];
  expect(readRuns(evidence({ g }))).toEqual([run]);
});

test('a daemon that is started again in the same boot ends nothing', () => {
  const g = [stamp('start', 5_000, 'boot-1'), stamp('boot', 12_500, 'boot-1', { resource: '-' })];
  expect(readRuns(evidence({ g }))).toEqual([run]);
});

test('a guest that answers no more is not said to run anything', () => {
  expect(readRuns(evidence({ truthAfter: new Map([['g', truth(null)]]) }))).toEqual([
    { ...run, untilMs: startMs, howItEnded: 'its guest answers no more' },
  ]);
});

test('what ran in a boot before the drill is over, although no stamp says so', () => {
  for (const { samples } of [evidence(), evidence({ samples: restarted })])
    expect(readRuns(evidence({ g: [stamp('start', 5_000, 'boot-0')], samples }))).toEqual([]);
  const g = [stamp('start', 5_000, 'boot-0'), stamp('start', 9_000, 'boot-1')];
  expect(readRuns(evidence({ g }))).toEqual([{ ...run, fromMs: 9_000 }]);
});

test('where the state file went away behind the agent’s back, the run ended at the last sample that shows it', () => {
  const samples = Array.from({ length: 11 }, (_, second) =>
    sample(second, { g: up(101, ...(second < 3 ? ['R'] : [])) }),
  );
  const truthAfter = new Map([['g', truth('boot-1')]]);
  expect(readRuns(evidence({ samples: samples as [Sample, ...Sample[]], truthAfter }))).toEqual([
    { ...run, untilMs: 12_000, howItEnded: 'its state file went away' },
  ]);
});

test('on a host a run goes on as long as its state file is there', () => {
  const samples = Array.from({ length: 11 }, (_, second) => sample(second, { host: up(1, 'R') })) as [
    Sample,
    ...Sample[],
  ];
  const stamps = new Map([['host', [stamp('start', 5_000, 'boot-h')]]]);
  expect(readRuns(evidence({ stamps, samples }))).toEqual([{ ...run, place: 'host' }]);
  expect(readRuns(evidence({ stamps }))).toEqual([]);
});

test('stamps of a guest with a clock of its own are brought to the host’s, and are known as well as that clock', () => {
  const clocks = new Map([['boot-1', { aheadMs: -250, errorMs: 40 }]]);
  const onHostClock = new Set(['host', 'h']);
  expect(readRuns(evidence({ clocks, onHostClock }))).toEqual([{ ...run, fromMs: 5_250, errorMs: 40 }]);
});

test('the stamps of a boot whose clock nobody compared are known to a second', () => {
  expect(readRuns(evidence({ onHostClock: new Set() }))).toEqual([{ ...run, fromMs: 5_500, errorMs: 1_000 }]);
});

const lastMs = 20_000;
const there = (place: string, fromMs: number, untilMs: number | null, errorMs = 0): Run => ({
  ...run,
  place,
  fromMs,
  untilMs,
  howItEnded: untilMs === null ? null : 'its agent stopped it',
  errorMs,
});

test('two runs of one resource in two places at once are found, with the places and the time', () => {
  expect(runsOnce([there('g', 5_000, null), there('h', 12_000, 15_000)], lastMs)).toEqual([
    {
      invariant: 'ran in one place',
      atMs: 12_000,
      untilMs: 15_000,
      words:
        "R ran in g and in h at once for 3000 ms, as its agents' stamps say: in g it was not stopped, in h it ended because its agent stopped it.",
    },
  ]);
});

test('what goes on is looked at until the last sample', () => {
  expect(runsOnce([there('g', 5_000, null), there('h', 12_000, null)], lastMs)).toMatchObject([
    { atMs: 12_000, untilMs: 20_000 },
  ]);
  expect(runsOnce([there('g', 5_000, null), there('h', 20_000, null)], lastMs)).toEqual([]);
});

for (const [what, runs] of [
  ['one after the other', [there('g', 5_000, 12_000), there('h', 12_000, null)]],
  ['of two resources', [there('g', 5_000, null), { ...there('h', 12_000, null), resource: 'other' }]],
  ['in the same place', [there('g', 5_000, null), there('g', 12_000, null)]],
  [
    'that overlap by no more than the clocks are known to',
    [there('g', 5_000, 12_100, 60), there('h', 12_000, null, 40)],
  ],
] satisfies [string, Run[]][])
  test(`runs ${what} break no promise`, () => {
    expect(runsOnce(runs, lastMs)).toEqual([]);
  });

test('an overlap beyond what the clocks are known to is told with that', () => {
  const [found] = runsOnce([there('g', 5_000, 12_101, 60), there('h', 12_000, null, 40)], lastMs);
  expect(found?.words).toContain('at once for 101 ms (give or take 100 ms)');
});
