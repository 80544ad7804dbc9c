import { expect, test } from '@playwright/test';
import type { TestInfo } from '@playwright/test';
import { getGlobalTestRuntime, setGlobalTestRuntime, type TestRuntime } from 'allure-js-commons/sdk/runtime';
import { emptyLog, type DrillLog } from '../../../fixtures/drill.ts';
import { attachFindings, labelDrill } from '../../../fixtures/drill-report.ts';
import { keepExpectation } from '../../../fixtures/evidence/expectations.ts';
import type { Evidence } from '../../../fixtures/evidence/keep-evidence.ts';
import { ExpectationError, FaultError } from '../../../fixtures/errors.ts';
import { drillMatchers } from '../../../fixtures/expect.ts';
import type { DrillOutcome } from '../../../fixtures/outcome.ts';
import { LabError } from '../../../lab/errors.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import type { StatusStream } from '../../../lab/observation/status-stream.ts';
import { drillRecord, type DrillRecord } from '../../../reporters/drill-record.ts';
import { withResource } from '../observer/drill-samples.ts';
import { lastSampleOnly, lostConnection, recordedOutcome, recoveredAtOnce } from './recorded-outcome.ts';

const lab = {
  settings: { labName: 'mine' },
  plan: recordedOutcome.plan,
  shell: { run: () => Promise.reject(new LabError('The host is gone.')) },
  state: {
    hostKind: 'container',
    facts: {
      pacemaker: '3.0.0',
      os: 'Some OS',
      kernel: '6.1',
      corosync: '3.1.9',
      libvirt: '11.3.0',
      resourceAgents: '1:4.16.0',
    },
  },
} as unknown as Lab;

/** The last that was seen is a status without a DC. */
const seen: readonly Sample[] = [
  recordedOutcome.before,
  { ...recordedOutcome.before, status: { ...recordedOutcome.before.status, dc: null } },
];
const stream = { since: () => seen } as unknown as StatusStream;

const info = {
  titlePath: ['guest-failure.spec.ts', 'lxc2 is recovered'],
  title: 'lxc2 is recovered',
  tags: ['@guest-failure'],
  repeatEachIndex: 2,
  status: 'passed',
  errors: [],
  annotations: [],
} as unknown as TestInfo;

const noEvidence: Evidence = { gather: () => Promise.resolve(), write: () => Promise.resolve(null) };

const fullLog: DrillLog = {
  fault: recordedOutcome.fault,
  guest: recordedOutcome.guest,
  budgets: recoveredAtOnce,
  outcome: recordedOutcome,
  cutOff: null,
  unproven: null,
  injections: [],
  changed: false,
  plan: null,
};

/** What Allure was told, by name; the drill's own runner is not listening to this one. */
const told = new Map<string, string>();
const tell = (name: string, value: unknown): Promise<void> => {
  told.set(name, String(value));
  return Promise.resolve();
};
const usual = getGlobalTestRuntime();

test.beforeEach(() => {
  told.clear();
  const labels: TestRuntime['labels'] = async (...all) => {
    for (const { name, value } of all) await tell(name, value);
  };
  setGlobalTestRuntime({ parameter: tell, attachment: tell, labels } as unknown as TestRuntime);
});

test.afterEach(() => {
  setGlobalTestRuntime(usual);
});

/** The record that a drill attaches, checked against its schema. */
const recordOf = async (
  log: DrillLog,
  more: Partial<TestInfo> = {},
  troubles: readonly unknown[] = [],
): Promise<DrillRecord> => {
  let body = '';
  const attach: TestInfo['attach'] = (name, options) => {
    if (name === 'drill-record') body = String(options?.body);
    return Promise.resolve();
  };
  await attachFindings(
    { ...info, ...more, attach },
    { lab, stream },
    log,
    { durationMs: 9_000, resetMs: 1_500, troubles },
    noEvidence,
  );
  return drillRecord.parse(JSON.parse(body));
};

