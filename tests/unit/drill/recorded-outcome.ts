import { expect as base } from '@playwright/test';
import { restartBudgets } from '../../../fixtures/budgets.ts';
import { drillMatchers, type ExpectedFailedAction } from '../../../fixtures/expect.ts';
import { identityOf } from '../../../fixtures/observer/failed-actions.ts';
import { readPhases } from '../../../fixtures/observer/recovery.ts';
import type { DrillOutcome } from '../../../fixtures/outcome.ts';
import type { GuestTruth } from '../../../lab/guests/guest-truth.ts';
import type { FailedAction } from '../../../lab/observation/cluster-status.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { loadPlan } from '../../../lab/plan.ts';
import { timings } from './timings.ts';
import { recordedDrill } from '../observation/recorded.ts';
import { at, drillSamples, steady, withMachine, withNode, withResource } from '../observer/drill-samples.ts';

/** Playwright's expect with the drill's matchers, but not soft: a matcher that fails throws. */
export const expectOutcome = base.extend(drillMatchers);

/** The budgets of the recorded drill, on a machine on which its guest boots in 2.5 s. */
export const recoveredAtOnce = restartBudgets('at once')(timings({ bootMs: 2_500 }));

const plan = await loadPlan('lxc');
const [, guest] = plan.guests;
if (!guest) throw new Error('The lxc plan has no second guest.');

const oldFailures = new Set(steady.status.failures.map(identityOf));

/** The sample as it would be had the lab been reset before: without older failure records and what they counted. */
export const withoutOldRecords = (sample: Sample): Sample => {
  const failures = sample.status.failures.filter((failure) => !oldFailures.has(identityOf(failure)));
  const histories = sample.status.histories.map((history) => ({
    ...history,
    failCount: failures.filter(({ resource, node }) => resource === history.resource && node === history.node).length,
  }));
  return { ...sample, status: { ...sample.status, failures, histories } };
};

const truth = (domainId: number, boot: string, stateFiles: readonly string[]): GuestTruth => ({
  domainId: String(domainId),
  bootId: `${boot}-boot`,
  daemon: { processId: domainId + 100, startTicks: domainId + 5_000 },
  stateFiles,
});

const others = [
  ['lxc1', truth(1001, 'lxc1', ['FAKE1', 'FAKE4'])],
  ['lxc3', truth(3001, 'lxc3', ['FAKE3'])],
] as const;

const samples = drillSamples.map(withoutOldRecords);

/** The recorded drill on lxc2, which kept every promise; the machine's own word on it is made to fit. */
export const recordedOutcome: DrillOutcome = {
  plan,
  hostName: recordedDrill.host,
  guest,
  watched: recordedDrill.guest,
  returns: 'comes back',
  budgets: recoveredAtOnce,
  fault: { name: 'pacemaker-remoted-killed', target: 'process 2101 in lxc2', proof: 'process 2101 is gone' },
  injectedAtMs: recordedDrill.injectedAtMs,
  healedAtMs: null,
  phases: readPhases(samples, recordedDrill.guest, recordedDrill.injectedAtMs),
  before: withoutOldRecords(steady),
  samples: samples.filter((sample) => sample.atMs >= recordedDrill.injectedAtMs),
  settled: true,
  truthBefore: new Map([...others, ['lxc2', truth(2001, 'old', ['FAKE2', 'FAKE5'])]]),
  truthAfter: new Map([...others, ['lxc2', truth(2002, 'new', ['FAKE2', 'FAKE5'])]]),
  runs: [],
};

const steadyAt = (sinceMs: number): Sample => at(withoutOldRecords(steady), sinceMs);

/** A drill on lxc2 of which nothing came. */
export const uneventfulOutcome: DrillOutcome = {
  ...recordedOutcome,
  fault: { name: 'libvirtd-killed', target: 'libvirtd (process 200) on example-host', proof: 'process 200 is gone' },
  budgets: {},
  phases: readPhases([steadyAt(-100), steadyAt(100)], recordedDrill.guest, recordedDrill.injectedAtMs),
  before: steadyAt(-100),
  samples: [steadyAt(100), steadyAt(200), steadyAt(300)],
  truthAfter: recordedOutcome.truthBefore,
};

