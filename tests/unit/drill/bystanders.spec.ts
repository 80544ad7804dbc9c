import { expect, test } from '@playwright/test';
import type { DrillOutcome } from '../../../fixtures/outcome.ts';
import type { Run } from '../../../fixtures/observer/runs.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { withMachine, withNode, withResource } from '../observer/drill-samples.ts';
import {
  before,
  expectOutcome,
  lastSampleOnly,
  recordedOutcome,
  samplesNumbered,
  saidBy,
  truthOf,
  type Doctor,
} from './recorded-outcome.ts';

const judge = {
  toAgreeWithTheMachine: (outcome: DrillOutcome) => {
    expectOutcome(outcome).toAgreeWithTheMachine();
  },
  toKeepTheInvariants: (outcome: DrillOutcome) => {
    expectOutcome(outcome).toKeepTheInvariants();
  },
  toLeaveTheOthersAlone: (outcome: DrillOutcome) => {
    expectOutcome(outcome).toLeaveTheOthersAlone();
  },
} as const;

const headlines: Readonly<Record<keyof typeof judge, string>> = {
  toAgreeWithTheMachine: 'the cluster and the machine agree on what runs where',
  toKeepTheInvariants: 'nothing runs in two places or where it can’t',
  toLeaveTheOthersAlone: 'the other guests are left alone',
};

const inTwoPlaces = (sample: Sample): Sample => withResource(sample, 'FAKE1', { nodes: ['lxc1', 'lxc3'] });
/** A run, of FAKE1 if not said otherwise, in milliseconds since the fault. */
const ranIn = (place: string, fromMs: number, untilMs: number | null, resource = 'FAKE1'): Run => ({
  resource,
  place,
  fromMs: recordedOutcome.injectedAtMs + fromMs,
  untilMs: untilMs === null ? null : recordedOutcome.injectedAtMs + untilMs,
  howItEnded: untilMs === null ? null : 'its agent stopped it',
  errorMs: 0,
});
const moved = (sample: Sample): Sample => withResource(sample, 'FAKE3', { nodes: ['lxc1'] });

for (const [name, matcher] of Object.entries(judge))
  test(`the recorded drill passes ${name}`, () => {
    const said = saidBy(() => {
      matcher(recordedOutcome);
    });
    expect(said).toBeNull();
  });

