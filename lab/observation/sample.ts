import type { ClusterStatus } from './cluster-status.ts';

/** One parsed status, stamped with the host's clock, and what the machine itself showed at that moment. */
export interface Sample {
  /** Counts from 1 within one stream. */
  readonly number: number;
  /** When the host's CIB answered: milliseconds since the epoch on the host's clock, with a fraction. */
  readonly atMs: number;
  readonly status: ClusterStatus;
  /** The machine's own view, by host or domain name. */
  readonly machine: ReadonlyMap<string, MachineView>;
}

/** What runs on a host or in a domain, read from the machine and not from the cluster. */
export interface MachineView {
  /** The process that is the domain (libvirt_lxc, qemu); 1 for a host. Another one means another start. */
  readonly processId: number;
  /** Ids of the resources whose agents left a state file there, or null where they can't be seen from the host. */
  readonly stateFiles: readonly string[] | null;
}
