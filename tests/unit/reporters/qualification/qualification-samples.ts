import type { DrillRecord } from '../../../../reporters/drill-record.ts';
import { judge, type Findings, type NamedResult } from '../../../../reporters/qualification/judge.ts';
import type {
  DrillResult,
  Machine,
  Qualification,
  TestedRelease,
} from '../../../../reporters/qualification/qualification.ts';
import { recordedDrill } from '../recorded-drills.ts';

export const smallMachine: Machine = { cpu: 'a processor', cores: 4, memoryGiB: 16 };

/** A release of which so many rounds are done. */
export const testedRelease = (name: string, change: Partial<TestedRelease> = {}): TestedRelease => ({
  name,
  reported: `${name}-1`,
  guestsReported: null,
  os: 'Debian',
  machine: smallMachine,
  rounds: [{ round: 1, state: 'done', startedAt: null, wallMs: null, folder: null, trouble: null }],
  ...change,
});

/** The repeats of a drill on a release, each the recorded drill, changed as said. */
export const repeatsOf = (
  drill: string,
  release: string,
  repeats: readonly (Partial<DrillRecord> & Partial<Pick<DrillResult, 'accelerator'>>)[],
): readonly NamedResult[] =>
  repeats.map((change, at) => {
    const { accelerator = null, ...changed } = change;
    const { tags, verdict, reason, finding, phases, durationMs, resetMs, picture, evidence } = recordedDrill({
      verdict: 'passed',
      reason: '',
      ...changed,
    });
    const round = at + 1;
    const kept = {
      verdict,
      reason,
      finding,
      phases,
      durationMs,
      resetMs,
      picture: picture ?? null,
      evidence: evidence ?? null,
    };
    return { id: drill, title: drill, tags, result: { release, round, ...kept, accelerator } };
  });

export const passed = {} as const;
export const failed = { verdict: 'failed', reason: 'ran twice' } as const;
export const known = { ...failed, finding: 'docs/findings.md, 8' } as const;
export const knownStayedAway = {
  verdict: 'failed',
  reason: 'It passed though the scenario expects it to fail.\nNext: remove its test.fail().',
} as const;
export const inconclusive = { verdict: 'inconclusive', reason: 'LabError: gone' } as const;
export const skipped = { verdict: 'skipped', reason: 'no netem' } as const;

/** Phases that are reached so many milliseconds later than in the recorded drill; all but the detection. */
export const later = (ms: number): Partial<DrillRecord> => {
  const { phases } = recordedDrill();
  if (!phases) throw new Error('The recorded drill has phases.');
  const { injected, detected, ...rest } = phases;
  const moved = Object.entries(rest).map(([phase, at]) => [phase, (at ?? 0) + ms]);
  return { phases: { injected, detected, ...Object.fromEntries(moved) } as DrillRecord['phases'] };
};

/** A release's repeats, each a little later than the one before it, from so many milliseconds on. */
export const laterBy = (ms: number, repeats: number): readonly Partial<DrillRecord>[] =>
  Array.from({ length: repeats }, (_, at) => later(ms + at * 3));

/** Findings about 3.0.0 and its candidate 3.0.1, changed as said. */
export const findings = (results: readonly NamedResult[], change: Partial<Findings> = {}): Findings => ({
  startedAt: '2026-01-02T03:04:05.678Z',
  judgedAt: '2026-01-02T04:04:05.678Z',
  parameters: { repeat: 3, choice: ['--grep=@quick'], plan: 'lxc', host: 'container', suite: '0.1.0', code: 'c0de' },
  releases: [testedRelease('3.0.0'), testedRelease('3.0.1')],
  results,
  candidate: '3.0.1',
  baseline: '3.0.0',
  notes: [],
  time: null,
  ...change,
});

/** Judges repeats of a drill before (on 3.0.0) and after (on 3.0.1). */
export const judged = (
  before: Parameters<typeof repeatsOf>[2],
  after: Parameters<typeof repeatsOf>[2],
  change: Partial<Findings> = {},
): Qualification => judge(findings([...repeatsOf('it', '3.0.0', before), ...repeatsOf('it', '3.0.1', after)], change));
