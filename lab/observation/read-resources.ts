import type { ResourceStatus, Role } from './cluster-status.ts';
import { childrenOf, readCount, readFlag, readName, readOptionalText, unreadable } from './xml-attributes.ts';
import type { XmlElement } from './xml.ts';

const roles: ReadonlyMap<string, Role> = new Map(
  (
    [
      ...(['Started', 'Stopped', 'Starting', 'Stopping', 'Migrating', 'Promoting', 'Demoting'] as const),
      ...(['Promoted', 'Unpromoted', 'Unknown'] as const),
    ] satisfies readonly Role[]
  ).map((role) => [role.toLowerCase(), role]),
);
const oldNames: Readonly<Record<string, Role>> = { master: 'Promoted', slave: 'Unpromoted' };

// A target role is text that a person typed, in any case; a role is Pacemaker's own word.
function readRole(element: XmlElement, attribute: string): Role {
  const value = readName(element, attribute).toLowerCase();
  const role = Object.hasOwn(oldNames, value) ? oldNames[value] : roles.get(value);
  if (role === undefined) throw unreadable(element, `has ${attribute}="${value}", which is no role known here`);
  return role;
}

const readOptionalFlag = (element: XmlElement, name: string): boolean | null =>
  element.attributes.has(name) ? readFlag(element, name) : null;

interface Around {
  readonly parents: readonly string[];
  readonly instanceOf: string | null;
}

function readResource(element: XmlElement, around: Around): ResourceStatus {
  const nodes = childrenOf(element, 'node', 'xml')
    .filter((child) => child.name === 'node')
    .map((node) => readName(node, 'name'));
  const count = readCount(element, 'nodes_running_on');
  if (nodes.length !== count)
    throw unreadable(element, `has nodes_running_on="${count}" and lists ${nodes.length} nodes`);
  return {
    id: readName(element, 'id'),
    agent: readName(element, 'resource_agent').replace(/^([^:]+)::/, '$1:'),
    role: readRole(element, 'role'),
    targetRole: element.attributes.has('target_role') ? readRole(element, 'target_role') : null,
    active: readFlag(element, 'active'),
    failed: readFlag(element, 'failed'),
    blocked: readOptionalFlag(element, 'blocked') ?? false,
    managed: readFlag(element, 'managed'),
    maintenance: readOptionalFlag(element, 'maintenance'),
    orphaned: readFlag(element, element.attributes.has('orphaned') ? 'orphaned' : 'removed'),
    pendingOperation: readOptionalText(element, 'pending'),
    nodes,
    parents: around.parents,
    instanceOf: around.instanceOf,
  };
}

const inside = (element: XmlElement, around: Around): Around => {
  const id = readName(element, 'id');
  return {
    parents: [...around.parents, id],
    instanceOf: around.instanceOf ?? (element.name === 'group' ? null : id),
  };
};

/**
 * Reads `<resources>`, or a group, clone or bundle in it, into a flat list in the order of the document.
 *
 * @param element the element around the resources
 * @param around for a recursive call: what is around the element
 * @throws ObservationError where an element or attribute is missing or unknown
 */
export function readResources(
  element: XmlElement,
  around: Around = { parents: [], instanceOf: null },
): ResourceStatus[] {
  return childrenOf(element, 'resource', 'group', 'clone', 'bundle').flatMap((child) => {
    if (child.name === 'resource') return [readResource(child, around)];
    const within = inside(child, around);
    if (child.name !== 'bundle') return readResources(child, within);
    return childrenOf(child, 'replica').flatMap((replica) =>
      childrenOf(replica, 'resource').map((resource) => readResource(resource, within)),
    );
  });
}