/** The sample with a resource that is stopped. */
export const withStopped = (sample: Sample, id: string): Sample =>
  withResource(sample, id, { role: 'Stopped', active: false, nodes: [] });

/** The sample when lxc2 has been given up: its domain is stopped, and what ran there runs on lxc1. */
export const withLostGuest = (sample: Sample): Sample => {
  const elsewhere = ['FAKE2', 'FAKE5'].reduce((each, id) => withResource(each, id, { nodes: ['lxc1'] }), sample);
  const stopped = ['lxc2', 'container2'].reduce(withStopped, elsewhere);
  return withMachine(withNode(stopped, 'lxc2', { online: false }), 'lxc2', null);
};

/** A drill on lxc2 after which it was given up. */
export const lostGuestOutcome: DrillOutcome = {
  ...uneventfulOutcome,
  samples: [steadyAt(100), withLostGuest(steadyAt(200)), withLostGuest(steadyAt(300))],
  truthAfter: new Map([
    ['lxc1', truth(1001, 'lxc1', ['FAKE1', 'FAKE2', 'FAKE4', 'FAKE5'])],
    ['lxc2', { domainId: null, bootId: null, daemon: null, stateFiles: [] }],
    ['lxc3', truth(3001, 'lxc3', ['FAKE3'])],
  ]),
};

/** What makes another drill of the recorded one. */
export type Doctor = (outcome: DrillOutcome) => DrillOutcome;
type Edit = (sample: Sample) => Sample;

/** Edits every sample after the fault. */
export const everySample =
  (edit: Edit): Doctor =>
  (outcome) => ({ ...outcome, samples: outcome.samples.map(edit) });

/** Edits the samples with these numbers. */
export const samplesNumbered = (numbers: readonly number[], edit: Edit): Doctor =>
  everySample((sample) => (numbers.includes(sample.number) ? edit(sample) : sample));

/** Edits the last sample; that of the recorded drill is 7866 ms after the fault. */
export const lastSampleOnly =
  (edit: Edit): Doctor =>
  (outcome) => ({
    ...outcome,
    samples: outcome.samples.map((sample, index) => (index === outcome.samples.length - 1 ? edit(sample) : sample)),
  });

/** Edits the sample before the fault. */
export const before =
  (edit: Edit): Doctor =>
  (outcome) => ({ ...outcome, before: edit(outcome.before) });

/** Edits what the machine says of a guest; null for nothing at all. */
export const truthOf =
  (when: 'truthBefore' | 'truthAfter', name: string, change: Partial<GuestTruth> | null): Doctor =>
  (outcome) => {
    const truths = new Map(outcome[when]);
    const old = truths.get(name);
    if (change && old) truths.set(name, { ...old, ...change });
    else truths.delete(name);
    return { ...outcome, [when]: truths };
  };

/** Edits the failure records of a sample. */
export const failures =
  (edit: (failure: FailedAction) => readonly FailedAction[]): Edit =>
  (sample) => ({ ...sample, status: { ...sample.status, failures: sample.status.failures.flatMap(edit) } });

/** What a matcher that fails says: its headline and the problems under it. Null if it passes. */
export function saidBy(
  check: () => unknown,
): { readonly headline: string; readonly problems: readonly string[] } | null {
  try {
    check();
  } catch (error) {
    const [headline = '', ...rest] = (error as Error).message.split('\n');
    return { headline, problems: rest.map((line) => line.replace(/^ {2}- /, '')) };
  }
  return null;
}

/** The failed action of the recorded drill. */
export const lostConnection: ExpectedFailedAction = {
  resource: 'lxc2',
  task: 'monitor',
  intervalMs: 30_000,
  node: 'example-host',
  exitCode: 1,
  status: 'error',
  reason: 'Lost connection to remote executor',
};
