import { z } from 'zod';

const phaseMs = z.number().nonnegative().nullable();

/** One drill's result, as `results/drills.json` holds it. Times are milliseconds; phases count from the injection. */
export const drillRecord = z.object({
  id: z.string().describe('Stable across runs: the spec file and the titles, without the number of the repeat.'),
  title: z.string().describe('What the drill checks, in the words of its scenario.'),
  tags: z.array(z.string()).describe('As written in the scenario, with the leading @.'),
  repeat: z.int().nonnegative().describe("Which of Playwright's repeats (--repeat-each) this is, from 0."),
  verdict: z.enum(['passed', 'failed', 'inconclusive', 'skipped']),
  reason: z
    .string()
    .describe(
      'Why it is not "passed": what went wrong in one line, then the next step ("Next: …") in another where there is one. Empty for a pass.',
    ),
  finding: z
    .string()
    .nullable()
    .default(null)
    .describe('Which known finding its failure is; null for one that is none, and for a drill that did not fail.'),
  release: z.string().nullable().describe('Pacemaker’s version as the DC reports it.'),
  guest: z.object({ name: z.string(), kind: z.enum(['lxc', 'kvm']) }).nullable(),
  fault: z
    .object({
      name: z.string(),
      target: z.string(),
      proof: z.string().nullable().describe('What showed that the fault took effect, or null where nothing did.'),
    })
    .nullable(),
  injectedAtMs: z
    .number()
    .nullable()
    .describe('When the fault was proven: milliseconds since the epoch on the host’s clock.'),
  phases: z
    .object({
      injected: phaseMs,
      detected: phaseMs,
      stopped: phaseMs,
      restarted: phaseMs,
      reconnected: phaseMs,
      recovered: phaseMs,
    })
    .nullable()
    .describe('Milliseconds from the injection on the host’s clock; null where a phase was not reached.'),
  budgets: z.record(z.string(), z.number().positive()).describe('Limit in milliseconds of each phase that has one.'),
  failedActions: z
    .array(
      z.object({
        key: z.string(),
        resource: z.string(),
        task: z.string(),
        intervalMs: z.number(),
        node: z.string(),
        exitCode: z.int(),
        status: z.string(),
        reason: z.string().nullable(),
      }),
    )
    .describe('Failed actions that Pacemaker recorded during the drill, as crm_mon lists them.'),
  relocations: z
    .array(z.object({ resource: z.string(), from: z.string(), to: z.string().nullable() }))
    .describe('Every resource that ran on the guest: where before, where after (null: nowhere).'),
  sampling: z
    .object({ count: z.int(), medianIntervalMs: z.number(), maxGapMs: z.number() })
    .nullable()
    .describe('From the injection until the last phase that was reached.'),
  contention: z
    .object({
      longestStallMs: z.number().describe('For how long at most a process on the host waited to be woken.'),
      slowdown: z
        .number()
        .nullable()
        .describe('How many times the processor time that it needed work on the host took, in the worst five seconds.'),
      idleShare: z.number().nullable().describe('Of the time of all the machine’s processors, what nobody used.'),
      stolenShare: z.number().nullable().describe('The same, what a hypervisor took for others.'),
      load: z.number().describe('The highest load average of a minute.'),
    })
    .nullable()
    .default(null)
    .describe('How busy the machine was, from the fault to the end of the watch; null where that was not measured.'),
  durationMs: z.number().nonnegative().describe('Wall time of the drill, without the reset after it.'),
  resetMs: z.number().nonnegative().nullable().describe('Wall time of the reset after it.'),
  seed: z.int().nullable().describe('Seed of whatever the drill drew by chance, or null if nothing was.'),
  picture: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'The timeline picture (SVG), relative to the folder of this file; null where nothing was seen of a fault.',
    ),
  evidence: z
    .string()
    .nullable()
    .default(null)
    .describe('The folder of the evidence, relative to that of this file; null where none was kept.'),
  lab: z
    .object({
      name: z.string(),
      plan: z.string(),
      hostKind: z.string(),
      os: z.string(),
      kernel: z.string(),
      corosync: z.string(),
      libvirt: z.string(),
      resourceAgents: z.string(),
      guestRelease: z
        .string()
        .nullable()
        .default(null)
        .describe(
          'The version of pacemaker_remote in the guests, as it says itself, where they are of another release than the host; else null.',
        ),
      accelerator: z.string().nullable(),
    })
    .nullable(),
});
export type DrillRecord = z.infer<typeof drillRecord>;

/** The whole document `results/drills.json`. */
export const drillsDocument = z.object({
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  errors: z.array(z.string()).describe('What went wrong outside any drill, such as a lab that did not come up.'),
  drills: z.array(drillRecord),
});
export type DrillsDocument = z.infer<typeof drillsDocument>;

/**
 * Says under which id a drill is recorded. Takes the title path from the spec file on: `testInfo.titlePath` as a fixture
 * sees it, or `testCase.titlePath().slice(2)` as a reporter does.
 */
export function drillId(titlePath: readonly string[]): string {
  return titlePath.join(' › ');
}

/** The name under which a drill attaches its record, for the reporter to pick up. */
export const drillRecordAttachment = 'drill-record';

/** The type of the annotation by which a drill that fails as a known finding says which that is. */
export const knownFinding = 'known finding';
