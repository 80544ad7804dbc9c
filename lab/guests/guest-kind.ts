import type { GuestPlan } from '../plan.ts';
import type { CommandResult, HostShell, RunOptions } from '../transport/host-shell.ts';
import type { GuestTruth } from './guest-truth.ts';

/** A guest's clock, compared with its host's. */
export interface GuestClock {
  /** How far it is ahead, in milliseconds. */
  readonly aheadMs: number;
  /** By how much that may be wrong, in milliseconds. */
  readonly errorMs: number;
}

/** What differs between the kinds of guests. Everything else in the lab treats all guests alike. */
export interface GuestKind {
  /** libvirt's connection for its domains. */
  readonly hypervisor: string;
  /** Where the host has the id of the process that is the domain, while it runs. */
  readonly processIdPath: (guest: GuestPlan) => string;
  /** Where the domain's XML lies on the host, for the VirtualDomain agent. */
  readonly configPath: (guest: GuestPlan) => string;
  /** A script for the host that copies its authkey, or the file given, to where the guest has it from its next boot on. */
  readonly giveAuthkeyScript: (guest: GuestPlan, from?: string) => string;
  /** See `runInGuest`. */
  readonly run: (shell: HostShell, guest: GuestPlan, script: string, options?: RunOptions) => Promise<CommandResult>;
  /** See `runLastInGuest`. */
  readonly runLast: GuestKind['run'];
  /**
   * A bash script for the host that runs another one inside the guest and ends with its status; with 0 if the guest does not
   * run. The host can keep it and run it when nobody is there who could.
   */
  readonly ifItRuns: (guest: GuestPlan, script: string) => string;
  /**
   * The same for a script that puts files of the guest's disk right, also if the guest does not run. Then the script is run on
   * its disk, where there is no init to be asked; or the guest gets a disk as new, where the host can't reach into it.
   */
  readonly onItsDisk: GuestKind['ifItRuns'];
  /** Where the host has the stamps that the guest's agents leave, also while the guest does not run; see `RunStamp`. */
  readonly stampsPath: (guest: GuestPlan) => string;
  /** See `readGuestClock`. */
  readonly readClock: (shell: HostShell, guest: GuestPlan) => Promise<GuestClock>;
  /** What the machine says of guests of this kind; see {@link GuestTruth}. */
  readonly readTruth: (shell: HostShell, guests: readonly GuestPlan[]) => Promise<ReadonlyMap<string, GuestTruth>>;
  /** A script for the host that becomes a shell in the guest, or one command there (a bash script; empty for a shell). */
  readonly enter: (guestName: string, command: string) => string;
}