test('the record of a drill holds all that was seen', async () => {
  expect(await recordOf(fullLog)).toEqual({
    id: 'guest-failure.spec.ts › lxc2 is recovered',
    title: 'lxc2 is recovered',
    tags: ['@guest-failure'],
    repeat: 2,
    verdict: 'passed',
    reason: '',
    finding: null,
    release: '3.0.0-3.0.0',
    guest: { name: 'lxc2', kind: 'lxc' },
    fault: recordedOutcome.fault,
    injectedAtMs: recordedOutcome.injectedAtMs,
    phases: { injected: 0, detected: 47, stopped: 2049, restarted: 2358, reconnected: 4656, recovered: 6764 },
    budgets: recoveredAtOnce,
    failedActions: [{ key: 'lxc2_monitor_30000', ...lostConnection }],
    relocations: [
      { resource: 'FAKE2', from: 'lxc2', to: 'lxc2' },
      { resource: 'FAKE5', from: 'lxc2', to: 'lxc2' },
    ],
    sampling: { count: 68, medianIntervalMs: 100.1, maxGapMs: 108.6 },
    contention: null,
    durationMs: 9_000,
    resetMs: 1_500,
    seed: null,
    picture: null,
    evidence: null,
    lab: {
      name: 'mine',
      plan: recordedOutcome.plan.name,
      hostKind: 'container',
      os: 'Some OS',
      kernel: '6.1',
      corosync: '3.1.9',
      libvirt: '11.3.0',
      resourceAgents: '1:4.16.0',
      guestRelease: null,
      accelerator: null,
    },
  });
});

test('where a resource went is told, also when that is elsewhere or nowhere', async () => {
  const moved = lastSampleOnly((sample) => withResource(sample, 'FAKE2', { nodes: ['lxc1'] }))(recordedOutcome);
  const outcome = lastSampleOnly((sample) => withResource(sample, 'FAKE5', { role: 'Stopped', active: false }))(moved);
  const { relocations } = await recordOf({ ...fullLog, outcome });
  expect(relocations.map(({ resource, to }) => [resource, to])).toEqual([
    ['FAKE2', 'lxc1'],
    ['FAKE5', null],
  ]);
});

test('a watch that was cut off has what was seen until then in its record', async () => {
  const cutOff = { ...recordedOutcome, samples: recordedOutcome.samples.slice(0, 3), settled: false };
  const errors = [{ message: 'TransportError: The stream of samples was cut.' }];
  const record = await recordOf({ ...fullLog, outcome: null, cutOff }, { errors });
  expect(record).toMatchObject({
    verdict: 'inconclusive',
    injectedAtMs: recordedOutcome.injectedAtMs,
    failedActions: [{ key: 'lxc2_monitor_30000' }],
  });
});

test('a budget that a machine that was too busy could not keep makes the drill inconclusive, in its record too', async () => {
  const strain = { lateMs: 2_500, tookMs: 30, neededMs: 25, idleTicks: 0, stolenTicks: 0, allTicks: 0, load: 31 };
  const outcome: DrillOutcome = {
    ...recordedOutcome,
    budgets: { detected: 10 },
    samples: recordedOutcome.samples.map((sample) => ({ ...sample, strain })),
  };
  const { message } = drillMatchers.toRecoverInTime(outcome);
  keepExpectation(outcome, { matcher: 'toRecoverInTime', given: [], passed: false, said: message() });
  const errors = [{ message: `Error: ${message()}` }];
  const record = await recordOf({ ...fullLog, outcome }, { errors });
  expect(record).toMatchObject({ verdict: 'inconclusive', contention: { longestStallMs: 2_500, load: 31 } });
  expect(record.reason).toMatch(
    /^The machine was too busy: .* Seen: ExpectationError: lxc2 recovers within its budgets/,
  );
  const annotations = [{ type: 'known finding', description: 'docs/findings.md, 13' }];
  expect(await recordOf({ ...fullLog, outcome }, { errors, annotations })).toMatchObject({ verdict: 'failed' });
});

test('a drill that saw nothing has a record too, with the release as a DC has said it', async () => {
  expect(await recordOf(emptyLog())).toMatchObject({
    release: '3.0.0-3.0.0',
    guest: null,
    fault: null,
    phases: null,
    failedActions: [],
    relocations: [],
    sampling: null,
  });
});

test('a fault that nobody noticed is sampled until its injection, and its phases are null', async () => {
  const phases = { ...recordedOutcome.phases, detected: null, stopped: null, restarted: null };
  const outcome = { ...recordedOutcome, phases: { ...phases, reconnected: null, recovered: null } };
  const record = await recordOf({ ...fullLog, outcome });
  expect(record.phases).toMatchObject({ injected: 0, detected: null, recovered: null });
  expect(record.sampling).toEqual({ count: 0, medianIntervalMs: 0, maxGapMs: 0 });
});