for (const [name, what, doctor, problems] of [
  [
    'toAgreeWithTheMachine',
    'a state file is in another guest afterwards',
    (outcome) =>
      truthOf('truthAfter', 'lxc3', { stateFiles: ['FAKE3', 'FAKE5'] })(
        truthOf('truthAfter', 'lxc2', { stateFiles: ['FAKE2'] })(outcome),
      ),
    [
      'after, the cluster says that FAKE2, FAKE5 runs on lxc2; its state files say FAKE2',
      'after, the cluster says that FAKE3 runs on lxc3; its state files say FAKE3, FAKE5',
    ],
  ],
  [
    'toAgreeWithTheMachine',
    'a state file is in two guests',
    truthOf('truthAfter', 'lxc3', { stateFiles: ['FAKE3', 'FAKE5'] }),
    ['after, the cluster says that FAKE3 runs on lxc3; its state files say FAKE3, FAKE5'],
  ],
  [
    'toAgreeWithTheMachine',
    'the machine knew of nothing before',
    truthOf('truthBefore', 'lxc3', null),
    ['before, the cluster says that FAKE3 runs on lxc3; its state files say nothing'],
  ],
  [
    'toAgreeWithTheMachine',
    'the cluster knows of nothing there',
    lastSampleOnly(moved),
    [
      'after, the cluster says that FAKE1, FAKE3, FAKE4 runs on lxc1; its state files say FAKE1, FAKE4',
      'after, the cluster says that nothing runs on lxc3; its state files say FAKE3',
    ],
  ],
  [
    'toKeepTheInvariants',
    'a resource is in two places in a single sample',
    samplesNumbered([50], inTwoPlaces),
    ['FAKE1 is active on lxc1 and lxc3 at once. (3654 ms after the fault)'],
  ],
  [
    'toKeepTheInvariants',
    'a resource was in two places before the fault',
    before(inTwoPlaces),
    ['FAKE1 is active on lxc1 and lxc3 at once. (59 ms before the fault)'],
  ],
  [
    'toKeepTheInvariants',
    'a state file is in two places',
    samplesNumbered([50], (sample) => withMachine(sample, 'lxc3', { processId: 9913, stateFiles: ['FAKE3', 'FAKE1'] })),
    ['FAKE1 has a state file on lxc1 and lxc3 at once. (3654 ms after the fault)'],
  ],
  [
    'toKeepTheInvariants',
    'a resource ran twice as its agents say, and no sample shows it',
    (outcome) => ({ ...outcome, runs: [ranIn('lxc1', -500, 2_000), ranIn('lxc3', 1_200, null)] }),
    [
      "FAKE1 ran in lxc1 and in lxc3 at once for 800 ms, as its agents' stamps say: in lxc1 it ended because its agent stopped it, in lxc3 it was not stopped. (1200 ms after the fault, until 2000 ms after the fault)",
    ],
  ],
  [
    'toLeaveTheOthersAlone',
    'another guest has another boot id',
    truthOf('truthAfter', 'lxc1', { bootId: 'other-boot' }),
    ['lxc1: boot id was lxc1-boot, is other-boot'],
  ],
  [
    'toLeaveTheOthersAlone',
    'another guest has another domain id',
    truthOf('truthAfter', 'lxc3', { domainId: '3002' }),
    ['lxc3: domain id was 3001, is 3002'],
  ],
  [
    'toLeaveTheOthersAlone',
    'another guest has no daemon now',
    truthOf('truthAfter', 'lxc3', { daemon: null }),
    ['lxc3: pacemaker_remoted was process 3101, started at tick 8001, is none'],
  ],
  [
    'toLeaveTheOthersAlone',
    'the boot of another guest is not known before and after',
    (outcome) =>
      truthOf('truthBefore', 'lxc1', { bootId: null })(truthOf('truthAfter', 'lxc1', { bootId: null })(outcome)),
    ['lxc1: boot id was none, is none'],
  ],
  [
    'toLeaveTheOthersAlone',
    'another guest is offline in one sample',
    samplesNumbered([30], (sample) => withNode(sample, 'lxc3', { online: false })),
    ['lxc3: not online 1646 ms after the fault', 'lxc3: FAKE3 did not run there 1646 ms after the fault'],
  ],
  [
    'toLeaveTheOthersAlone',
    'another guest is unclean in one sample',
    samplesNumbered([30], (sample) => withNode(sample, 'lxc3', { unclean: true })),
    ['lxc3: not online 1646 ms after the fault'],
  ],
  [
    'toLeaveTheOthersAlone',
    'a resource of another guest is away in one sample',
    samplesNumbered([31], moved),
    ['lxc3: FAKE3 did not run there 1745 ms after the fault'],
  ],
  [
    'toLeaveTheOthersAlone',
    'a resource of another guest was restarted between two samples',
    (outcome) => ({
      ...outcome,
      runs: [
        ranIn('lxc3', -500, 1_000, 'FAKE3'),
        ranIn('lxc3', 1_020, null, 'FAKE3'),
        ranIn('lxc2', -500, 10, 'FAKE2'),
      ],
    }),
    ['lxc3: FAKE3 was stopped there 1000 ms after the fault, as its agent’s stamps say (its agent stopped it)'],
  ],
] satisfies [keyof typeof judge, string, Doctor, string[]][])
  test(`${name} fails when ${what}`, () => {
    const said = saidBy(() => {
      judge[name](doctor(recordedOutcome));
    });
    expect(said).toEqual({ headline: `ExpectationError: ${headlines[name]}: not so`, problems });
  });

test('other guests are left alone where their resources run on, and only others were stopped, or elsewhere', () => {
  const runs = [
    ranIn('lxc3', -500, null, 'FAKE3'),
    ranIn('lxc2', -500, 10, 'FAKE3'),
    ranIn('lxc3', -500, 10, 'FAKE2'),
    ranIn('lxc2', -500, 10, 'FAKE2'),
  ];
  const said = saidBy(() => {
    judge.toLeaveTheOthersAlone({ ...recordedOutcome, runs });
  });
  expect(said).toBeNull();
});

test('an agent that leaves no state file is not looked for on the machine', () => {
  const { plan } = recordedOutcome;
  const resources = plan.resources.map((each) =>
    each.id === 'FAKE3' ? { ...each, agent: 'ocf:heartbeat:Delay' } : each,
  );
  const outcome = { ...recordedOutcome, plan: { ...plan, resources } };
  const without = truthOf('truthBefore', 'lxc3', { stateFiles: [] })(
    truthOf('truthAfter', 'lxc3', { stateFiles: [] })(outcome),
  );
  const said = saidBy(() => {
    judge.toAgreeWithTheMachine(without);
  });
  expect(said).toBeNull();
});
