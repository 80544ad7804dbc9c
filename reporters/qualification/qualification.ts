import { z } from 'zod';
import { drillRecord } from '../drill-record.ts';

/** The phases whose times are compared, in the order in which a recovery goes through them. */
export const timedPhases = ['detected', 'stopped', 'restarted', 'reconnected', 'recovered'] as const;
export type TimedPhase = (typeof timedPhases)[number];

const { verdict, reason, finding, phases, durationMs, resetMs, picture, evidence } = drillRecord.shape;
const milliseconds = z.number().nonnegative();

/** One repeat of a drill on one release, as far as a qualification needs it. */
export const drillResult = z.object({
  release: z.string(),
  round: z.int().positive(),
  verdict,
  reason,
  finding,
  phases,
  durationMs,
  resetMs,
  accelerator: z.string().nullable().describe('That of KVM guests: kvm, tcg, or null for a drill of an LXC guest.'),
  picture: picture.describe('The timeline picture, relative to the folder of this file.'),
  evidence: evidence.describe('The folder of the evidence, relative to the folder of this file.'),
});
export type DrillResult = z.infer<typeof drillResult>;

/** What all repeats of a drill on one release come to. */
export const standing = z.enum(['passed', 'failed', 'known', 'flaky', 'inconclusive', 'skipped']);
export type Standing = z.infer<typeof standing>;

const spread = z.object({
  count: z.int().positive(),
  medianMs: z.number(),
  lowerQuartileMs: z.number(),
  upperQuartileMs: z.number(),
});
export type Spread = z.infer<typeof spread>;

const drillOnRelease = z.object({
  release: z.string(),
  standing,
  unanimous: z.boolean().describe('Whether all repeats have the same verdict.'),
  counts: z.object({
    passed: z.int(),
    failed: z.int().describe('Without known findings.'),
    known: z.int(),
    inconclusive: z.int(),
    skipped: z.int(),
  }),
  phases: z
    .partialRecord(z.enum(timedPhases), spread)
    .describe('Milliseconds since the injection, of the repeats that passed or failed.'),
});
export type DrillOnRelease = z.infer<typeof drillOnRelease>;

const drill = z.object({
  id: drillRecord.shape.id,
  title: drillRecord.shape.title,
  tags: drillRecord.shape.tags,
  releases: z.array(drillOnRelease),
  results: z.array(drillResult),
});
export type QualifiedDrill = z.infer<typeof drill>;

export const machine = z.object({ cpu: z.string(), cores: z.int().positive(), memoryGiB: z.number().nonnegative() });
export type Machine = z.infer<typeof machine>;

const round = z.object({
  round: z.int().positive(),
  state: z.enum(['done', 'missing']),
  startedAt: z.iso.datetime().nullable(),
  wallMs: milliseconds.nullable(),
  folder: z.string().nullable().describe('The results of the run, relative to the folder of this file.'),
  trouble: z.string().nullable().describe('Why it is missing, where that is known.'),
});
export type Round = z.infer<typeof round>;

/** A release that was put to the test, and how. */
export const testedRelease = z.object({
  name: z.string().describe('As it was asked for; with " (saved)" where it was read from the file of a baseline.'),
  reported: z.string().nullable().describe('Pacemaker’s version as the DC reports it.'),
  guestsReported: z
    .string()
    .nullable()
    .default(null)
    .describe('That of pacemaker_remote in the guests, as it says itself; null where they are of the host’s release.'),
  os: z.string().nullable(),
  machine,
  rounds: z.array(round),
});
export type TestedRelease = z.infer<typeof testedRelease>;

export const changeKind = z.enum([
  'broke',
  'mended',
  'known',
  'fails still',
  'flaky',
  'could not tell',
  'not run',
  'new',
  'alike',
]);
export type ChangeKind = z.infer<typeof changeKind>;

const change = z.object({
  drill: z.string().describe('The id of the drill.'),
  kind: changeKind,
  effect: z
    .enum(['worse', 'better', 'unclear', 'none'])
    .describe('What it means for the candidate: worse and unclear decide the verdict.'),
  before: standing.nullable().describe('null where the drill was not run.'),
  after: standing.nullable(),
  words: z.string(),
});
export type Change = z.infer<typeof change>;

const measured = z.object({ count: z.int().nonnegative(), medianMs: z.number().nullable() });

const timing = z.object({
  drill: z.string().nullable().describe('The id of the drill; null for all drills taken together.'),
  phase: z.enum(timedPhases),
  before: measured,
  after: measured,
  shiftMs: z.number().describe('Hodges-Lehmann’s estimate; of all drills together the median of those of the drills.'),
  intervalMs: z.tuple([z.number(), z.number()]).nullable().describe('In which the shift lies with 95 % confidence.'),
  delta: z.number().nullable().describe('Cliff’s delta, from -1 to 1; null for all drills together.'),
  p: z.number().describe('Of the exact rank test, two-sided.'),
  adjustedP: z.number().describe('The same, corrected after Holm for the number of comparisons.'),
  kind: z.enum(['slower', 'quicker', 'negligible', 'alike', 'too few to tell', 'not comparable']),
});
export type Timing = z.infer<typeof timing>;

const comparison = z.object({
  before: z.string().describe('The name of a release.'),
  after: z.string(),
  changes: z.array(change),
  timings: z.array(timing),
  notComparable: z.string().nullable().describe('Why no time is compared, or null.'),
  valuesNeeded: z.int().nullable().describe('How many repeats it takes to tell a difference of one drill.'),
});
export type Comparison = z.infer<typeof comparison>;

const timeSpent = z.object({
  wallMs: milliseconds,
  labs: z.int().positive().describe('How many labs drilled side by side.'),
  spentMs: z
    .object({
      building: milliseconds,
      bringingUp: milliseconds,
      drills: milliseconds,
      resets: milliseconds,
      betweenDrills: milliseconds,
      startingAndReporting: milliseconds,
      takingDown: milliseconds,
      lost: milliseconds.describe('In runs that were cut off or count for nothing.'),
      idle: milliseconds,
    })
    .describe('Building counts once; all the rest for each of the labs side by side.'),
});
export type TimeSpent = z.infer<typeof timeSpent>;

/** What the runs of a qualification have in common. */
export const qualificationParameters = z.object({
  repeat: z.int().positive(),
  choice: z.array(z.string()).describe('What chose the drills, as it was given to Playwright.'),
  plan: z.string(),
  host: z.string(),
  suite: z.string().describe('The version of this suite.'),
  code: z.string().describe('Names the content of the code and packages that drills are made of.'),
});
export type QualificationParameters = z.infer<typeof qualificationParameters>;

export const outcomes = ['worse', 'not worse', 'inconclusive', 'nothing to compare'] as const;

/** The whole document `results/qualification.json`. */
export const qualificationDocument = z.object({
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  judgedAt: z.iso.datetime(),
  parameters: qualificationParameters,
  verdict: z.object({
    outcome: z.enum(outcomes),
    candidate: z.string(),
    baseline: z.string().nullable(),
    reasons: z.array(z.string()),
  }),
  notes: z.array(z.string()).describe('What a reader has to know of how the runs were made.'),
  releases: z.array(testedRelease).describe('In the order given; the baseline of each is the one before it.'),
  comparisons: z.array(comparison),
  drills: z.array(drill),
  time: timeSpent.nullable().describe('null where the runs were not made here.'),
});
export type Qualification = z.infer<typeof qualificationDocument>;
