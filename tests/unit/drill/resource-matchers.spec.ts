import { expect, test } from '@playwright/test';
import type { DrillOutcome } from '../../../fixtures/outcome.ts';
import type { GuestTruth } from '../../../lab/guests/guest-truth.ts';
import { contradictions } from '../../../lab/steady-state/contradictions.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { withResource } from '../observer/drill-samples.ts';
import {
  everySample,
  expectOutcome,
  lastSampleOnly,
  recordedOutcome,
  saidBy,
  type Doctor,
} from './recorded-outcome.ts';

const as = (change: Parameters<typeof withResource>[2]): Doctor =>
  lastSampleOnly((sample: Sample) => withResource(sample, 'FAKE2', change));
const same: Doctor = (outcome) => outcome;

// In the recorded drill FAKE2 and FAKE5 ran on lxc2, whose daemon was killed, and run there again at the end.
for (const [what, where, doctor, problems] of [
  ['on the guest', 'on the guest', same, null],
  ['on the guest, said to run elsewhere', 'elsewhere', same, ['it runs on lxc2 7866 ms after the fault']],
  ['elsewhere', 'elsewhere', as({ nodes: ['lxc3'] }), null],
  [
    'elsewhere, said to run on the guest',
    'on the guest',
    as({ nodes: ['lxc3'] }),
    ['it runs on lxc3 7866 ms after the fault'],
  ],
  [
    'nowhere',
    'elsewhere',
    as({ role: 'Stopped', active: false, nodes: [] }),
    ['it runs on no node 7866 ms after the fault'],
  ],
  ['in two places', 'elsewhere', as({ nodes: ['lxc1', 'lxc3'] }), ['it runs on lxc1 and lxc3 7866 ms after the fault']],
] as const)
  test(`a resource that runs ${what}`, () => {
    const said = saidBy(() => {
      expectOutcome(doctor(recordedOutcome)).toRunAtTheEnd('FAKE2', where);
    });
    expect(said?.problems ?? null).toEqual(problems);
  });

for (const [what, doctor, problems] of [
  ['failed and blocked', as({ failed: true, blocked: true }), null],
  ['as it should be', same, ['it is not failed', 'it is not blocked']],
  ['failed, and not blocked', as({ failed: true }), ['it is not blocked']],
  ['blocked elsewhere', as({ failed: true, blocked: true, nodes: ['lxc1'] }), ['it is on lxc1']],
] as const)
  test(`a resource that is ${what} at the end`, () => {
    const said = saidBy(() => {
      expectOutcome(doctor(recordedOutcome)).toBeBlockedAtTheEnd('FAKE2');
    });
    expect(said?.problems ?? null).toEqual(problems);
  });

test('what disturbs more than the one resource is told', () => {
  const before = recordedOutcome.before;
  const quiet: DrillOutcome = {
    ...recordedOutcome,
    samples: [before],
    truthAfter: recordedOutcome.truthBefore,
  };
  const stopped = (id: string) => (sample: Sample) =>
    withResource(sample, id, { role: 'Stopped', active: false, nodes: [] });
  const judge = (outcome: DrillOutcome) =>
    saidBy(() => {
      expectOutcome(outcome).toDisturbOnly('FAKE2');
    });
  expect(judge(quiet)).toBeNull();
  expect(judge(everySample(stopped('FAKE2'))(quiet))).toBeNull();
  expect(judge(everySample(stopped('FAKE3'))(quiet))?.problems.join()).toContain('lxc3: FAKE3 did not run there');
  expect(judge({ ...quiet, truthAfter: recordedOutcome.truthAfter })?.problems.join()).toContain('lxc2: domain id was');
});

test('what the machine shows otherwise than the cluster is told', () => {
  const { plan, before, truthBefore } = recordedOutcome;
  const silent = { domainId: null, bootId: null, daemon: null, stateFiles: [] };
  const truths = (change: Partial<GuestTruth>) =>
    new Map([...truthBefore, ['lxc2', { ...(truthBefore.get('lxc2') ?? silent), ...change }] as const]);
  expect(contradictions(before.status, plan, truthBefore)).toEqual([]);
  expect(contradictions(before.status, plan, truths({ stateFiles: ['FAKE2'] }))).toEqual(['FAKE5']);
  expect(contradictions(before.status, plan, truths({ stateFiles: ['FAKE1', 'FAKE2', 'FAKE5'] }))).toEqual(['FAKE1']);
  expect(contradictions(before.status, plan, truths({ stateFiles: [], bootId: null }))).toEqual([]);
});
