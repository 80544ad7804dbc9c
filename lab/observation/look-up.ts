import type { ClusterStatus, NodeStatus, ResourceStatus } from './cluster-status.ts';

/** The node of that name, or undefined if the cluster does not show it. */
export const nodeOf = (status: ClusterStatus, name: string): NodeStatus | undefined =>
  status.nodes.find((node) => node.name === name);

/** The resource of that id (the first of its instances), or undefined if the cluster does not show it. */
export const resourceOf = (status: ClusterStatus, id: string): ResourceStatus | undefined =>
  status.resources.find((resource) => resource.id === id);
