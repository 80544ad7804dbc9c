import type { ClusterStatus } from '../../../lab/observation/cluster-status.ts';
import type { XmlTree } from './xml-tree.ts';

type Field = keyof ClusterStatus;
/** A part of the model: a field, or of a field that is a list the items of a span. */
export interface Part {
  readonly field: Field;
  readonly from: number;
  readonly until: number;
}

/** In what of the model each kind of item is listed. */
const lists: Readonly<Record<string, Field>> = {
  'nodes/node': 'nodes',
  'node_attributes/node/attribute': 'attributes',
  'node_history/node/resource_history': 'histories',
  'failures/failure': 'failures',
  'fence_history/fence_event': 'fenceEvents',
  'bans/ban': 'bans',
};
const whole: Readonly<Record<string, Field>> = {
  'summary/current_dc': 'dc',
  'summary/cluster_options': 'options',
  'summary/nodes_configured': 'nodesConfigured',
  'summary/resources_configured': 'resourcesConfigured',
};

const listOf = (path: string): Field | undefined =>
  lists[path] ?? (/^resources\/(?:.*\/)?resource$/.test(path) ? 'resources' : undefined);

const own = (path: string, next: (list: Field) => number): readonly Part[] => {
  const list = listOf(path);
  if (list !== undefined) {
    const from = next(list);
    return [{ field: list, from, until: from + 1 }];
  }
  const field = whole[path];
  return field === undefined ? [] : [{ field, from: 0, until: Infinity }];
};

/**
 * Tells for each element of a written status which parts of the model it speaks of: itself, by what it holds (a group), or
 * for what it is in (an operation).
 */
export function saidBy(root: XmlTree): ReadonlyMap<XmlTree, readonly Part[]> {
  const said = new Map<XmlTree, readonly Part[]>();
  const counts = new Map<Field, number>();
  const next = (list: Field): number => {
    const at = counts.get(list) ?? 0;
    counts.set(list, at + 1);
    return at;
  };
  const visit = (tree: XmlTree, path: string): readonly Part[] => {
    const parts = [...own(path, next), ...tree.children.flatMap((child) => visit(child, `${path}/${child.name}`))];
    said.set(tree, parts);
    return parts;
  };
  const inherit = (tree: XmlTree, above: readonly Part[]): void => {
    const parts = said.get(tree) ?? [];
    if (parts.length === 0) said.set(tree, above);
    for (const child of tree.children) inherit(child, parts.length === 0 ? above : parts);
  };
  for (const section of root.children) {
    for (const item of section.children) {
      visit(item, `${section.name}/${item.name}`);
      inherit(item, []);
    }
    // A section is nothing but markup, which does not change unnoticed.
    said.set(section, []);
  }
  // Of the root's own words, the format's version tells how reasons are escaped.
  said.set(root, [
    { field: 'apiVersion', from: 0, until: Infinity },
    { field: 'failures', from: 0, until: Infinity },
  ]);
  return said;
}

/** The model with the given parts taken out: what is left must not have changed. Lists keep their length. */
export function without(status: ClusterStatus, parts: readonly Part[]): unknown {
  return Object.fromEntries(
    Object.entries(status).map(([field, value]: [string, unknown]) => {
      const spans = parts.filter((part) => part.field === field);
      if (!Array.isArray(value)) return [field, spans.length === 0 ? value : null];
      return [
        field,
        value.map((item: unknown, at) => (spans.some(({ from, until }) => at >= from && at < until) ? null : item)),
      ];
    }),
  );
}
