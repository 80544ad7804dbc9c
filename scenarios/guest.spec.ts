import { test } from '../fixtures/test.ts';
import { drillsOf } from './catalogue.ts';
import { aRestartKeepsTheNodeName } from './claims/node-name.ts';
import { nothingHappens } from './claims/nothing.ts';
import { failedIn, theResourceIsStartedElsewhere } from './claims/resource.ts';

const full = ['guest-disk-full'];
for (const { title, tags, fault, guest } of drillsOf(full, 'loses the resource to another node', { quick: true }))
  test(title, tags, ({ cluster, drill }) =>
    theResourceIsStartedElsewhere({ cluster, drill }, guest, fault, failedIn('start', null)),
  );

// Longer than the interval of the resources' monitors: none of them has to write.
const readOnly = ['guest-run-read-only'];
for (const { title, tags, fault, guest } of drillsOf(readOnly, 'is left alone while nothing has to start there'))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 25_000, healedMs: 5_000 }));

const misnamed = ['guest-name-differs'];
for (const { title, tags, fault, guest } of drillsOf(misnamed, 'is left alone', { quick: true }))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 12_000, healedMs: 5_000 }));

for (const { title, tags, fault, guest } of drillsOf(misnamed, 'keeps its node name through a restart'))
  test(title, tags, ({ cluster, drill }) => aRestartKeepsTheNodeName({ cluster, drill }, guest, fault));
