import type { ClusterStatus, NodeStatus, ResourceStatus } from '../../../lab/observation/cluster-status.ts';
import type { DrawnCluster, DrawnNode, DrawnPrimitive, DrawnResource } from './drawn-cluster.ts';
import { countPrimitives, isMaskedProbe, type ApiVersion } from './write-status.ts';

const kindOf = ({ type, guestResource }: DrawnNode): NodeStatus['kind'] => {
  switch (type) {
    case 'member':
      return 'cluster';
    case 'remote':
      return guestResource === null ? 'remote' : 'guest';
    case 'ping':
    case 'unknown':
      return 'unknown';
  }
};

const statusOf = (
  primitive: DrawnPrimitive,
  api: ApiVersion,
  parents: readonly string[],
  instanceOf: string | null,
): ResourceStatus => ({
  id: primitive.id,
  agent: primitive.agent.join(':'),
  role: primitive.role,
  targetRole: primitive.targetRole,
  active: primitive.active,
  failed: primitive.failed,
  blocked: primitive.blocked,
  managed: primitive.managed,
  maintenance: api === '2.3' || api === '2.25' ? null : primitive.maintenance,
  orphaned: primitive.orphaned,
  pendingOperation: primitive.pending,
  nodes: primitive.nodes,
  parents,
  instanceOf,
});

const statusesOf = (resource: DrawnResource, api: ApiVersion): readonly ResourceStatus[] => {
  switch (resource.kind) {
    case 'primitive':
      return [statusOf(resource, api, [], null)];
    case 'group':
      return resource.members.map((member) => statusOf(member, api, [resource.id], null));
    case 'clone':
      return resource.instances.flatMap((instance) =>
        instance.kind === 'primitive'
          ? [statusOf(instance, api, [resource.id], resource.id)]
          : instance.members.map((member) => statusOf(member, api, [resource.id, instance.id], resource.id)),
      );
    case 'bundle':
      return resource.replicas.flat().map((each) => statusOf(each, api, [resource.id], resource.id));
  }
};

/** The model that reading has to give of a cluster that was written in that format. */
export const expectedStatus = (cluster: DrawnCluster, api: ApiVersion): ClusterStatus => {
  const total = countPrimitives(cluster.resources);
  return {
    apiVersion: api,
    dc: cluster.dc,
    options: cluster.options,
    nodesConfigured: cluster.nodes.length && cluster.nodes.length + cluster.uncounted,
    resourcesConfigured: {
      total: total && total + cluster.uncounted,
      disabled: cluster.disabled,
      blocked: cluster.blocked,
    },
    nodes: cluster.nodes.map((node) => ({
      name: node.name,
      kind: kindOf(node),
      guestResource: node.guestResource,
      online: node.online,
      unclean: node.unclean,
      standby: node.standby,
      maintenance: node.maintenance,
      pending: node.pending,
      shutdown: node.shutdown,
      isDc: node.isDc,
      resourcesRunning: node.resourcesRunning,
    })),
    resources: cluster.resources.flatMap((resource) => statusesOf(resource, api)),
    attributes: cluster.attributes.flatMap(({ node, attributes }) =>
      attributes.map(({ name, value }) => ({ node, name, value })),
    ),
    histories: cluster.histories.flatMap(({ node, resources }) =>
      resources.map(({ resource, failCount, migrationThreshold, operations }) => ({
        node,
        resource,
        failCount,
        migrationThreshold,
        operations: operations.map(({ call, task, exitCode, intervalMs }) => ({ call, task, exitCode, intervalMs })),
      })),
    ),
    failures: cluster.failures
      .filter((failure) => !isMaskedProbe(failure))
      .map((failure) => ({
        key: `${failure.resource}_${failure.keyTask}_${failure.intervalMs}`,
        resource: failure.resource,
        task: failure.task,
        intervalMs: failure.intervalMs,
        node: failure.node,
        call: failure.call,
        exitCode: failure.exitCode,
        status: failure.status,
        reason: failure.reason,
        lastChange: failure.lastChange,
      })),
    fenceEvents: cluster.fenceEvents.map(({ target, action, status, delegate }) => ({
      target,
      action,
      status,
      delegate,
    })),
    bans: cluster.bans.map(({ id, resource, node, weight }) => ({ id, resource, node, weight })),
  };
};
