import { test } from '../fixtures/test.ts';
import { drillsOf } from './catalogue.ts';
import { theGuestIsRecovered } from './claims/failure.ts';
import { theGuestIsGivenUpWhenItCannotBeStarted } from './claims/given-up.ts';
import { theGuestLeavesAndIsStartedAgain, theGuestLeavesForGood } from './claims/leave.ts';
import { nothingHappens } from './claims/nothing.ts';

// The only cut of an LXC guest that pacemaker_remoted has no time to say anything about.
const powerCuts = ['guest-init-killed'];
for (const { title, tags, fault, guest } of drillsOf(powerCuts, 'is recovered', { quick: true }))
  test(title, tags, ({ drill }) => theGuestIsRecovered(drill, guest, fault));

const orderlyEnds = ['domain-shut-down', 'guest-powered-off'];
for (const { title, tags, fault, guest } of drillsOf(orderlyEnds, 'leaves and is started again', { quick: true }))
  test(title, tags, ({ drill, cluster }) => theGuestLeavesAndIsStartedAgain({ drill, cluster }, guest, fault));

// A container's processes are asked to end before its domain does.
const ends = ['domain-destroyed', 'domain-process-killed'];
for (const { title, tags, fault, guest } of drillsOf(ends, 'leaves and is started again', { quick: true, kind: 'lxc' }))
  test(title, tags, ({ drill, cluster }) => theGuestLeavesAndIsStartedAgain({ drill, cluster }, guest, fault));

const restarts = ['domain-restarted-by-hand'];
for (const { title, tags, fault, guest } of drillsOf(restarts, 'leaves and is not called again', { kind: 'lxc' }))
  test(title, tags, ({ drill, cluster }) => theGuestLeavesForGood({ drill, cluster }, guest, fault));

const lost = ['domain-lost'];
for (const { title, tags, fault, guest } of drillsOf(lost, 'is given up', { quick: true, kind: 'lxc' }))
  test(title, tags, ({ drill, cluster }) =>
    theGuestIsGivenUpWhenItCannotBeStarted({ drill, cluster }, guest, fault, {
      exitCode: 5,
      status: 'done',
      reason: 'environment is invalid, resource considered stopped',
    }),
  );

const unable = ['domain-unable-to-start'];
for (const { title, tags, fault, guest } of drillsOf(unable, 'is given up', { quick: true, kind: 'lxc' }))
  test(title, tags, ({ drill, cluster }) =>
    theGuestIsGivenUpWhenItCannotBeStarted({ drill, cluster }, guest, fault, {
      exitCode: 1,
      status: 'done',
      reason: `Failed to start virtual domain ${guest.name}.`,
    }),
  );

const standstills = ['domain-suspended', 'domain-process-frozen'];
for (const { title, tags, fault, guest } of drillsOf(standstills, 'is left alone for some seconds of it', {
  quick: true,
}))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 8_000, healedMs: 5_000 }));

const twins = ['domain-started-twice'];
for (const { title, tags, fault, guest } of drillsOf(twins, 'is left alone', { quick: true }))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 12_000, healedMs: 5_000 }));
