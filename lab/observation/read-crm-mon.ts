import { ObservationError } from '../errors.ts';
import type { Ban, ClusterStatus, FenceEvent, NodeAttribute, NodeStatus } from './cluster-status.ts';
import { readFailures, readHistories } from './read-actions.ts';
import { readResources } from './read-resources.ts';
import {
  childrenOf,
  readCount,
  readFlag,
  readInteger,
  readName,
  readOptionalText,
  readScore,
  readText,
  unreadable,
} from './xml-attributes.ts';
import { parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

const nodeKinds: Readonly<Record<string, NodeStatus['kind']>> = {
  member: 'cluster',
  ping: 'unknown',
  unknown: 'unknown',
};

const foreign = (what: string): ObservationError =>
  new ObservationError(what, {
    kind: 'foreign',
    next: 'See what wrote it; a sample has to come from crm_mon --output-as=xml of Pacemaker 2.0.3 or later.',
  });

function readNodeKind(element: XmlElement): NodeStatus['kind'] {
  const type = readText(element, 'type');
  if (type === 'remote') return element.attributes.has('id_as_resource') ? 'guest' : 'remote';
  const kind = Object.hasOwn(nodeKinds, type) ? nodeKinds[type] : undefined;
  if (kind === undefined) throw unreadable(element, `has type="${type}", which is no kind of node known here`);
  return kind;
}

function readNode(element: XmlElement): NodeStatus {
  childrenOf(element);
  return {
    name: readName(element, 'name'),
    kind: readNodeKind(element),
    guestResource: readOptionalText(element, 'id_as_resource'),
    online: readFlag(element, 'online'),
    unclean: readFlag(element, 'unclean'),
    standby: readFlag(element, 'standby'),
    maintenance: readFlag(element, 'maintenance'),
    pending: readFlag(element, 'pending'),
    shutdown: readFlag(element, 'shutdown'),
    isDc: readFlag(element, 'is_dc'),
    resourcesRunning: readCount(element, 'resources_running'),
  };
}

const readAttributes = (element: XmlElement): NodeAttribute[] =>
  childrenOf(element, 'node').flatMap((node) =>
    childrenOf(node, 'attribute').map((attribute) => ({
      node: readName(node, 'name'),
      name: readName(attribute, 'name'),
      value: readText(attribute, 'value'),
    })),
  );

const readFenceEvents = (element: XmlElement): FenceEvent[] =>
  childrenOf(element, 'fence_event').map((event) => ({
    target: readName(event, 'target'),
    action: readName(event, 'action'),
    status: readName(event, 'status'),
    delegate: readOptionalText(event, 'delegate'),
  }));

const readBans = (element: XmlElement): Ban[] =>
  childrenOf(element, 'ban').map((ban) => ({
    id: readName(ban, 'id'),
    resource: readName(ban, 'resource'),
    node: readName(ban, 'node'),
    weight: readScore(ban, 'weight'),
  }));

/** The child of that name; throws ObservationError unless there is exactly one. */
function onlyChild(element: XmlElement, name: string): XmlElement {
  const [child, second] = element.children.filter((each) => each.name === name);
  if (!child) throw unreadable(element, `lacks an element <${name}>`);
  if (second) throw unreadable(element, `has several elements <${name}>`);
  return child;
}

function readDc(element: XmlElement): ClusterStatus['dc'] {
  if (!readFlag(element, 'present')) return null;
  return {
    name: readName(element, 'name'),
    version: readText(element, 'version'),
    withQuorum: readFlag(element, 'with_quorum'),
  };
}

function readSummary(
  element: XmlElement,
): Pick<ClusterStatus, 'dc' | 'options' | 'nodesConfigured' | 'resourcesConfigured'> {
  const options = onlyChild(element, 'cluster_options');
  const resources = onlyChild(element, 'resources_configured');
  return {
    dc: readDc(onlyChild(element, 'current_dc')),
    options: {
      fencingEnabled: readFlag(
        options,
        options.attributes.has('fencing-enabled') ? 'fencing-enabled' : 'stonith-enabled',
      ),
      symmetric: readFlag(options, 'symmetric-cluster'),
      noQuorumPolicy: readName(options, 'no-quorum-policy'),
      maintenanceMode: readFlag(options, 'maintenance-mode'),
    },
    nodesConfigured: readCount(onlyChild(element, 'nodes_configured'), 'number'),
    resourcesConfigured: {
      total: readCount(resources, 'number'),
      disabled: readCount(resources, 'disabled'),
      blocked: readCount(resources, 'blocked'),
    },
  };
}

/** Checks who wrote the document and whether it worked, and returns the format's version. */
function checkRoot(root: XmlElement): { readonly version: string; readonly minor: number } {
  if (root.name !== 'pacemaker-result')
    throw foreign(`This is no result of a Pacemaker tool: its root is <${root.name}> and not <pacemaker-result>.`);
  const request = readText(root, 'request');
  if (!/^(?:\S*\/)?crm_mon(?:\s|$)/.test(request))
    throw foreign(`This is the result of another Pacemaker tool than crm_mon: "${request.slice(0, 120)}".`);
  const version = readText(root, 'api-version');
  const minor = /^2\.(\d{1,4})$/.exec(version)?.[1];
  if (minor === undefined) throw foreign(`crm_mon's output format "${version}" is none that this suite knows (2.x).`);
  const status = onlyChild(root, 'status');
  const code = readInteger(status, 'code');
  const message = readOptionalText(status, 'message') ?? 'no message';
  const next = 'Look at corosync and pacemaker on the host (systemctl status corosync pacemaker, and their logs).';
  if (code === 102)
    throw new ObservationError(`The cluster is not running on that host: crm_mon said "${message}" (102).`, {
      kind: 'not-connected',
      next,
    });
  // While Pacemaker starts, its daemon may answer before its CIB does: then there is this and no summary, with code 0.
  const daemon = root.children.find(({ name }) => name === 'pacemakerd');
  if (daemon && !root.children.some(({ name }) => name === 'summary'))
    throw new ObservationError(
      `The cluster is not running on that host yet: pacemakerd is "${readText(daemon, 'state')}", and no CIB answers.`,
      { kind: 'not-connected', next },
    );
  // Pacemaker 2.0 has no such answer, asks for the fencer's history first, and is "OK" when there is no fencer yet.
  const [error] = childrenOf(status, 'errors').flatMap((errors) => childrenOf(errors, 'error'));
  if (error && !root.children.some(({ name }) => name === 'summary'))
    throw new ObservationError(
      `The cluster is not running on that host yet: crm_mon said "${error.text.trim()}" and shows nothing.`,
      { kind: 'not-connected', next },
    );
  if (code !== 0)
    throw new ObservationError(`crm_mon failed: "${message}" (${code}).`, {
      kind: 'broken',
      next: 'Run crm_mon -1 on the host and look at its pacemaker.log.',
    });
  return { version, minor: Number(minor) };
}

/**
 * Reads what `crm_mon --output-as=xml` printed, of Pacemaker 2.0.5 to 3.0.3, into one model for every release.
 *
 * @param xml the whole document
 * @returns the cluster's status
 * @throws ObservationError `not-connected` if the cluster is not running on that host, `foreign` if something else wrote
 *   the document, `broken` if it is cut short or has anything that this reader would have to guess at
 */
export function readCrmMon(xml: string): ClusterStatus {
  const root = parseXml(xml);
  const { version, minor } = checkRoot(root);
  // Sections that are not read here (tickets, and what a later release adds) may be there: they change nothing of the rest.
  childrenOf({ ...root, children: [] });
  const section = (name: string): XmlElement =>
    root.children.some((child) => child.name === name)
      ? onlyChild(root, name)
      : { name, attributes: new Map(), children: [], text: '' };
  const summary = readSummary(onlyChild(root, 'summary'));
  // crm_mon leaves a section out that would be empty.
  if (summary.nodesConfigured > 0) onlyChild(root, 'nodes');
  if (summary.resourcesConfigured.total > 0) onlyChild(root, 'resources');
  return {
    apiVersion: version,
    ...summary,
    nodes: childrenOf(section('nodes'), 'node').map(readNode),
    resources: readResources(section('resources')),
    attributes: readAttributes(section('node_attributes')),
    histories: readHistories(section('node_history')),
    failures: readFailures(section('failures'), minor),
    fenceEvents: readFenceEvents(section('fence_history')),
    bans: readBans(section('bans')),
  };
}