const skipped = { status: 'skipped', annotations: [{ type: 'skip', description: 'no netem' }] } as const;
const broken = { message: 'Error: ExpectationError: FAKE5 never stopped: not so\n  - more' };
const lost = new LabError('The host is gone.', { next: 'bring it up.' });
for (const [what, more, troubles, verdict] of [
  ['nothing went wrong', {}, [], { verdict: 'passed', reason: '' }],
  ['it was skipped', skipped, [], { verdict: 'skipped', reason: 'no netem' }],
  [
    'a promise was broken',
    { errors: [broken] },
    [],
    { verdict: 'failed', reason: 'ExpectationError: FAKE5 never stopped: not so' },
  ],
  [
    'a promise was broken, then the lab broke',
    { errors: [broken] },
    [lost],
    { verdict: 'failed', reason: 'ExpectationError: FAKE5 never stopped: not so' },
  ],
  [
    'the cluster is not steady afterwards',
    {},
    [new ExpectationError('The cluster is not back.')],
    { verdict: 'failed', reason: 'ExpectationError: The cluster is not back.' },
  ],
  [
    'the reset failed',
    {},
    [lost],
    { verdict: 'inconclusive', reason: 'LabError: The host is gone.\nNext: bring it up.' },
  ],
  [
    'the fault did not take effect',
    { errors: [{ message: String(new FaultError('It still runs.')) }] },
    [],
    { verdict: 'inconclusive', reason: 'FaultError: It still runs.' },
  ],
] as const)
  test(`the verdict is "${verdict.verdict}" when ${what}`, async () => {
    expect(await recordOf(fullLog, more as unknown as Partial<TestInfo>, troubles)).toMatchObject(verdict);
  });

test('what the picture is drawn from is attached, also when the host does not answer any more', async () => {
  const attached = new Map<string, unknown>();
  const attach: TestInfo['attach'] = (name, options) => {
    attached.set(name, JSON.parse(String(options?.body)));
    return Promise.resolve();
  };
  await attachFindings(
    { ...info, attach },
    { lab, stream },
    fullLog,
    { durationMs: 9_000, resetMs: 1_500, troubles: [] },
    noEvidence,
  );
  expect(attached.get('timeline picture')).toMatchObject({
    untilMs: 8_104,
    logNote: 'pacemaker.log could not be read: The host is gone.',
  });
  const { guest, before, samples } = recordedOutcome;
  const fault = { name: 'pacemaker-remoted-killed', target: guest.name };
  await attachFindings(
    { ...info, attach },
    { lab, stream },
    {
      ...emptyLog(),
      guest,
      fault: { ...fault, proof: null },
      unproven: { guest, fault, injectedAtMs: null, before, samples, runs: [] },
    },
    { durationMs: 9_000, resetMs: 1_500, troubles: [] },
    noEvidence,
  );
  expect(attached.get('timeline picture')).toMatchObject({ fromMs: 0, logged: {} });
  expect(attached.get('drill-record')).toMatchObject({ phases: null, injectedAtMs: null });
  await attachFindings(
    { ...info, attach },
    { lab, stream },
    emptyLog(),
    { durationMs: 9_000, resetMs: 1_500, troubles: [] },
    noEvidence,
  );
  expect(attached.get('drill-record')).toMatchObject({ picture: null });
});

test('Allure is given labels, what differs from run to run, the timeline and the failed actions', async () => {
  await labelDrill({ ...info, tags: ['@guest-failure', '@daemon', '@lxc'] });
  expect(Object.fromEntries(told)).toMatchObject({
    epic: 'Pacemaker guest nodes',
    severity: 'blocker',
    'guest kind': 'lxc',
    'fault family': 'daemon',
  });
  await recordOf(fullLog);
  expect(Object.fromEntries(told)).toMatchObject({
    feature: 'guest-failure',
    story: 'lxc2 is recovered',
    guest: 'lxc2',
    'guest kind': 'lxc',
    Pacemaker: '3.0.0-3.0.0',
    release: '3.0.0-3.0.0',
    fault: recordedOutcome.fault.name,
    'broken was': recordedOutcome.fault.target,
    plan: recordedOutcome.plan.name,
    'host kind': 'container',
  });
  expect(told.get('timeline')).toMatch(/\+0\.047 s +node lxc2 +online +→ offline/);
  expect(told.get('failed actions')).toContain('"key": "lxc2_monitor_30000"');
});
