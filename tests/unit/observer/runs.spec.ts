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

/** For so many seconds each, what the machine showed of a place; `null` where it showed none. */
type Shown = readonly (readonly [seconds: number, view: MachineView | null])[];

const shownIn = (place: string, shown: Shown): RunEvidence['samples'] => {
  const views = shown.flatMap(([seconds, view]) => Array.from({ length: seconds }, () => view));
  return views.map((view, second) => sample(second, view ? { [place]: view } : {})) as [Sample, ...Sample[]];
};

/** The runs of R in g by its stamps and what the machine showed. */
const story = (g: readonly RunStamp[], shown: Shown, change: Partial<RunEvidence> = {}): readonly Run[] =>
  readRuns(evidence({ g, samples: shownIn('g', shown), ...change }));
const after = (bootId: string | null, ...stateFiles: readonly string[]) =>
  new Map([['g', truth(bootId, ...stateFiles)]]);

test('what began in the second domain of a guest ends with that one', () => {
  const secondDomain: Shown = [
    [4, up(101)],
    [2, null],
    [3, up(201, 'R')],
    [2, null],
  ];
  for (const startedMs of [16_000, 16_500])
    expect(story([stamp('start', startedMs, 'boot-2')], secondDomain, { truthAfter: after(null) })).toEqual([
      { ...run, fromMs: startedMs, untilMs: 18_000, howItEnded: 'its guest’s domain ended' },
    ]);
});

test('what was started after the last sample that shows the domain ran for no time at all', () => {
  const goneLater: Shown = [
    [4, up(101)],
    [7, null],
  ];
  for (const startedMs of [13_400, 15_000])
    expect(story([stamp('start', startedMs, 'boot-1')], goneLater, { truthAfter: after(null) })).toEqual([
      { ...run, fromMs: startedMs, untilMs: startedMs, howItEnded: 'its guest’s domain ended' },
    ]);
});

for (const [what, g, bootAfter, howItEnded] of [
  [
    'the daemon of its next boot left a stamp',
    [stamp('boot', 18_000, 'boot-2', { resource: '-' })],
    null,
    'its guest booted again',
  ],
  ['it is in another boot afterwards', [], 'boot-2', 'its guest booted again'],
  ['nothing is heard of it afterwards', [], null, 'its guest answers no more'],
] as const)
  test(`in a guest whose domain stays, a run ends with the last stamp of its boot if ${what}`, () => {
    const stamps = [stamp('start', 5_000, 'boot-1'), stamp('start', 12_000, 'boot-1', { resource: 'other' }), ...g];
    const known = { truthBefore: after('boot-1'), truthAfter: after(bootAfter) };
    const found = story(stamps, [[11, up(101, 'R')]], known).filter(({ resource }) => resource === 'R');
    expect(found).toEqual([{ ...run, untilMs: 12_000, howItEnded }]);
  });

test('a guest that was in no boot that the machine knew of ran what its stamps say, until the last of them', () => {
  const stamps = [stamp('start', 5_000, 'boot-1'), stamp('start', 12_000, 'boot-1', { resource: 'other' })];
  const found = story(stamps, [[11, up(101, 'R')]], { truthBefore: new Map(), truthAfter: after('boot-2') });
  expect(found.find(({ resource }) => resource === 'R')).toEqual({
    ...run,
    untilMs: 12_000,
    howItEnded: 'its guest booted again',
  });
});

test('where the state file is hidden or gone, the run ended at the last sample that shows it, and not before it began', () => {
  const hidden: Shown = [
    [3, up(101, 'R')],
    [2, { processId: 101, stateFiles: null }],
    [1, null],
    [5, { processId: 101, stateFiles: null }],
  ];
  const truthAfter = after('boot-1');
  const howItEnded = 'its state file went away';
  expect(story([stamp('start', 5_000, 'boot-1')], hidden, { truthAfter })).toEqual([
    { ...run, untilMs: 12_000, howItEnded },
  ]);
  expect(story([stamp('start', 13_000, 'boot-1')], hidden, { truthAfter })).toEqual([
    { ...run, fromMs: 13_000, untilMs: 13_000, howItEnded },
  ]);
  expect(story([stamp('start', 13_000, 'boot-1')], [[11, up(101)]], { truthAfter })).toEqual([
    { ...run, fromMs: 13_000, untilMs: 13_000, howItEnded },
  ]);
});

/** What is left on the host, and its machine second by second. */
const onHost = (left: readonly RunStamp[], shown: Shown): readonly Run[] =>
  readRuns(evidence({ stamps: new Map([['host', left]]), samples: shownIn('host', shown) }));

test('on a host a run ends where its state file goes away or can be seen no more, and with the host’s boot', () => {
  const away = { ...run, place: 'host', untilMs: 12_000, howItEnded: 'its state file went away' } as const;
  const left = [stamp('start', 5_000, 'boot-h')];
  expect(
    onHost(left, [
      [3, up(1, 'R')],
      [8, up(1)],
    ]),
  ).toEqual([away]);
  expect(
    onHost(left, [
      [3, up(1, 'R')],
      [8, { processId: 1, stateFiles: null }],
    ]),
  ).toEqual([away]);
  const rebooted = [stamp('start', 12_000, 'boot-h'), stamp('boot', 15_000, 'boot-i', { resource: '-' })];
  expect(onHost(rebooted, [[11, up(1, 'R')]])).toEqual([
    { ...run, place: 'host', fromMs: 12_000, untilMs: 12_000, howItEnded: 'its guest booted again' },
  ]);
});

test('a resource that migrates away runs there no more, and one that migrates in does', () => {
  const g = [
    stamp('migrate_from', 11_000, 'boot-1', { runs: true }),
    stamp('migrate_to', 14_000, 'boot-1', { runs: false }),
  ];
  expect(story(g, [[11, up(101)]], { truthAfter: after('boot-1') })).toEqual([
    { ...run, fromMs: 11_000, untilMs: 14_000, howItEnded: 'its agent stopped it' },
  ]);
});

test('the start of a daemon is no run', () => {
  const boot = stamp('boot', 12_000, 'boot-1', { resource: 'R', runs: true });
  expect(story([boot], [[11, up(101)]], { truthAfter: after('boot-1') })).toEqual([]);
});

test('runs are told in the order in which they began, wherever they were', () => {
  const stamps = new Map([
    ['g', [stamp('start', 12_000, 'boot-1'), stamp('stop', 16_000, 'boot-1'), stamp('start', 18_000, 'boot-1')]],
    [
      'h',
      [
        stamp('start', 11_000, 'boot-h'),
        stamp('stop', 11_500, 'boot-h'),
        stamp('start', 17_000, 'boot-h'),
        stamp('stop', 17_500, 'boot-h'),
      ],
    ],
  ]);
  expect(readRuns(evidence({ stamps })).map(({ fromMs }) => fromMs)).toEqual([11_000, 12_000, 17_000, 18_000]);
});

test('what ran twice is told in the order of its time, with what is known of the clocks in whole milliseconds', () => {
  const found = runsOnce(
    [
      { ...there('g', 5_000, 9_000), resource: 'late' },
      there('g', 5_000, 7_000.4, 0.2),
      { ...there('h', 8_000, 9_000), resource: 'late' },
      there('h', 6_000, 9_000),
    ],
    lastMs,
  );
  expect(found.map(({ atMs }) => atMs)).toEqual([6_000, 8_000]);
  expect(found[0]?.words).toContain('at once for 1000 ms (give or take 1 ms)');
});
