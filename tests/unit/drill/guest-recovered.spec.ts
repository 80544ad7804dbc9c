import { expect, test } from '@playwright/test';
import { electionBudgets, givenUpBudgets, restartBudgets } from '../../../fixtures/budgets.ts';
import type { Budgets } from '../../../fixtures/budgets.ts';
import type { PhaseName } from '../../../fixtures/observer/recovery.ts';
import type { DrillOutcome } from '../../../fixtures/outcome.ts';
import { withNode, withResource } from '../observer/drill-samples.ts';
import {
  before,
  everySample,
  expectOutcome,
  lastSampleOnly,
  recordedOutcome,
  samplesNumbered,
  saidBy,
  truthOf,
  type Doctor,
} from './recorded-outcome.ts';
import { timings } from './timings.ts';
import type { Sample } from '../../../lab/observation/sample.ts';

const phase =
  (name: PhaseName, sinceMs: number | null): Doctor =>
  (outcome) => ({
    ...outcome,
    phases: { ...outcome.phases, [name]: sinceMs === null ? null : outcome.injectedAtMs + sinceMs },
  });
const online = (sample: Sample): Sample => withNode(sample, 'lxc2', { online: true });
const stopped = (sample: Sample): Sample =>
  withResource(sample, 'FAKE5', { role: 'Stopped', active: false, nodes: [] });
const running = (sample: Sample): Sample =>
  withResource(online(sample), 'FAKE5', { role: 'Started', active: true, failed: false, nodes: ['lxc2'] });
const elsewhere = (sample: Sample): Sample => ({
  ...sample,
  status: {
    ...sample.status,
    resources: sample.status.resources.map((each) =>
      each.nodes.includes('lxc2') ? { ...each, nodes: ['lxc1'] } : each,
    ),
  },
});

const judge = {
  toBeOfflineWhileRecovered: (outcome: DrillOutcome) => {
    expectOutcome(outcome).toBeOfflineWhileRecovered();
  },
  toHaveRestartedTheGuest: (outcome: DrillOutcome) => {
    expectOutcome(outcome).toHaveRestartedTheGuest();
  },
  toHaveStoppedAndRestartedWhatRanThere: (outcome: DrillOutcome) => {
    expectOutcome(outcome).toHaveStoppedAndRestartedWhatRanThere();
  },
  toRecoverInTime: (outcome: DrillOutcome) => {
    expectOutcome(outcome).toRecoverInTime();
  },
} as const;

const headlines: Readonly<Record<keyof typeof judge, string>> = {
  toBeOfflineWhileRecovered: 'the guest node lxc2 is offline while it is recovered',
  toHaveRestartedTheGuest: 'lxc2 was restarted (another domain id, boot id and pacemaker_remoted)',
  toHaveStoppedAndRestartedWhatRanThere: 'everything that ran on lxc2 stopped and runs again',
  toRecoverInTime: 'lxc2 recovers within its budgets',
};

for (const [name, matcher] of Object.entries(judge))
  test(`the recorded drill passes ${name}`, () => {
    const said = saidBy(() => {
      matcher(recordedOutcome);
    });
    expect(said).toBeNull();
  });

