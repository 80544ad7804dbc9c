import { test } from '../fixtures/test.ts';
import { drillsOf } from './catalogue.ts';
import { theGuestIsConnectedToAgain, theGuestIsRecovered } from './claims/failure.ts';
import {
  noConfiguration,
  nothingRunsTwice,
  notStarted,
  theGuestIsGivenUpWhenItCannotBeStarted,
  theGuestIsGivenUpWhileItsDomainRuns,
} from './claims/given-up.ts';
import {
  theGuestIsRestartedWhenItsDomainIsMissed,
  theGuestLeavesAndIsStartedAgain,
  theGuestLeavesForGood,
} from './claims/leave.ts';
import { nothingHappens, someSeconds } from './claims/nothing.ts';
import { detailsOf, leavesWithoutAllClear, runsTwice, testOf } from './known-findings.ts';

const lxc = { kind: 'lxc', quick: true } as const;
const kvm = { kind: 'kvm' } as const;
/** libvirt gives a QEMU that does not answer so long before it kills it. */
const stubbornMs = 12_000;

// The only cut of an LXC guest that pacemaker_remoted has no time to say anything about.
const powerCuts = ['guest-init-killed'];
for (const { title, tags, fault, guest } of drillsOf(powerCuts, 'is recovered', { quick: true }))
  test(title, tags, ({ drill }) => theGuestIsRecovered(drill, guest, fault));

const orderlyEnds = ['domain-shut-down', 'guest-powered-off'];
for (const { title, tags, fault, guest } of drillsOf(orderlyEnds, 'leaves and is started again', { quick: true }))
  testOf(leavesWithoutAllClear)(title, detailsOf(leavesWithoutAllClear, tags), ({ drill, cluster }) =>
    theGuestLeavesAndIsStartedAgain({ drill, cluster }, guest, fault),
  );

// A container's processes are asked to end before its domain does; a machine's are not.
const ends = ['domain-destroyed', 'domain-process-killed'];
for (const { title, tags, fault, guest } of drillsOf(ends, 'leaves and is started again', lxc))
  testOf(leavesWithoutAllClear)(title, detailsOf(leavesWithoutAllClear, tags), ({ drill, cluster }) =>
    theGuestLeavesAndIsStartedAgain({ drill, cluster }, guest, fault),
  );
for (const { title, tags, fault, guest } of drillsOf(ends, 'is restarted once its domain is missed', kvm))
  test(title, tags, ({ drill }) => theGuestIsRestartedWhenItsDomainIsMissed(drill, guest, fault));

const reboots = ['domain-rebooted', 'guest-rebooted'];
for (const { title, tags, fault, guest } of drillsOf(reboots, 'leaves and is not called again'))
  testOf(leavesWithoutAllClear)(title, detailsOf(leavesWithoutAllClear, tags), ({ drill, cluster }) =>
    theGuestLeavesForGood({ drill, cluster }, guest, fault),
  );

const restarts = ['domain-restarted-by-hand'];
for (const { title, tags, fault, guest } of drillsOf(restarts, 'leaves and is not called again', lxc))
  testOf(leavesWithoutAllClear)(title, detailsOf(leavesWithoutAllClear, tags), ({ drill, cluster }) =>
    theGuestLeavesForGood({ drill, cluster }, guest, fault),
  );
for (const { title, tags, fault, guest } of drillsOf(['domain-reset', ...restarts], 'is connected to again', kvm))
  test(title, tags, ({ drill }) => theGuestIsConnectedToAgain(drill, guest, fault));

for (const { title, tags, fault, guest } of drillsOf(['domain-lost'], 'is given up', { quick: true }))
  testOf(leavesWithoutAllClear)(title, detailsOf(leavesWithoutAllClear, tags), ({ drill, cluster }) =>
    theGuestIsGivenUpWhenItCannotBeStarted({ drill, cluster }, guest, fault, noConfiguration),
  );
for (const { title, tags, fault, guest } of drillsOf(['domain-unable-to-start'], 'is given up', { quick: true }))
  testOf(leavesWithoutAllClear)(title, detailsOf(leavesWithoutAllClear, tags), ({ drill, cluster }) =>
    theGuestIsGivenUpWhenItCannotBeStarted({ drill, cluster }, guest, fault, notStarted(guest)),
  );

const removed = ['domain-config-removed'];
for (const { title, tags, fault, guest } of drillsOf(removed, 'is given up, and its domain runs on', { quick: true }))
  test(title, tags, ({ drill, cluster }) =>
    theGuestIsGivenUpWhileItsDomainRuns({ drill, cluster }, guest, fault, noConfiguration),
  );
for (const { title, tags, fault, guest } of drillsOf(removed, 'has nothing run twice', { quick: true }))
  testOf(runsTwice)(title, detailsOf(runsTwice, tags), ({ drill, cluster }) =>
    nothingRunsTwice({ drill, cluster }, guest, fault, noConfiguration),
  );

const standstills = ['domain-suspended', 'domain-process-frozen'];
for (const { title, tags, fault, guest } of drillsOf(standstills, 'is left alone for some seconds of it', {
  quick: true,
}))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, someSeconds));

// A container runs on without its libvirt_lxc.
const longStandstills = [
  ...drillsOf(['domain-suspended', 'guest-kernel-panicked'], 'is recovered once its monitor gets no answer'),
  ...drillsOf(['domain-process-frozen'], 'is recovered once its monitor gets no answer', kvm),
];
for (const { title, tags, fault, guest } of longStandstills)
  test(title, tags, ({ drill }) =>
    theGuestIsRecovered(drill, guest, fault, { notice: 'by the monitor of the connection', stopMs: stubbornMs }),
  );

const twins = ['domain-started-twice'];
for (const { title, tags, fault, guest } of drillsOf(twins, 'is left alone', { quick: true }))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 12_000, healedMs: 2_000 }));
