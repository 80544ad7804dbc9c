import type { GuestTruth } from '../guests/guest-truth.ts';
import { resourceOf } from '../observation/look-up.ts';
import type { ClusterStatus, FailedAction, NodeStatus, ResourceStatus, Role } from '../observation/cluster-status.ts';

/** What `lab status --json` prints. Keys are only ever added; null stands for what is not known or not there. */
export interface StatusReport {
  /** The lab's name, or null for a status read from a file. */
  readonly lab: string | null;
  /** Pacemaker's version as the DC reports it. */
  readonly release: string | null;
  /** The DC's name. */
  readonly dc: string | null;
  readonly quorum: boolean | null;
  /** Whether the lab is as its plan promises; null for a status read from a file, which has no plan. */
  readonly steady: boolean | null;
  /** In words, what is not as promised. */
  readonly deviations: readonly string[] | null;
  readonly nodes: readonly NodeStatus[];
  readonly guests: readonly GuestReport[];
  readonly resources: readonly ResourceReport[];
  readonly failedActions: readonly FailedAction[];
  readonly failCounts: readonly FailCount[];
}

export interface GuestReport {
  readonly name: string;
  /** The resource that runs it. */
  readonly resource: string | null;
  readonly online: boolean;
  /** The role of its connection: the guest is up when that is Started. */
  readonly connection: Role | null;
  /** What the machine says, without asking the cluster; null for a status read from a file. */
  readonly machine: {
    readonly domainId: string | null;
    readonly bootId: string | null;
    /** The process id of pacemaker_remoted as the host sees it. */
    readonly remotedPid: number | null;
    readonly stateFiles: readonly string[];
  } | null;
}

export interface ResourceReport extends ResourceStatus {
  /** The online nodes on which it is active and not failed. */
  readonly runsOn: readonly string[];
}

export interface FailCount {
  readonly resource: string;
  readonly node: string;
  /** A number, or `INFINITY` as Pacemaker writes it. */
  readonly failCount: number | 'INFINITY';
}

interface LabView {
  readonly name: string;
  readonly deviations: readonly string[];
  readonly truths: ReadonlyMap<string, GuestTruth>;
}

/** Makes the report of a cluster's status; `lab` is what only a lab that is up can say, null where there is none. */
export const statusReport = (status: ClusterStatus, lab: LabView | null): StatusReport => {
  const online = new Set(status.nodes.flatMap((node) => (node.online ? [node.name] : [])));
  return {
    lab: lab?.name ?? null,
    // Rendered offline, crm_mon knows no version and says "".
    release: status.dc && status.dc.version !== '' ? status.dc.version : null,
    dc: status.dc?.name ?? null,
    quorum: status.dc?.withQuorum ?? null,
    steady: lab === null ? null : lab.deviations.length === 0,
    deviations: lab === null ? null : lab.deviations,
    nodes: status.nodes,
    guests: status.nodes.flatMap((node) => (node.kind === 'guest' ? [guestReport(node, status, lab)] : [])),
    resources: status.resources.map((resource) => ({
      ...resource,
      runsOn: resource.active && !resource.failed ? resource.nodes.filter((node) => online.has(node)) : [],
    })),
    failedActions: status.failures,
    failCounts: status.histories.flatMap(({ resource, node, failCount }) =>
      failCount > 0 ? [{ resource, node, failCount: failCount === Infinity ? 'INFINITY' : failCount }] : [],
    ),
  };
};

const guestReport = (node: NodeStatus, status: ClusterStatus, lab: LabView | null): GuestReport => {
  const truth = lab?.truths.get(node.name);
  return {
    name: node.name,
    resource: node.guestResource,
    online: node.online,
    connection: resourceOf(status, node.name)?.role ?? null,
    machine: truth
      ? {
          domainId: truth.domainId,
          bootId: truth.bootId,
          remotedPid: truth.daemon?.processId ?? null,
          stateFiles: truth.stateFiles,
        }
      : null,
  };
};
