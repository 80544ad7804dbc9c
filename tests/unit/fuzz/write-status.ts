import type { Role } from '../../../lab/observation/cluster-status.ts';
import type {
  DrawnCluster,
  DrawnFailure,
  DrawnHistory,
  DrawnNode,
  DrawnPrimitive,
  DrawnResource,
} from './drawn-cluster.ts';
import { element, type XmlTree } from './xml-tree.ts';

/** A version of crm_mon's output format that a release writes, such as `2.38`. */
export type ApiVersion = '2.3' | '2.25' | '2.38' | '2.42';

/** Whether a format has what came with another one. */
const since = (api: ApiVersion, from: 25 | 38 | 42): boolean => Number(api.slice(2)) >= from;

const score = (value: number): string => {
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '1000000' : '-1000000';
};

const writeSummary = (cluster: DrawnCluster, api: ApiVersion): XmlTree => {
  const { dc, options } = cluster;
  const fencingTimeout = since(api, 25) ? '60000' : null;
  const total = countPrimitives(cluster.resources);
  return element('summary', {}, [
    element('stack', { type: 'unknown' }),
    dc
      ? element('current_dc', {
          present: true,
          version: dc.version,
          name: dc.name,
          id: '1',
          with_quorum: dc.withQuorum,
          mixed_version: since(api, 25) ? false : null,
        })
      : element('current_dc', { present: false }),
    element('last_update', { time: 'NORMALISED' }),
    element('last_change', { time: '', user: '', client: '', origin: '' }),
    element('nodes_configured', { number: cluster.nodes.length && cluster.nodes.length + cluster.uncounted }),
    element('resources_configured', {
      number: total && total + cluster.uncounted,
      disabled: cluster.disabled,
      blocked: cluster.blocked,
    }),
    element('cluster_options', {
      'fencing-enabled': since(api, 42) ? options.fencingEnabled : null,
      'fencing-timeout-ms': since(api, 42) ? fencingTimeout : null,
      ...(since(api, 42) ? {} : { 'stonith-enabled': options.fencingEnabled }),
      'symmetric-cluster': options.symmetric,
      'no-quorum-policy': options.noQuorumPolicy,
      'maintenance-mode': options.maintenanceMode,
      'stop-all-resources': false,
      ...(since(api, 42)
        ? { 'priority-fencing-delay-ms': '0', 'stonith-enabled': options.fencingEnabled, 'stonith-timeout-ms': '60000' }
        : { 'stonith-timeout-ms': fencingTimeout, 'priority-fencing-delay-ms': since(api, 25) ? '0' : null }),
    }),
  ]);
};

const writeNode = (node: DrawnNode, api: ApiVersion): XmlTree =>
  element('node', {
    name: node.name,
    id: node.id,
    online: node.online,
    standby: node.standby,
    standby_onfail: false,
    maintenance: node.maintenance,
    pending: node.pending,
    unclean: node.unclean,
    health: since(api, 25) ? 'green' : null,
    feature_set: since(api, 25) && node.type === 'member' ? '<3.15.1' : null,
    shutdown: node.shutdown,
    expected_up: node.expectedUp,
    is_dc: node.isDc,
    resources_running: node.resourcesRunning,
    type: node.type,
    id_as_resource: node.guestResource,
  });

const oldRoles: Partial<Readonly<Record<Role, string>>> = { Promoted: 'Master', Unpromoted: 'Slave' };
const writeRole = (role: Role, api: ApiVersion): string => (since(api, 25) ? role : (oldRoles[role] ?? role));

const writePrimitive = (primitive: DrawnPrimitive, nodes: readonly DrawnNode[], api: ApiVersion): XmlTree => {
  const target = primitive.targetRole && writeRole(primitive.targetRole, api);
  const [standard = '', ...rest] = primitive.agent;
  return element(
    'resource',
    {
      id: primitive.id,
      // Pacemaker 2.0 writes two colons before a provider.
      resource_agent: `${standard}${rest.length > 1 && !since(api, 25) ? '::' : ':'}${rest.join(':')}`,
      role: writeRole(primitive.role, api),
      target_role: primitive.typedLow ? target?.toLowerCase() : target,
      active: primitive.active,
      orphaned: primitive.orphaned,
      removed: since(api, 42) ? primitive.orphaned : null,
      blocked: primitive.blocked,
      maintenance: since(api, 38) ? primitive.maintenance : null,
      managed: primitive.managed,
      failed: primitive.failed,
      failure_ignored: false,
      nodes_running_on: primitive.nodes.length,
      pending: primitive.pending,
    },
    primitive.nodes.map((name) =>
      element('node', { name, id: nodes.find((node) => node.name === name)?.id ?? '1', cached: true }),
    ),
  );
};

const writeResource = (resource: DrawnResource, nodes: readonly DrawnNode[], api: ApiVersion): XmlTree => {
  const maintenance = (value: boolean): boolean | null => (since(api, 38) ? value : null);
  switch (resource.kind) {
    case 'primitive':
      return writePrimitive(resource, nodes, api);
    case 'group':
      return element(
        'group',
        {
          id: resource.id,
          number_resources: resource.members.length,
          maintenance: maintenance(resource.maintenance),
          managed: resource.managed,
          disabled: false,
        },
        resource.members.map((member) => writePrimitive(member, nodes, api)),
      );
    case 'clone':
      return element(
        'clone',
        {
          id: resource.id,
          multi_state: resource.promotable,
          unique: resource.unique,
          maintenance: maintenance(false),
          managed: true,
          disabled: since(api, 25) ? false : null,
          failed: false,
          failure_ignored: false,
        },
        resource.instances.map((instance) => writeResource(instance, nodes, api)),
      );
    case 'bundle':
      return element(
        'bundle',
        {
          id: resource.id,
          type: 'docker',
          image: resource.image,
          unique: false,
          maintenance: maintenance(false),
          managed: true,
          failed: false,
        },
        resource.replicas.map((replica, at) =>
          element(
            'replica',
            { id: at },
            replica.map((each) => writePrimitive(each, nodes, api)),
          ),
        ),
      );
  }
};

