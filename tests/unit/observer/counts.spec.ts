import { expect, test } from '@playwright/test';
import { countDisagreements } from '../../../fixtures/observer/counts.ts';
import type { ClusterStatus, ResourceStatus } from '../../../lab/observation/cluster-status.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { recordedXml, releases, type SampleName } from '../observation/recorded.ts';
import { drillSamples, steady } from './drill-samples.ts';

for (const { suite, pacemaker } of releases)
  for (const name of ['group-maint-offline', 'guest-probe-notinstalled'] satisfies SampleName[])
    test(`crm_mon of ${pacemaker} counts what it lists: ${name}`, () => {
      expect(countDisagreements(readCrmMon(recordedXml(suite, name)))).toEqual([]);
    });

test('so does every sample of a recorded drill', () => {
  expect(drillSamples.flatMap(({ status }) => countDisagreements(status))).toEqual([]);
});

const { status } = steady;
const edit = (id: string, change: Partial<ResourceStatus>): ClusterStatus => ({
  ...status,
  resources: status.resources.map((each) => (each.id === id ? { ...each, ...change } : each)),
});
const counted = (base: ClusterStatus, counts: Partial<ClusterStatus['resourcesConfigured']>): ClusterStatus => ({
  ...base,
  resourcesConfigured: { ...base.resourcesConfigured, ...counts },
});
const total = status.resourcesConfigured.total;
const onHost = status.nodes.find(({ name }) => name === 'example-host')?.resourcesRunning ?? 0;

for (const [what, bad, said] of [
  [
    'a node too many',
    { ...status, nodesConfigured: 5 },
    `nodes configured: crm_mon counts 5 and lists ${status.nodes.length}.`,
  ],
  [
    'a resource that is not listed',
    counted(status, { total: total + 1 }),
    `resources configured: crm_mon counts ${total + 1} and lists ${total}.`,
  ],
  [
    'a resource that is listed and not counted',
    counted(status, { total: total - 1 }),
    `resources configured: crm_mon counts ${total - 1} and lists ${total}.`,
  ],
  [
    'a disabled resource',
    edit('FAKE1', { targetRole: 'Stopped' }),
    'resources disabled: crm_mon counts 0 and lists 1.',
  ],
  ['a blocked resource', edit('FAKE1', { blocked: true }), 'resources blocked: crm_mon counts 0 and lists 1.'],
  ['one that is blocked no more', counted(status, { blocked: 1 }), 'resources blocked: crm_mon counts 1 and lists 0.'],
  [
    'a resource that runs on no node that counts it',
    edit('container1', { nodes: [] }),
    `resources running on example-host: crm_mon counts ${onHost} and lists ${onHost - 1}.`,
  ],
] satisfies [string, ClusterStatus, string][])
  test(`finds ${what}`, () => {
    expect(countDisagreements(bad)).toEqual([said]);
  });

test('what is failed and not active on a guest just lost is counted as running there, and listed', () => {
  const stale = edit('FAKE2', { active: false, failed: true });
  expect(countDisagreements(stale)).toEqual([]);
});

test('a target role Unpromoted is disabled for a promotable resource only, so either count will do', () => {
  const unpromoted = edit('FAKE1', { targetRole: 'Unpromoted' });
  expect(countDisagreements(unpromoted)).toEqual([]);
  expect(countDisagreements(counted(unpromoted, { disabled: 1 }))).toEqual([]);
  expect(countDisagreements(counted(unpromoted, { disabled: 2 }))).toEqual([
    'resources disabled: crm_mon counts 2 and lists 0 to 1.',
  ]);
});

test('while a resource is there that is configured no longer, more may be counted than is listed, and not less', () => {
  const removed = edit('FAKE1', { orphaned: true });
  expect(countDisagreements(removed)).toEqual([]);
  expect(countDisagreements(counted(removed, { total: total - 1 }))).toEqual([]);
  expect(countDisagreements(counted(removed, { total: total - 2 }))).toEqual([
    `resources configured: crm_mon counts ${total - 2} and lists ${total - 1} or more.`,
  ]);
});

test('its history alone is enough, for it is not listed where its guest is off', () => {
  const left = { node: 'lxc2', resource: 'old', failCount: 0, migrationThreshold: null, operations: [] };
  const histories = [...status.histories, left];
  expect(countDisagreements(counted({ ...status, histories }, { total: total + 1 }))).toEqual([]);
});

test('while a resource is there that is configured no longer, nodes may count more, and not less, and all else holds as ever', () => {
  const removed = edit('FAKE1', { orphaned: true });
  const onLxc1 = removed.nodes.find(({ name }) => name === 'lxc1')?.resourcesRunning ?? 0;
  const running = (resourcesRunning: number, base: ClusterStatus = removed): ClusterStatus => ({
    ...base,
    nodes: base.nodes.map((node) => (node.name === 'lxc1' ? { ...node, resourcesRunning } : node)),
  });
  expect(countDisagreements(running(onLxc1 + 3))).toEqual([]);
  expect(countDisagreements(running(onLxc1 - 1))).toEqual([
    `resources running on lxc1: crm_mon counts ${onLxc1 - 1} and lists ${onLxc1} or more.`,
  ]);
  expect(countDisagreements(running(onLxc1 + 3, status)), 'of which all are configured').toHaveLength(1);
  expect(countDisagreements({ ...removed, nodesConfigured: removed.nodes.length + 1 })).toHaveLength(1);
});

test('a disabled resource that is configured no longer is not counted as disabled', () => {
  const removed = edit('FAKE1', { orphaned: true, targetRole: 'Stopped', blocked: true });
  expect(countDisagreements(removed)).toEqual([]);
});

test('what is disabled and what is not promoted is counted apart', () => {
  const base = {
    ...status,
    resources: status.resources.map((each) =>
      each.id === 'FAKE1'
        ? { ...each, targetRole: 'Stopped' as const }
        : each.id === 'FAKE2'
          ? { ...each, targetRole: 'Unpromoted' as const }
          : each,
    ),
  };
  expect(countDisagreements(counted(base, { disabled: 0 }))).toEqual([
    'resources disabled: crm_mon counts 0 and lists 1 to 2.',
  ]);
  for (const disabled of [1, 2]) expect(countDisagreements(counted(base, { disabled }))).toEqual([]);
});
