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
  /** Missing in recordings of before it was measured. */
  readonly strain?: Strain;
}

/** How hard it was for a process of the host to get a processor since the sample before. */
export interface Strain {
  /** By how much a process that wakes ten times a second woke too late at most, in milliseconds. */
  readonly lateMs: number;
  /** How long crm_mon took to render the status, and the processor time that it needed for it; both 0 where it had not to. */
  readonly tookMs: number;
  readonly neededMs: number;
  /** Ticks of the machine's processors since its boot: idle, taken by a hypervisor for others, and all. */
  readonly idleTicks: number;
  readonly stolenTicks: number;
  readonly allTicks: number;
  /** The machine's load average of the last minute. */
  readonly load: number;
}

/** What runs on a host or in a domain, read from the machine and not from the cluster. */
export interface MachineView {
  /** The process that is the domain (libvirt_lxc, qemu); 1 for a host. Another one means another start. */
  readonly processId: number;
  /** Ids of the resources whose agents left a state file there, or null where they can't be seen from the host. */
  readonly stateFiles: readonly string[] | null;
}