/** Primitives, or instances of them, as crm_mon lists them. */
export const countPrimitives = (resources: readonly DrawnResource[]): number =>
  resources.reduce((sum, resource) => {
    switch (resource.kind) {
      case 'primitive':
        return sum + 1;
      case 'group':
        return sum + resource.members.length;
      case 'clone':
        return sum + countPrimitives(resource.instances);
      case 'bundle':
        return sum + resource.replicas.flat().length;
    }
  }, 0);

const writeHistory = (history: DrawnHistory, api: ApiVersion): XmlTree => {
  const orphan = history.migrationThreshold === null;
  return element(
    'resource_history',
    {
      id: history.resource,
      orphan,
      removed: since(api, 42) ? orphan : null,
      'migration-threshold': history.migrationThreshold === null ? null : score(history.migrationThreshold),
      'fail-count': history.failCount === 0 ? null : score(history.failCount),
      'last-failure': history.lastFailure,
    },
    history.operations.map(({ call, task, exitCode, exitText, intervalMs, lastChange, execMs }) => {
      const rc = { rc: exitCode, rc_text: since(api, 38) ? exitText : exitText.toLowerCase() };
      return element('operation_history', {
        call,
        task,
        ...(since(api, 25) ? rc : {}),
        interval: intervalMs === 0 ? null : `${intervalMs}ms`,
        'last-rc-change': lastChange,
        'exec-time': `${execMs}ms`,
        'queue-time': '0ms',
        ...rc,
      });
    }),
  );
};

const newStatuses: Readonly<Record<string, string>> = { done: 'Done', 'timed out': 'Timed out', error: 'Error' };
const oldStatuses: Readonly<Record<string, string>> = { done: 'complete', 'timed out': 'Timed Out', error: 'Error' };

const escapeOnceMore = (reason: string): string =>
  reason
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');

const writeFailure = (failure: DrawnFailure, api: ApiVersion): XmlTree => {
  const key = `${failure.resource}_${failure.keyTask}_${failure.intervalMs}`;
  const reason = failure.reason ?? 'none';
  return element('failure', {
    ...(failure.hasKey ? { op_key: key } : { id: key }),
    node: failure.node,
    exitstatus: since(api, 38) ? failure.exitText : failure.exitText.toLowerCase(),
    exitreason: since(api, 38) ? reason : escapeOnceMore(reason),
    exitcode: failure.exitCode,
    call: failure.call,
    status: (since(api, 38) ? newStatuses : oldStatuses)[failure.status] ?? failure.status.toUpperCase(),
    ...(failure.lastChange === null
      ? {}
      : {
          'last-rc-change': failure.lastChange,
          queued: 0,
          exec: failure.execMs,
          interval: failure.intervalMs,
          task: failure.task,
        }),
  });
};

/** A probe that found nothing installed, which 2.0 alone lists as a failure. */
export const isMaskedProbe = ({ task, intervalMs, exitCode }: DrawnFailure): boolean =>
  task === 'monitor' && intervalMs === 0 && exitCode === 5;

const section = (name: string, children: readonly XmlTree[]): readonly XmlTree[] =>
  children.length === 0 ? [] : [element(name, {}, children)];

/**
 * Writes a cluster's status as the release with that format does; the recorded samples of all five releases come out of it
 * byte for byte.
 *
 * @param request how crm_mon was called
 */
export const writeStatus = (cluster: DrawnCluster, api: ApiVersion, request = 'crm_mon -1 --output-as=xml'): XmlTree =>
  element('pacemaker-result', { 'api-version': api, request }, [
    writeSummary(cluster, api),
    ...section(
      'nodes',
      cluster.nodes.map((node) => writeNode(node, api)),
    ),
    ...section(
      'resources',
      cluster.resources.map((resource) => writeResource(resource, cluster.nodes, api)),
    ),
    ...section(
      'node_attributes',
      cluster.attributes.map(({ node, attributes }) =>
        element(
          'node',
          { name: node },
          attributes.map((attribute) => element('attribute', { ...attribute })),
        ),
      ),
    ),
    ...section(
      'node_history',
      cluster.histories.map(({ node, resources }) =>
        element(
          'node',
          { name: node },
          resources.map((history) => writeHistory(history, api)),
        ),
      ),
    ),
    ...section(
      'failures',
      cluster.failures
        .filter((failure) => !since(api, 25) || !isMaskedProbe(failure))
        .map((failure) => writeFailure(failure, api)),
    ),
    ...section(
      'fence_history',
      cluster.fenceEvents.map(({ action, target, status, delegate, exitReason }) =>
        element('fence_event', {
          action,
          target,
          client: 'pacemaker-controld.1',
          origin: 'h1',
          status,
          'exit-reason': since(api, 25) ? exitReason : null,
          delegate,
          completed: '2026-11-21 19:44:02Z',
        }),
      ),
    ),
    ...section(
      'tickets',
      cluster.tickets.map((id) => element('ticket', { id, status: 'granted', standby: false })),
    ),
    ...section(
      'bans',
      cluster.bans.map(({ id, resource, node, weight, promotedOnly }) =>
        element('ban', {
          id,
          resource,
          node,
          weight: score(weight),
          'promoted-only': since(api, 25) ? promotedOnly : null,
          master_only: promotedOnly,
        }),
      ),
    ),
    element('status', { code: 0, message: 'OK' }),
  ]);
