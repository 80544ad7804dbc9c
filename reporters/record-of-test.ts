import { readFileSync } from 'node:fs';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { z } from 'zod';
import { drillId, drillRecord, drillRecordAttachment, knownFinding } from './drill-record.ts';
import type { DrillRecord } from './drill-record.ts';
import { meansLabTrouble, reasonOf } from './lab-trouble.ts';

type Outcome = Pick<DrillRecord, 'verdict' | 'reason'>;

/** How the reason begins of a drill whose known failure stayed away. */
export const passedUnexpectedly = 'It passed though the scenario expects it to fail.';

/** What Playwright says about a test of which nothing else is known. */
function outcomeOf(test: TestCase, result: TestResult): Outcome {
  if (result.status === 'skipped') {
    const annotation = [...result.annotations, ...test.annotations].find(({ type }) => /^(skip|fixme)$/.test(type));
    return { verdict: 'skipped', reason: annotation?.description ?? 'The scenario skips it and says no reason.' };
  }
  // The first error decides: what follows it (a reset that fails as well, say) is mostly its consequence.
  const message = result.errors[0]?.message ?? result.errors[0]?.value ?? '';
  if (message !== '') {
    return { verdict: meansLabTrouble(message) ? 'inconclusive' : 'failed', reason: reasonOf(message) };
  }
  switch (result.status) {
    case 'passed':
      return test.expectedStatus === 'failed'
        ? {
            verdict: 'failed',
            reason: `${passedUnexpectedly}\nNext: remove its test.fail().`,
          }
        : { verdict: 'passed', reason: '' };
    case 'interrupted':
      return { verdict: 'inconclusive', reason: 'The run was interrupted while the drill ran.' };
    case 'timedOut':
      return { verdict: 'inconclusive', reason: 'The drill ran out of time.' };
    case 'failed':
      return { verdict: 'failed', reason: 'Playwright says that it failed, and not why.' };
  }
}

function bare(test: TestCase, outcome: Outcome, durationMs: number): DrillRecord {
  return {
    id: drillId(test.titlePath().slice(2)),
    title: test.title,
    tags: test.tags,
    repeat: test.repeatEachIndex,
    ...outcome,
    finding: null,
    release: null,
    guest: null,
    fault: null,
    injectedAtMs: null,
    phases: null,
    budgets: {},
    failedActions: [],
    relocations: [],
    sampling: null,
    contention: null,
    durationMs: Math.max(0, durationMs),
    resetMs: null,
    seed: null,
    picture: null,
    evidence: null,
    lab: null,
  };
}

/** Reads the record that the drill attached. Returns it, or what is wrong with it, or null where none is attached. */
function attached(result: TestResult): DrillRecord | string | null {
  const attachment = result.attachments.findLast(({ name }) => name === drillRecordAttachment);
  if (attachment === undefined) return null;
  try {
    const text = attachment.body ?? readFileSync(attachment.path ?? '');
    const parsed = drillRecord.safeParse(JSON.parse(text.toString('utf8')));
    return parsed.success ? parsed.data : z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Says which known finding a failure is, or null where nobody expects it. */
function findingOf(test: TestCase, result: TestResult, { verdict }: Outcome): string | null {
  if (verdict !== 'failed' || result.status !== 'failed' || test.expectedStatus !== 'failed') return null;
  const annotation = [...result.annotations, ...test.annotations].find(({ type }) => type === knownFinding);
  return annotation?.description ?? 'The scenario expects it to fail and does not say why.';
}

/** Returns the record of a test that ended, with the finding that its failure is, where that is known. */
export function recordOfTest(test: TestCase, result: TestResult): DrillRecord {
  const record = recordWithVerdict(test, result);
  return { ...record, finding: findingOf(test, result, record) };
}

/**
 * Returns the record of a test that ended: the one it attached, or one made from what Playwright says about it.
 *
 * Of the two the worse counts. A drill's own `failed` or `inconclusive` stands, since it knows most; its `passed` or
 * `skipped` stands only where Playwright saw nothing go wrong, in the fixtures' teardown neither. A test that passed
 * and attached no record, or a broken one, is inconclusive: it shows nothing that could be checked afterwards.
 */
function recordWithVerdict(test: TestCase, result: TestResult): DrillRecord {
  const outcome = outcomeOf(test, result);
  const own = attached(result);
  if (own !== null && typeof own !== 'string') {
    if (own.verdict === 'failed' || own.verdict === 'inconclusive') return own;
    if (outcome.verdict === 'passed' || outcome.verdict === own.verdict) return own;
    return { ...own, ...outcome };
  }
  if (outcome.verdict !== 'passed') return bare(test, outcome, result.duration);
  const reason =
    own === null
      ? `It passed but attached no record.\nNext: write it with the drill's own \`test\` from fixtures/.`
      : `Its record does not fit the schema: ${own}\nNext: compare what the drill attaches with reporters/drill-record.ts.`;
  return bare(test, { verdict: 'inconclusive', reason }, result.duration);
}

/** How the reason begins of a drill whose turn never came. */
export const notStarted = 'Not started:';

/** Returns the record of a test that has not ended when the run does: one cut off, or one whose turn never came. */
export function recordOfUnfinished(test: TestCase): DrillRecord {
  return test.results.length > 0
    ? bare(test, { verdict: 'inconclusive', reason: 'The run ended while the drill ran.' }, 0)
    : bare(test, { verdict: 'skipped', reason: `${notStarted} the run ended before its turn came.` }, 0);
}
