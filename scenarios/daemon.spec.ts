import { test } from '../fixtures/test.ts';
import { drillsOf } from './catalogue.ts';
import { theGuestIsRecovered } from './claims/failure.ts';
import { connectionRefused, theGuestIsGivenUpWhenItCannotBeConnected } from './claims/given-up.ts';
import { theGuestLeavesForGood } from './claims/leave.ts';
import { nothingHappens, someSeconds } from './claims/nothing.ts';
import { blamesTheKey, detailsOf, leavesWithoutAllClear, testOf } from './known-findings.ts';

const kills = [
  'pacemaker-remoted-killed',
  'pacemaker-remoted-killed-inside',
  'pacemaker-remoted-segfault',
  'pacemaker-remoted-aborted',
  'pacemaker-remoted-oom-killed',
  'pacemaker-remoted-oom-killed-by-host',
];
for (const { title, tags, fault, guest } of drillsOf(kills, 'is recovered', { quick: true }))
  test(title, tags, ({ drill }) => theGuestIsRecovered(drill, guest, fault));

const secondKill = ['pacemaker-remoted-killed-reconnecting'];
for (const { title, tags, fault, guest } of drillsOf(secondKill, 'is recovered', { quick: true }))
  testOf(blamesTheKey)(title, detailsOf(blamesTheKey, tags), ({ drill }) => theGuestIsRecovered(drill, guest, fault));

const freeze = ['pacemaker-remoted-frozen'];
for (const { title, tags, fault, guest } of drillsOf(freeze, 'is recovered once its monitor gets no answer'))
  test(title, tags, ({ drill }) =>
    theGuestIsRecovered(drill, guest, fault, { notice: 'by the monitor of the connection' }),
  );

for (const { title, tags, fault, guest } of drillsOf(freeze, 'is left alone for some seconds of it', { quick: true }))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, someSeconds));

const orderlyStops = ['pacemaker-remote-stopped', 'pacemaker-remote-restarted'];
for (const { title, tags, fault, guest } of drillsOf(orderlyStops, 'leaves and is not called again', { quick: true }))
  testOf(leavesWithoutAllClear)(title, detailsOf(leavesWithoutAllClear, tags), ({ drill, cluster }) =>
    theGuestLeavesForGood({ drill, cluster }, guest, fault),
  );

const noDaemonAnyMore = ['pacemaker-remoted-crash-loop', 'pacemaker-remote-masked'];
for (const { title, tags, fault, guest } of drillsOf(noDaemonAnyMore, 'is given up'))
  test(title, tags, ({ drill, cluster }) =>
    theGuestIsGivenUpWhenItCannotBeConnected({ drill, cluster }, guest, fault, connectionRefused),
  );
