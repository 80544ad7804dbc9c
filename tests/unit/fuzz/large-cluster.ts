import type { DrawnCluster } from './drawn-cluster.ts';
import { recordedClusters } from './recorded-clusters.ts';

const small = recordedClusters['guest-probe-notinstalled'];

/** The items with other names, as many as told. */
const many = <Item>(items: readonly Item[], count: number, rename: (item: Item, at: number) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, at) => {
    const item = items[at % items.length];
    if (item === undefined) throw new Error('there is nothing to make many of');
    return rename(item, at);
  });

/** A cluster of so many nodes, each with ten resources, a history, a failure and a ban. */
export const largeCluster = (nodes: number): DrawnCluster => ({
  ...small,
  nodes: many(small.nodes, nodes, (node, at) => ({ ...node, name: `node${at}`, id: `node${at}` })),
  resources: many(small.resources, nodes * 10, (resource, at) => ({ ...resource, id: `resource${at}` })),
  histories: many(small.histories, nodes, (history, at) => ({ ...history, node: `node${at}` })),
  failures: many(small.failures.slice(1), nodes, (failure, at) => ({ ...failure, resource: `resource${at}` })),
  bans: many(small.bans, nodes, (ban, at) => ({ ...ban, id: `cli-ban-${at}` })),
});
