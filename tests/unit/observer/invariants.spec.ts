import { expect, test } from '@playwright/test';
import { violations } from '../../../fixtures/observer/invariants.ts';
import type { InvariantName } from '../../../fixtures/observer/invariants.ts';
import { recordedDrill } from '../observation/recorded.ts';
import {
  at,
  drillSamples,
  sampleOf,
  steady,
  withAnother,
  withMachine,
  withNode,
  withResource,
} from './drill-samples.ts';
import type { Sample } from '../../../lab/observation/sample.ts';

test('the recorded drill breaks no promise', () => {
  expect(violations(drillSamples)).toEqual([]);
});

const lost = withNode(steady, 'lxc2', { online: false });
const stale = { active: false, failed: true } as const;
const lostQuietly = withResource(withResource(lost, 'FAKE2', stale), 'FAKE5', stale);

for (const [what, invariant, words, sample] of [
  [
    'a resource on two nodes',
    'runs in one place',
    'FAKE1 is active on lxc1 and lxc3 at once.',
    withResource(steady, 'FAKE1', { nodes: ['lxc1', 'lxc3'] }),
  ],
  [
    'a failed resource on two nodes',
    'runs in one place',
    'FAKE1 is active on lxc1 and lxc3 at once.',
    withResource(steady, 'FAKE1', { nodes: ['lxc1', 'lxc3'], failed: true }),
  ],
  [
    'a resource that starts on a second node',
    'runs in one place',
    'FAKE1 is active on lxc1 and lxc3 at once.',
    withAnother(steady, 'FAKE1', { nodes: ['lxc3'], role: 'Starting' }),
  ],
  [
    'a resource on an offline guest',
    'nothing runs on an offline node',
    'FAKE2 is Started on lxc2, which is offline.',
    withResource(lost, 'FAKE5', stale),
  ],
  [
    'a resource started elsewhere while it lives on in a lost guest',
    'nothing runs on an offline node',
    'FAKE2 was started on lxc1 while its state file is still in lxc2, which is offline.',
    withResource(withResource(lost, 'FAKE5', stale), 'FAKE2', { nodes: ['lxc1'] }),
  ],
  [
    'state files in two guests',
    'one state file',
    'FAKE1 has a state file on lxc1 and lxc3 at once.',
    withMachine(steady, 'lxc3', { processId: 9913, stateFiles: ['FAKE3', 'FAKE1'] }),
  ],
  [
    'state files in a guest and its host',
    'one state file',
    'FAKE1 has a state file on example-host and lxc1 at once.',
    withMachine(steady, 'example-host', { processId: 1, stateFiles: ['FAKE1'] }),
  ],
  [
    'a guest online whose resource is stopped',
    'guest online only where its resource runs',
    'lxc2 is online while container2, which runs it, is Stopped.',
    withResource(withResource(steady, 'container2', { role: 'Stopped', active: false, nodes: [] }), 'lxc2', {
      role: 'Starting',
    }),
  ],
  [
    'a connection that outlives its guest',
    'the connection lives with its guest',
    'lxc2 is connected (Started) while container2, which runs it, is Stopped.',
    withResource(lostQuietly, 'container2', { role: 'Stopped', active: false, nodes: [] }),
  ],
  [
    'a count of what is not there',
    'the counts agree',
    'resources running on lxc1: crm_mon counts 9 and lists 2.',
    withNode(steady, 'lxc1', { resourcesRunning: 9 }),
  ],
  [
    'a guest online whose resource is starting',
    'guest online only where its resource runs',
    'lxc2 is online while container2, which runs it, is Starting.',
    withResource(steady, 'container2', { role: 'Starting' }),
  ],
] satisfies [string, InvariantName, string, Sample][])
  test(`finds ${what}`, () => {
    const bad = [at(sample, 100), at(sample, 200)];
    expect(violations([at(steady, 0), ...bad, at(steady, 300)])).toEqual([
      { invariant, words, atMs: bad[0]?.atMs, untilMs: bad[1]?.atMs },
    ]);
  });

for (const [what, sample] of [
  ['a guest just lost, whose resources still read Started, failed, on it', lostQuietly],
  [
    'an unclean host, whose resources Pacemaker takes for running until it is fenced',
    withNode(lost, 'lxc2', { unclean: true }),
  ],
  ['a live migration', withResource(steady, 'FAKE1', { role: 'Migrating', nodes: ['lxc1', 'lxc3'] })],
  [
    'a clone with an instance on two nodes each',
    withAnother(withResource(steady, 'FAKE1', { instanceOf: 'c' }), 'FAKE1', { instanceOf: 'c', nodes: ['lxc3'] }),
  ],
  ['the resource of a guest failed and its domain still up', withResource(steady, 'container2', { failed: true })],
  ['the resource of a guest being stopped', withResource(steady, 'container2', { role: 'Stopping' })],
  ['a guest online while its connection starts', withResource(steady, 'lxc2', { role: 'Starting', failed: true })],
  ['a domain whose files cannot be seen', withMachine(steady, 'lxc2', { processId: 8318, stateFiles: null })],
] satisfies [string, Sample][])
  test(`${what} breaks no promise`, () => {
    expect(violations([at(sample, 100)])).toEqual([]);
  });

