import type { ClusterStatus } from '../observation/cluster-status.ts';
import { nodeOf, resourceOf } from '../observation/look-up.ts';
import type { Sample } from '../observation/sample.ts';
import type { Plan, ResourcePlan } from '../plan.ts';

/**
 * Compares a sample with what the plan promises and returns every deviation in words, or an empty list if the lab is in
 * its steady state. A guest counts as up when its connection's role is Started, not when its node first reads online.
 * `placement`, where given, is the node on which each resource of the plan has to run.
 */
export const deviations = (sample: Sample, plan: Plan, placement?: Readonly<Record<string, string>>): string[] => [
  ...clusterDeviations(sample.status, plan),
  ...plan.hosts.flatMap((host) => nodeDeviations(sample.status, host.name, 'cluster')),
  ...plan.guests.flatMap((guest) => guestDeviations(sample, guest.name, guest.resource)),
  ...plan.resources.flatMap((resource) => resourceDeviations(sample, resource, placement?.[resource.id])),
  ...recordDeviations(sample.status),
];

const clusterDeviations = (status: ClusterStatus, plan: Plan): string[] => {
  const found: string[] = [];
  if (!status.dc) found.push('the cluster has no DC');
  else if (!status.dc.withQuorum) found.push('the partition has no quorum');
  const fencing = plan.properties['stonith-enabled'];
  if (fencing !== undefined && status.options.fencingEnabled !== (fencing === 'true'))
    found.push(`stonith-enabled is ${status.options.fencingEnabled ? 'true' : 'false'}, not ${fencing}`);
  const policy = plan.properties['no-quorum-policy'];
  if (policy !== undefined && status.options.noQuorumPolicy !== policy)
    found.push(`no-quorum-policy is ${status.options.noQuorumPolicy}, not ${policy}`);
  if (status.options.maintenanceMode) found.push('the cluster is in maintenance mode');
  const expected = new Set([...plan.hosts.map((host) => host.name), ...plan.guests.map((guest) => guest.name)]);
  for (const node of status.nodes)
    if (!expected.has(node.name)) found.push(`there is a node ${node.name} that the plan does not know`);
  const ids = new Set([
    ...plan.guests.flatMap((guest) => [guest.name, guest.resource]),
    ...plan.resources.map((resource) => resource.id),
  ]);
  for (const resource of status.resources) {
    if (!ids.has(resource.id)) found.push(`there is a resource ${resource.id} that the plan does not know`);
    if (resource.pendingOperation !== null)
      found.push(`${resource.id} has an operation pending: ${resource.pendingOperation}`);
  }
  for (const ban of status.bans) found.push(`${ban.resource} is banned from ${ban.node} by ${ban.id}`);
  return found;
};

const nodeDeviations = (status: ClusterStatus, name: string, kind: 'cluster' | 'guest'): string[] => {
  const node = nodeOf(status, name);
  if (!node) return [`the ${kind === 'guest' ? 'guest node' : 'host'} ${name} is not in the cluster`];
  const states = {
    offline: !node.online,
    unclean: node.unclean,
    pending: node.pending,
    standby: node.standby,
    'in maintenance': node.maintenance,
    'shutting down': node.shutdown,
    [`a ${node.kind} node, not a ${kind} node`]: node.kind !== kind,
  };
  const wrong = Object.entries(states).flatMap(([state, is]) => (is ? [state] : []));
  return wrong.length > 0 ? [`the node ${name} is ${wrong.join(', ')}`] : [];
};

const guestDeviations = (sample: Sample, name: string, resource: string): string[] => {
  const found = [
    ...nodeDeviations(sample.status, name, 'guest'),
    ...startedDeviations(sample.status, resource, 'the guest’s resource'),
    ...startedDeviations(sample.status, name, 'the connection'),
  ];
  const node = nodeOf(sample.status, name);
  if (node?.kind === 'guest' && node.guestResource !== resource)
    found.push(`the guest node ${name} is run by ${node.guestResource ?? 'nothing'}, not by ${resource}`);
  if (!sample.machine.has(name)) found.push(`no domain ${name} runs on the host`);
  return found;
};

const startedDeviations = (status: ClusterStatus, id: string, what: string): string[] => {
  const resource = resourceOf(status, id);
  if (!resource) return [`${what} ${id} is not configured`];
  if (resource.role !== 'Started' || !resource.active) return [`${what} ${id} is ${resource.role}`];
  if (resource.failed) return [`${what} ${id} has failed`];
  if (!resource.managed) return [`${what} ${id} is not managed`];
  return [];
};

/** Matches the agents that leave a state file while they run. */
export const leavesStateFile = /^ocf:pacemaker:(Dummy|Stateful)$/;

const resourceDeviations = (sample: Sample, { id, agent }: ResourcePlan, wanted: string | undefined): string[] => {
  const found = startedDeviations(sample.status, id, 'the resource');
  if (found.length > 0) return found;
  const nodes = resourceOf(sample.status, id)?.nodes ?? [];
  const [node] = nodes;
  if (nodes.length !== 1 || node === undefined)
    return [`the resource ${id} runs on ${nodes.join(' and ') || 'no node'}`];
  if (wanted !== undefined && node !== wanted) found.push(`the resource ${id} runs on ${node}, not on ${wanted}`);
  if (!leavesStateFile.test(agent)) return found;
  // What the cluster claims against what the machine shows: the agent's state file is there, and nowhere else.
  for (const [place, view] of sample.machine) {
    if (view.stateFiles === null) continue;
    const there = view.stateFiles.includes(id);
    if (place === node && !there)
      found.push(`the cluster says that ${id} runs on ${node}, but its state file is not there`);
    if (place !== node && there)
      found.push(`the cluster says that ${id} runs on ${node}, but its state file is on ${place} too`);
  }
  return found;
};

const recordDeviations = (status: ClusterStatus): string[] => [
  ...status.attributes.map(({ node, name, value }) => `the node ${node} has an attribute ${name} (${value})`),
  ...status.failures.map((failure) => `a failed action is recorded: ${failure.key} on ${failure.node}`),
  ...status.histories.flatMap((history) =>
    history.failCount > 0 ? [`${history.resource} has a fail count of ${history.failCount} on ${history.node}`] : [],
  ),
];
