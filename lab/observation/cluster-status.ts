/**
 * A cluster's status as `crm_mon --output-as=xml` reports it, with the differences between Pacemaker's releases taken
 * away. Names are Pacemaker's own; see the schemas under /usr/share/pacemaker/api for the source of every field.
 */

/** A primitive's role. `Promoted` and `Unpromoted` stand for `Master` and `Slave` of Pacemaker 2.0 too. */
export type Role =
  | 'Started'
  | 'Stopped'
  | 'Starting'
  | 'Stopping'
  | 'Migrating'
  | 'Promoting'
  | 'Demoting'
  | 'Promoted'
  | 'Unpromoted'
  | 'Unknown';

export interface ClusterStatus {
  /** Version of crm_mon's output format, such as `2.38`. */
  readonly apiVersion: string;
  /** The designated controller, or null while there is none. */
  readonly dc: { readonly name: string; readonly version: string; readonly withQuorum: boolean } | null;
  readonly options: {
    readonly fencingEnabled: boolean;
    readonly symmetric: boolean;
    readonly noQuorumPolicy: string;
    readonly maintenanceMode: boolean;
  };
  readonly nodesConfigured: number;
  readonly resourcesConfigured: { readonly total: number; readonly disabled: number; readonly blocked: number };
  readonly nodes: readonly NodeStatus[];
  /** Every primitive (instance), groups, clones and bundles flattened, in the order of the document. */
  readonly resources: readonly ResourceStatus[];
  readonly attributes: readonly NodeAttribute[];
  readonly histories: readonly ResourceHistory[];
  readonly failures: readonly FailedAction[];
  readonly fenceEvents: readonly FenceEvent[];
  readonly bans: readonly Ban[];
}

export interface NodeStatus {
  readonly name: string;
  /** A cluster node, a guest node, or a Pacemaker Remote node that is no guest. */
  readonly kind: 'cluster' | 'guest' | 'remote' | 'unknown';
  /** For a guest: the id of the resource that runs it (`id_as_resource`). Null otherwise. */
  readonly guestResource: string | null;
  readonly online: boolean;
  readonly unclean: boolean;
  readonly standby: boolean;
  readonly maintenance: boolean;
  readonly pending: boolean;
  readonly shutdown: boolean;
  readonly isDc: boolean;
  readonly resourcesRunning: number;
}

export interface ResourceStatus {
  readonly id: string;
  /** `standard:provider:type`, written with single colons in every release, such as `ocf:pacemaker:Dummy`. */
  readonly agent: string;
  readonly role: Role;
  /** The role the configuration aims at, or null where none is set. */
  readonly targetRole: Role | null;
  readonly active: boolean;
  readonly failed: boolean;
  readonly blocked: boolean;
  readonly managed: boolean;
  /** Null where the release does not say (before 2.1.6). */
  readonly maintenance: boolean | null;
  /** Still there although no longer configured; Pacemaker 3.0.3 also calls it removed. */
  readonly orphaned: boolean;
  /** The operation under way, such as `Monitoring`, or null. */
  readonly pendingOperation: string | null;
  /** The nodes it is said to be on; of these only the online ones run it (see `runs`). */
  readonly nodes: readonly string[];
  /** Ids of the groups, clones and bundles around it, outermost first. */
  readonly parents: readonly string[];
  /** The clone or bundle of which it is one instance among several, or null: then it must run in one place only. */
  readonly instanceOf: string | null;
}

export interface NodeAttribute {
  readonly node: string;
  readonly name: string;
  readonly value: string;
}

export interface ResourceHistory {
  readonly node: string;
  readonly resource: string;
  /** Failures counted on that node; `Infinity` where Pacemaker says INFINITY or 1000000, which is the same. */
  readonly failCount: number;
  /** `Infinity` likewise, which is the default; null for a resource that is configured no longer. */
  readonly migrationThreshold: number | null;
  readonly operations: readonly Operation[];
}

export interface Operation {
  readonly call: number;
  /** A single monitor reads `probe`. */
  readonly task: string;
  /** The agent's exit code (OCF); 193 while the operation is under way. */
  readonly exitCode: number;
  /** Milliseconds between recurrences, 0 for a single run. */
  readonly intervalMs: number;
}

/** A failed action, as `crm_mon` lists it under "Failed Resource Actions". */
export interface FailedAction {
  /** The operation's key as recorded, such as `lxc1_monitor_30000`. */
  readonly key: string;
  /** The resource, read from the key. For a guest's connection this is the guest's name. */
  readonly resource: string;
  readonly task: string;
  readonly intervalMs: number;
  /** The node whose history holds it; for a guest's connection, the host. */
  readonly node: string;
  readonly call: number;
  /** The agent's or the executor's exit code (OCF). */
  readonly exitCode: number;
  /** Lower case in every release, such as `done`, `error`, `timed out`; 2.0's and 2.1's `complete` reads `done`. */
  readonly status: string;
  /** The reason given, or null for none. */
  readonly reason: string | null;
  /** Pacemaker's own stamp as text (resolution 1 s): to tell records apart, never for a timeline. Null for none. */
  readonly lastChange: string | null;
}

export interface FenceEvent {
  readonly target: string;
  readonly action: string;
  readonly status: string;
  readonly delegate: string | null;
}

export interface Ban {
  readonly id: string;
  readonly resource: string;
  readonly node: string;
  /** `-Infinity` where Pacemaker says -INFINITY or -1000000, which is the same. */
  readonly weight: number;
}
