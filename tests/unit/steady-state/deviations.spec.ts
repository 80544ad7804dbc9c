import { expect, test } from '@playwright/test';
import type { ClusterStatus, NodeStatus, ResourceStatus } from '../../../lab/observation/cluster-status.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { loadPlan } from '../../../lab/plan.ts';
import { deviations, leavesStateFile } from '../../../lab/steady-state/deviations.ts';
import { withoutOldRecords } from '../drill/recorded-outcome.ts';
import { sampleOf, withAnother, withMachine, withNode, withResource } from '../observer/drill-samples.ts';

const plan = await loadPlan('lxc');
const placement = { FAKE1: 'lxc1', FAKE2: 'lxc2', FAKE3: 'lxc3', FAKE4: 'lxc1', FAKE5: 'lxc2' };
const recorded = sampleOf(1);
const steady = withoutOldRecords(recorded);

const status = (change: Partial<ClusterStatus>): Sample => ({ ...steady, status: { ...steady.status, ...change } });
const options = (change: Partial<ClusterStatus['options']>): Sample =>
  status({ options: { ...steady.status.options, ...change } });
const node = (name: string, change: Partial<NodeStatus>): Sample => withNode(steady, name, change);
const resource = (id: string, change: Partial<ResourceStatus>): Sample => withResource(steady, id, change);
const withoutNode = (name: string): Sample =>
  status({ nodes: steady.status.nodes.filter((each) => each.name !== name) });
const withoutResource = (id: string): Sample =>
  status({ resources: steady.status.resources.filter((each) => each.id !== id) });
const files = (name: string, stateFiles: readonly string[] | null): Sample =>
  withMachine(steady, name, { processId: 1, stateFiles });
const stopped = { role: 'Stopped', active: false, nodes: [] } as const;
const [aNode] = steady.status.nodes;

test('a lab as its plan promises it deviates in nothing', () => {
  expect(deviations(steady, plan, placement)).toEqual([]);
});

test('failed actions and fail counts that were left are all told', () => {
  expect(deviations(recorded, plan, placement)).toEqual([
    'a failed action is recorded: lxc1_monitor_30000 on example-host',
    'a failed action is recorded: lxc3_monitor_30000 on example-host',
    'a failed action is recorded: lxc2_monitor_30000 on example-host',
    'lxc1 has a fail count of 2 on example-host',
    'lxc3 has a fail count of 1 on example-host',
    'lxc2 has a fail count of 1 on example-host',
  ]);
});