test('an instance of a clone may itself not be on two nodes', () => {
  const clone = withResource(steady, 'FAKE1', { instanceOf: 'c', nodes: ['lxc1', 'lxc3'] });
  expect(violations([clone]).map(({ invariant }) => invariant)).toEqual(['runs in one place']);
});

test('instances of a clone may have a state file in each place', () => {
  const clone = withResource(steady, 'FAKE1', { instanceOf: 'c' });
  expect(violations([withMachine(clone, 'lxc3', { processId: 9913, stateFiles: ['FAKE3', 'FAKE1'] })])).toEqual([]);
});

test('what happens again later is told again, and everything in the order of its time', () => {
  const twice = withResource(steady, 'FAKE1', { nodes: ['lxc1', 'lxc3'] });
  const offline = withResource(lost, 'FAKE5', stale);
  const found = violations([at(offline, 0), at(steady, 1), at(twice, 2), at(steady, 3), at(twice, 4)]);
  expect(found.map(({ atMs }) => Math.round(atMs - recordedDrill.injectedAtMs))).toEqual([0, 2, 4]);
});

test('a guest in the middle of its recovery breaks no promise, sample by sample', () => {
  for (const number of [14, 15, 34, 37, 60, 78]) expect(violations([sampleOf(number)]), `sample ${number}`).toEqual([]);
});

const down = { role: 'Stopped', active: false, nodes: [] } as const;
const without = (sample: Sample, id: string): Sample => {
  const resources = sample.status.resources.filter((each) => each.id !== id);
  return { ...sample, status: { ...sample.status, resources } };
};
/** What is broken but the counts, which are not what these samples are about. */
const brokenBy = (sample: Sample): readonly string[] =>
  violations([sample])
    .filter(({ invariant }) => invariant !== 'the counts agree')
    .map(({ words }) => words);

for (const [what, sample, words] of [
  [
    'a guest is online whose resource is not configured any more',
    without(steady, 'container2'),
    ['lxc2 is online while container2, which runs it, is not configured.'],
  ],
  [
    'a guest is online whose resource reads Started and is not active',
    withResource(steady, 'container2', { active: false }),
    ['lxc2 is online while container2, which runs it, is Started.'],
  ],
  [
    'a guest is online whose resource is Stopped, active or not',
    withResource(withResource(steady, 'container2', { role: 'Stopped', nodes: [] }), 'lxc2', { role: 'Starting' }),
    ['lxc2 is online while container2, which runs it, is Stopped.'],
  ],
  [
    'no instance of the resource that runs an online guest is up',
    withAnother(withResource(withResource(steady, 'container2', down), 'lxc2', { role: 'Starting' }), 'container2', {
      role: 'Starting',
    }),
    ['lxc2 is online while container2, which runs it, is Stopped and Starting.'],
  ],
  ['an instance of it is up, and another is not', withAnother(steady, 'container2', down), []],
  [
    'a resource is on an online and an offline node at once: that is in one place, of which it can’t be',
    withResource(withResource(lostQuietly, 'FAKE1', { nodes: ['lxc1', 'lxc2'] }), 'FAKE5', stale),
    ['FAKE1 is Started on lxc2, which is offline.'],
  ],
  [
    'a resource is on an offline node and failed there',
    withResource(lostQuietly, 'FAKE2', { active: true, failed: true }),
    [],
  ],
  [
    'a resource is said to be on an offline node and not to be active',
    withResource(lostQuietly, 'FAKE2', { active: false, failed: false }),
    [],
  ],
  [
    'a state file lies where the cluster knows no node, and nowhere else',
    withMachine(withMachine(steady, 'lxc1', { processId: 9911, stateFiles: ['FAKE4'] }), 'stranger', {
      processId: 9914,
      stateFiles: ['FAKE1'],
    }),
    [],
  ],
  [
    'what the cluster does not know has state files in two places',
    withMachine(withMachine(steady, 'lxc3', { processId: 9913, stateFiles: ['FAKE3', 'ghost'] }), 'lxc1', {
      processId: 9911,
      stateFiles: ['FAKE1', 'FAKE4', 'ghost'],
    }),
    ['ghost has a state file on lxc1 and lxc3 at once.'],
  ],
] satisfies [string, Sample, string[]][])
  test(`where ${what}, ${words.length === 0 ? 'no promise is broken' : 'that is told'}`, () => {
    expect(brokenBy(sample)).toEqual(words);
  });
