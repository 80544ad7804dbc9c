import { expect, test } from '@playwright/test';
import { isAtWork, whatRunsOn, whereItRuns } from '../../../fixtures/observer/running.ts';
import type { ResourceStatus } from '../../../lab/observation/cluster-status.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { recordedXml, releases } from '../observation/recorded.ts';
import { sampleOf, steady, withAnother, withNode, withResource } from './drill-samples.ts';

for (const { suite, pacemaker } of releases)
  test(`tells what runs where with Pacemaker ${pacemaker}`, () => {
    const status = readCrmMon(recordedXml(suite, 'guest-probe-notinstalled'));
    expect(whereItRuns(status, 'dummy')).toEqual(['lxc1']);
    expect(whatRunsOn(status, 'h1')).toEqual(['vm1', 'db', 'lxc1']);
    expect(whereItRuns(readCrmMon(recordedXml(suite, 'group-maint-offline')), 'd1')).toEqual([]);
  });

test('nothing runs on a guest that was just lost, although its resources still read Started on it', () => {
  const stale = withResource(withNode(steady, 'lxc2', { online: false }), 'FAKE2', { active: false, failed: true });
  expect(stale.status.resources.find(({ id }) => id === 'FAKE2')).toMatchObject({ role: 'Started', nodes: ['lxc2'] });
  expect(whereItRuns(stale.status, 'FAKE2')).toEqual([]);
  // FAKE5 reads active and not failed: the node alone tells.
  expect(whereItRuns(stale.status, 'FAKE5')).toEqual([]);
  expect(whatRunsOn(stale.status, 'lxc2')).toEqual([]);
});

for (const [change, runs] of [
  [{}, true],
  [{ role: 'Promoted' }, true],
  [{ role: 'Demoting' }, true],
  [{ role: 'Starting' }, false],
  [{ role: 'Stopping' }, false],
  [{ role: 'Migrating' }, false],
  [{ role: 'Stopped' }, false],
  [{ failed: true }, false],
  [{ active: false }, false],
  [{ nodes: ['lxc9'] }, false],
] satisfies [Partial<ResourceStatus>, boolean][])
  test(`a resource with ${JSON.stringify(change)} ${runs ? 'runs' : 'does not run'}`, () => {
    expect(whereItRuns(withResource(steady, 'FAKE2', change).status, 'FAKE2')).toEqual(runs ? ['lxc2'] : []);
  });

test('every instance of a clone counts, and an unknown resource runs nowhere', () => {
  const clone = withAnother(steady, 'FAKE2', { nodes: ['lxc1'], instanceOf: 'c' });
  expect(whereItRuns(clone.status, 'FAKE2')).toEqual(['lxc2', 'lxc1']);
  expect(whereItRuns(steady.status, 'nobody')).toEqual([]);
});

for (const [number, atWork] of [
  [13, false], // steady
  [15, true], // stopping
  [34, true], // starting
  [60, false], // reconnected, its resources not yet probed
  [75, true], // a probe is under way, seen in the history alone but for the connection's monitor
  [79, true], // monitors are started
  [81, false],
] as const)
  test(`in sample ${number} of the recorded drill the cluster is ${atWork ? '' : 'not '}at work`, () => {
    expect(isAtWork(sampleOf(number).status)).toBe(atWork);
  });

test('an operation that a lost node will never finish is no work', () => {
  const probing = withResource(sampleOf(75), 'lxc2', { pendingOperation: null });
  const host = { ...probing.status, histories: probing.status.histories.filter(({ node }) => node === 'lxc2') };
  expect(isAtWork(host)).toBe(true);
  expect(isAtWork(withNode({ ...probing, status: host }, 'lxc2', { online: false }).status)).toBe(false);
});

for (const [role, runs, atWork] of [
  ['Started', true, false],
  ['Promoted', true, false],
  ['Unpromoted', true, false],
  ['Promoting', true, true],
  ['Demoting', true, true],
  ['Starting', false, true],
  ['Stopping', false, true],
  ['Migrating', false, true],
  ['Stopped', false, false],
] as const)
  test(`a resource that is ${role} ${runs ? 'runs' : 'does not run'}, and the cluster is ${atWork ? '' : 'not '}at work on it`, () => {
    const { status } = withResource(steady, 'FAKE2', { role });
    expect(whereItRuns(status, 'FAKE2')).toEqual(runs ? ['lxc2'] : []);
    expect(isAtWork(status)).toBe(atWork);
  });

test('the cluster is at work while an operation is pending', () => {
  expect(isAtWork(withResource(steady, 'FAKE2', { pendingOperation: 'Monitoring' }).status)).toBe(true);
});

test('one operation of one history that is under way is enough', () => {
  const operation = { call: 1, task: 'monitor', exitCode: 0, intervalMs: 10_000 };
  const history = { node: 'lxc2', resource: 'FAKE2', failCount: 0, migrationThreshold: Infinity };
  const status = (...exitCodes: readonly number[]) => ({
    ...steady.status,
    histories: [
      { ...history, resource: 'FAKE5', operations: [operation] },
      { ...history, operations: exitCodes.map((exitCode) => ({ ...operation, exitCode })) },
    ],
  });
  expect(isAtWork(status(0, 0))).toBe(false);
  expect(isAtWork(status(0, 193))).toBe(true);
  expect(isAtWork(status())).toBe(false);
});
