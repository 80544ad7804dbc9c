import { test } from '../fixtures/test.ts';
import { drillsOf } from './catalogue.ts';
import { theGuestIsRecovered } from './claims/failure.ts';
import {
  connectionRefused,
  connectionTimedOut,
  keyRejected,
  theGuestIsGivenUpWhenItCannotBeConnected,
} from './claims/given-up.ts';
import { nothingHappens, someSeconds } from './claims/nothing.ts';

const resets = ['port-3121-connection-reset'];
for (const { title, tags, fault, guest } of drillsOf(resets, 'is recovered', { quick: true }))
  test(title, tags, ({ drill }) => theGuestIsRecovered(drill, guest, fault));

// The old connection is dead for good; the guest, once restarted, is reached by a new one.
const deadConnections = ['port-3121-connection-dropped'];
for (const { title, tags, fault, guest } of drillsOf(deadConnections, 'is recovered once its monitor gets no answer'))
  test(title, tags, ({ drill }) =>
    theGuestIsRecovered(drill, guest, fault, { notice: 'by the monitor of the connection' }),
  );

const dropped = ['port-3121-dropped', 'port-3121-dropped-to-guest', 'port-3121-dropped-to-host'];
for (const { title, tags, fault, guest } of drillsOf(dropped, 'is recovered once its monitor gets no answer'))
  test(title, tags, ({ drill }) =>
    theGuestIsRecovered(drill, guest, fault, { notice: 'by the monitor of the connection', healAt: 'restarted' }),
  );

for (const { title, tags, fault, guest } of drillsOf(dropped, 'is left alone for some seconds of it', { quick: true }))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, someSeconds));

const rejected = ['port-3121-rejected'];
for (const { title, tags, fault, guest } of drillsOf(rejected, 'is given up'))
  test(title, tags, ({ drill, cluster }) =>
    theGuestIsGivenUpWhenItCannotBeConnected({ drill, cluster }, guest, fault, connectionRefused),
  );

const tarpits = ['port-3121-tarpit'];
for (const { title, tags, fault, guest } of drillsOf(tarpits, 'is given up'))
  test(title, tags, ({ drill, cluster }) =>
    theGuestIsGivenUpWhenItCannotBeConnected({ drill, cluster }, guest, fault, connectionTimedOut),
  );

const wrongKeys = ['port-3121-wrong-authkey'];
for (const { title, tags, fault, guest } of drillsOf(wrongKeys, 'is given up', { quick: true }))
  test(title, tags, ({ drill, cluster }) =>
    theGuestIsGivenUpWhenItCannotBeConnected({ drill, cluster }, guest, fault, keyRejected),
  );

// No new connection is needed while the old one works.
const newOnly = ['port-3121-new-dropped', 'port-3121-new-rejected'];
for (const { title, tags, fault, guest } of drillsOf(newOnly, 'is left alone', { quick: true }))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 12_000, healedMs: 2_000 }));

// For longer, the controller itself hangs (docs/findings.md, 11).
const tooLarge = ['port-3121-large-dropped'];
for (const { title, tags, fault, guest } of drillsOf(tooLarge, 'is left alone for some seconds of it', { quick: true }))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, someSeconds));

// Two monitors of the connection: TCP repairs what is lost, and its time-out is longer than what is late.
const bearable = ['port-3121-lossy', 'port-3121-flapping', 'port-3121-slow', 'port-3121-delayed'];
for (const { title, tags, fault, guest } of drillsOf(bearable, 'is left alone'))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 65_000, healedMs: 10_000 }));
