import { expect, test } from '@playwright/test';
import type { DrillOutcome } from '../../../fixtures/outcome.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { withNode, withResource } from '../observer/drill-samples.ts';
import {
  before,
  expectOutcome,
  lastSampleOnly,
  lostGuestOutcome,
  saidBy,
  truthOf,
  uneventfulOutcome,
  withStopped,
  type Doctor,
} from './recorded-outcome.ts';

const judge = {
  toHaveRelocatedWhatRanThere: (outcome: DrillOutcome) => {
    expectOutcome(outcome).toHaveRelocatedWhatRanThere();
  },
  'toHaveLostTheGuest with its domain stopped': (outcome: DrillOutcome) => {
    expectOutcome(outcome).toHaveLostTheGuest('domain stopped');
  },
  'toHaveLostTheGuest with its domain running': (outcome: DrillOutcome) => {
    expectOutcome(outcome).toHaveLostTheGuest('domain running');
  },
} as const;

const headlines: Readonly<Record<keyof typeof judge, string>> = {
  toHaveRelocatedWhatRanThere: 'everything that ran on lxc2 runs on another node',
  'toHaveLostTheGuest with its domain stopped': 'lxc2 is no guest node any more, its domain stopped',
  'toHaveLostTheGuest with its domain running': 'lxc2 is no guest node any more, its domain running',
};

const domainRuns: Doctor = (outcome) =>
  truthOf('truthAfter', 'lxc2', { domainId: '2001' })(
    lastSampleOnly((sample) =>
      withResource(sample, 'container2', { role: 'Started', active: true, nodes: ['example-host'] }),
    )(outcome),
  );
const stays = (sample: Sample): Sample =>
  withResource(withNode(sample, 'lxc2', { online: true }), 'FAKE5', { nodes: ['lxc2'] });
const nothingRan = (sample: Sample): Sample => withStopped(withStopped(sample, 'FAKE2'), 'FAKE5');

for (const [name, doctor] of [
  ['toHaveRelocatedWhatRanThere', (outcome) => outcome],
  ['toHaveLostTheGuest with its domain stopped', (outcome) => outcome],
  ['toHaveLostTheGuest with its domain running', domainRuns],
] satisfies [keyof typeof judge, Doctor][])
  test(`a guest that was lost passes ${name}`, () => {
    const said = saidBy(() => {
      judge[name](doctor(lostGuestOutcome));
    });
    expect(said).toBeNull();
  });

for (const [name, what, doctor, problems] of [
  [
    'toHaveRelocatedWhatRanThere',
    'nothing ran there before the fault',
    before(nothingRan),
    ['nothing ran on lxc2 before the fault: the drill shows nothing'],
  ],
  [
    'toHaveRelocatedWhatRanThere',
    'one of them does not run at the end',
    lastSampleOnly((sample) => withStopped(sample, 'FAKE2')),
    ['FAKE2 does not run 300 ms after the fault'],
  ],
  [
    'toHaveRelocatedWhatRanThere',
    'one of them runs there at the end',
    lastSampleOnly(stays),
    ['FAKE5 runs on lxc2 300 ms after the fault'],
  ],
  [
    'toHaveLostTheGuest with its domain stopped',
    'the guest node is online at the end',
    lastSampleOnly((sample) => withNode(sample, 'lxc2', { online: true })),
    ['lxc2 is online'],
  ],
  [
    'toHaveLostTheGuest with its domain stopped',
    'the connection is started at the end',
    lastSampleOnly((sample) =>
      withResource(sample, 'lxc2', { role: 'Started', active: true, nodes: ['example-host'] }),
    ),
    ['the connection lxc2 is started'],
  ],
  [
    'toHaveLostTheGuest with its domain stopped',
    'its resource and its domain are up at the end',
    domainRuns,
    ['container2 is started', 'libvirt runs a domain lxc2'],
  ],
  [
    'toHaveLostTheGuest with its domain running',
    'its resource and its domain are down at the end',
    (outcome) => outcome,
    ['container2 is not started', 'libvirt runs no domain lxc2'],
  ],
  [
    'toHaveLostTheGuest with its domain running',
    'the machine says nothing of it',
    (outcome) => truthOf('truthAfter', 'lxc2', null)(domainRuns(outcome)),
    ['libvirt runs no domain lxc2'],
  ],
] satisfies [keyof typeof judge, string, Doctor, string[]][])
  test(`${name} fails when ${what}`, () => {
    const said = saidBy(() => {
      judge[name](doctor(lostGuestOutcome));
    });
    expect(said).toEqual({ headline: `ExpectationError: ${headlines[name]}: not so`, problems });
  });

for (const [what, outcome] of [
  ['nothing happened to', uneventfulOutcome],
  ['has another daemon in the same boot', truthOf('truthAfter', 'lxc2', { daemon: null })(uneventfulOutcome)],
] as const)
  test(`a guest that ${what} passes toHaveKeptTheGuestRunning`, () => {
    const said = saidBy(() => {
      expectOutcome(outcome).toHaveKeptTheGuestRunning();
    });
    expect(said).toBeNull();
  });

for (const [what, doctor, problems] of [
  ['it has another domain id', truthOf('truthAfter', 'lxc2', { domainId: '2002' }), ['domainId was 2001, is 2002']],
  ['it was booted anew', truthOf('truthAfter', 'lxc2', { bootId: 'new-boot' }), ['bootId was old-boot, is new-boot']],
  [
    'its domain is gone',
    truthOf('truthAfter', 'lxc2', { domainId: null, bootId: null }),
    ['domainId was 2001, is none', 'bootId was old-boot, is none'],
  ],
  [
    'nothing was known of it before and after',
    (outcome: DrillOutcome) => truthOf('truthBefore', 'lxc2', null)(truthOf('truthAfter', 'lxc2', null)(outcome)),
    ['domainId was none, is none', 'bootId was none, is none'],
  ],
] satisfies [string, Doctor, string[]][])
  test(`toHaveKeptTheGuestRunning fails when ${what}`, () => {
    const said = saidBy(() => {
      expectOutcome(doctor(uneventfulOutcome)).toHaveKeptTheGuestRunning();
    });
    expect(said).toEqual({ headline: 'ExpectationError: lxc2 was not restarted: not so', problems });
  });