for (const [words, sample] of [
  ['the cluster has no DC', status({ dc: null })],
  ['the partition has no quorum', status({ dc: { name: 'example-host', version: '3', withQuorum: false } })],
  ['stonith-enabled is true, not false', options({ fencingEnabled: true })],
  ['no-quorum-policy is stop, not ignore', options({ noQuorumPolicy: 'stop' })],
  ['the cluster is in maintenance mode', options({ maintenanceMode: true })],
  [
    'there is a node lxc9 that the plan does not know',
    status({ nodes: [...steady.status.nodes, ...(aNode ? [{ ...aNode, name: 'lxc9' }] : [])] }),
  ],
  ['the node lxc2 has an attribute stray (1)', status({ attributes: [{ node: 'lxc2', name: 'stray', value: '1' }] })],
  ['there is a resource extra that the plan does not know', withAnother(steady, 'FAKE1', { id: 'extra' })],
  ['FAKE1 has an operation pending: Monitoring', resource('FAKE1', { pendingOperation: 'Monitoring' })],
  [
    'FAKE1 is banned from lxc1 by cli-ban-FAKE1-on-lxc1',
    status({ bans: [{ id: 'cli-ban-FAKE1-on-lxc1', resource: 'FAKE1', node: 'lxc1', weight: -Infinity }] }),
  ],
  ['the host example-host is not in the cluster', withoutNode('example-host')],
  ['the guest node lxc2 is not in the cluster', withoutNode('lxc2')],
  ['the node example-host is offline', node('example-host', { online: false })],
  ['the node lxc2 is offline, unclean', node('lxc2', { online: false, unclean: true })],
  ['the node lxc2 is pending', node('lxc2', { pending: true })],
  ['the node lxc2 is standby', node('lxc2', { standby: true })],
  ['the node lxc2 is in maintenance', node('lxc2', { maintenance: true })],
  ['the node lxc2 is shutting down', node('lxc2', { shutdown: true })],
  ['the node lxc2 is a remote node, not a guest node', node('lxc2', { kind: 'remote', guestResource: null })],
  ['the node example-host is a remote node, not a cluster node', node('example-host', { kind: 'remote' })],
  ['the guest node lxc2 is run by container3, not by container2', node('lxc2', { guestResource: 'container3' })],
  ['the guest node lxc2 is run by nothing, not by container2', node('lxc2', { guestResource: null })],
  ['the guest’s resource container2 is not configured', withoutResource('container2')],
  ['the guest’s resource container2 is Stopped', resource('container2', stopped)],
  ['the connection lxc2 is not configured', withoutResource('lxc2')],
  ['the connection lxc2 is Starting', resource('lxc2', { role: 'Starting' })],
  ['the connection lxc2 has failed', resource('lxc2', { failed: true })],
  ['the connection lxc2 is not managed', resource('lxc2', { managed: false })],
  ['no domain lxc2 runs on the host', withMachine(steady, 'lxc2', null)],
  ['the resource FAKE1 is not configured', withoutResource('FAKE1')],
  ['the resource FAKE1 is Stopped', resource('FAKE1', stopped)],
  ['the resource FAKE1 is Started', resource('FAKE1', { active: false })],
  ['the resource FAKE1 has failed', resource('FAKE1', { failed: true })],
  ['the resource FAKE1 is not managed', resource('FAKE1', { managed: false })],
  ['the resource FAKE1 runs on no node', resource('FAKE1', { nodes: [] })],
  ['the resource FAKE1 runs on lxc1 and lxc3', resource('FAKE1', { nodes: ['lxc1', 'lxc3'] })],
  [
    'the resource FAKE3 runs on lxc1, not on lxc3',
    withMachine(withMachine(resource('FAKE3', { nodes: ['lxc1'] }), 'lxc3', { processId: 1, stateFiles: [] }), 'lxc1', {
      processId: 1,
      stateFiles: ['FAKE1', 'FAKE3', 'FAKE4'],
    }),
  ],
  ['the cluster says that FAKE3 runs on lxc3, but its state file is not there', files('lxc3', [])],
  ['the cluster says that FAKE1 runs on lxc1, but its state file is on lxc3 too', files('lxc3', ['FAKE1', 'FAKE3'])],
  [
    'the cluster says that FAKE1 runs on lxc1, but its state file is on example-host too',
    files('example-host', ['FAKE1']),
  ],
] satisfies [string, Sample][])
  test(`says that ${words}`, () => {
    expect(deviations(sample, plan, placement)).toEqual([words]);
  });

test('without a placement a resource may run anywhere', () => {
  const { FAKE1: _, ...others } = placement;
  const wrong = { ...placement, FAKE1: 'lxc3' };
  expect(deviations(steady, plan)).toEqual([]);
  expect(deviations(steady, plan, others)).toEqual([]);
  expect(deviations(steady, plan, wrong)).toEqual(['the resource FAKE1 runs on lxc1, not on lxc3']);
});

test('what cannot be seen on the machine, or leaves no state file, is not missed there', () => {
  const resources = plan.resources.map((each) => ({ ...each, agent: 'ocf:heartbeat:Delay' }));
  expect(deviations(files('lxc3', null), plan)).toEqual([]);
  expect(deviations(files('lxc3', []), { ...plan, resources })).toEqual([]);
});

test('a property that the plan leaves open may be anything', () => {
  const open = options({ fencingEnabled: true, noQuorumPolicy: 'freeze' });
  expect(deviations(open, { ...plan, properties: {} })).toEqual([]);
});

test('a plan with fencing wants it enabled', () => {
  const fencing = { ...plan, properties: { ...plan.properties, 'stonith-enabled': 'true' } };
  expect(deviations(options({ fencingEnabled: true }), fencing)).toEqual([]);
  expect(deviations(steady, fencing)).toEqual(['stonith-enabled is false, not true']);
});

test('an agent whose name only holds that of one that leaves a state file leaves none', () => {
  expect(['ocf:pacemaker:Dummy', 'ocf:pacemaker:Stateful'].every((agent) => leavesStateFile.test(agent))).toBe(true);
  expect(['ocf:pacemaker:DummySlow', 'my-ocf:pacemaker:Dummy'].some((agent) => leavesStateFile.test(agent))).toBe(
    false,
  );
});