for (const [name, what, doctor, problems] of [
  [
    'toBeOfflineWhileRecovered',
    'the guest reads online in the middle',
    samplesNumbered([20, 21], online),
    ['it is online 643 ms after the fault (samples that show it: 2)'],
  ],
  [
    'toBeOfflineWhileRecovered',
    'the guest reads online at its very detection',
    samplesNumbered([14], online),
    ['it is online 47 ms after the fault (samples that show it: 1)'],
  ],
  [
    'toBeOfflineWhileRecovered',
    'the guest comes back without having been restarted',
    phase('restarted', null),
    ['it is online 4656 ms after the fault (samples that show it: 33)'],
  ],
  [
    'toRecoverInTime',
    'everything runs and the DC is at work for ever',
    (outcome: DrillOutcome) => ({ ...outcome, settled: false }),
    ['everything runs again, but the cluster did not settle: its DC is still at work at the end'],
  ],
  ['toBeOfflineWhileRecovered', 'nobody noticed', phase('detected', null), ['the fault was never detected']],
  [
    'toHaveRestartedTheGuest',
    'the boot id stays',
    truthOf('truthAfter', 'lxc2', { bootId: 'old-boot' }),
    ['boot id: still old-boot'],
  ],
  [
    'toHaveRestartedTheGuest',
    'the domain id stays',
    truthOf('truthAfter', 'lxc2', { domainId: '2001' }),
    ['domain id: still 2001'],
  ],
  [
    'toHaveRestartedTheGuest',
    'the daemon stays',
    truthOf('truthAfter', 'lxc2', { daemon: { processId: 2101, startTicks: 7001 } }),
    ['pacemaker_remoted: still process 2101, started at tick 7001'],
  ],
  [
    'toHaveRestartedTheGuest',
    'no daemon runs afterwards',
    truthOf('truthAfter', 'lxc2', { daemon: null }),
    ['pacemaker_remoted: there is none now (before: process 2101, started at tick 7001)'],
  ],
  [
    'toHaveRestartedTheGuest',
    'the boot id before is not known',
    truthOf('truthBefore', 'lxc2', { bootId: null }),
    ['boot id: there was none before the fault, so new-boot tells nothing'],
  ],
  [
    'toHaveRestartedTheGuest',
    'the guest is gone from the machine',
    truthOf('truthAfter', 'lxc2', null),
    [
      'domain id: there is none now (before: 2001)',
      'boot id: there is none now (before: old-boot)',
      'pacemaker_remoted: there is none now (before: process 2101, started at tick 7001)',
    ],
  ],
  ['toHaveStoppedAndRestartedWhatRanThere', 'a resource never stopped', everySample(running), ['FAKE5 never stopped']],
  [
    'toHaveStoppedAndRestartedWhatRanThere',
    'a resource does not come back',
    lastSampleOnly(stopped),
    ['FAKE5 does not run 7866 ms after the fault'],
  ],
  [
    'toHaveStoppedAndRestartedWhatRanThere',
    'nothing ran there',
    before(elsewhere),
    ['nothing ran on lxc2 before the fault: the drill shows nothing'],
  ],
  [
    'toRecoverInTime',
    'a budget is missed by a millisecond',
    phase('detected', 2001),
    ['detected: after 2001 ms; the budget is 2000 ms'],
  ],
  [
    'toRecoverInTime',
    'a phase is not reached',
    phase('stopped', null),
    ['stopped: not reached; the budget is 10000 ms'],
  ],
  [
    'toRecoverInTime',
    'the recovery got stuck',
    (outcome) => lastSampleOnly(stopped)(phase('recovered', null)(outcome)),
    [
      'recovered: not reached; the budget is 40000 ms',
      'at the end (7866 ms after the fault) the resource FAKE5 is Stopped',
      'at the end (7866 ms after the fault) a failed action is recorded: lxc2_monitor_30000 on example-host',
      'at the end (7866 ms after the fault) lxc2 has a fail count of 1 on example-host',
    ],
  ],
] satisfies [keyof typeof judge, string, Doctor, string[]][])
  test(`${name} fails when ${what}`, () => {
    const said = saidBy(() => {
      judge[name](doctor(recordedOutcome));
    });
    expect(said).toEqual({ headline: `ExpectationError: ${headlines[name]}: not so`, problems });
  });

test('budgets are made of what the cluster waits for, and allow twice the boot that was measured', () => {
  expect(restartBudgets('at once')(timings())).toEqual({
    detected: 2_000,
    stopped: 10_000,
    restarted: 15_000,
    reconnected: 20_000,
    recovered: 35_000,
  });
  expect(restartBudgets('at once', 'by the monitor of the domain')(timings({ bootMs: 1_000.2 }))).toEqual({
    detected: 2_000,
    stopped: 25_000,
    restarted: 30_000,
    reconnected: 37_000,
    recovered: 52_000,
  });
  expect(restartBudgets('by the time-out of the domain’s monitor')(timings())).toMatchObject({
    detected: 42_000,
    stopped: 50_000,
  });
  expect(restartBudgets('by the monitor of the connection')(timings())).toMatchObject({
    detected: 62_000,
    stopped: 70_000,
  });
  expect(givenUpBudgets('at once', 'it leaves')(timings())).toEqual({ detected: 2_000, recovered: 17_000 });
  expect(givenUpBudgets('at once', 'its start fails')(timings())).toEqual({ detected: 2_000, recovered: 45_000 });
  const slow = timings({ bootMs: 1_000 });
  expect(givenUpBudgets('at once', 'it is refused')(slow)).toEqual({ detected: 2_000, recovered: 37_000 });
  expect(givenUpBudgets('at once', 'its start times out')(slow)).toEqual({ detected: 2_000, recovered: 97_000 });
});

test('a host that becomes the DC anew has the time that it waits for others, and what it was left alone', () => {
  expect(electionBudgets()(timings())).toEqual({ recovered: 55_000 });
  expect(electionBudgets(15_000)(timings({ dcDeadtimeMs: 5_000 }))).toEqual({ recovered: 55_000 });
});

test('a budget that is just kept is kept, and a phase without one is not judged', () => {
  const judgeWith = (budgets: Budgets, outcome: DrillOutcome) =>
    saidBy(() => {
      expectOutcome({ ...outcome, budgets }).toRecoverInTime();
    });
  expect(judgeWith({ detected: 2000 }, phase('detected', 2000)(recordedOutcome))).toBeNull();
  expect(judgeWith({ detected: 2000 }, phase('stopped', null)(recordedOutcome))).toBeNull();
});
