import type { Host } from '../host/host.ts';
import type { GuestPlan, Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** Where a fault is injected: the guest, the plan it belongs to, the host that runs it, and a shell there. */
export interface FaultSite {
  readonly guest: GuestPlan;
  readonly plan: Plan;
  readonly host: Pick<Host, 'name' | 'can' | 'timeFactor' | 'losePower' | 'reset' | 'crash' | 'standStill'>;
  readonly shell: HostShell;
  /** Ends the wait for a host that boots anew. */
  readonly signal?: AbortSignal;
}

/** What a fault breaks; each family has a file of its own and a tag. */
export type FaultFamily = 'daemon' | 'port-3121' | 'domain' | 'host' | 'resource' | 'guest';

/** One known way to break a guest node. */
export interface Fault {
  /** In kebab case, as results name it. */
  readonly name: string;
  readonly family: FaultFamily;
  /** One line that says what is broken and how. */
  readonly description: string;
  /** The kinds of guests to which it can be done. */
  readonly kinds: readonly GuestPlan['kind'][];
  /** By how much it sets the host's clock, until it is healed; not given for one that leaves the clock alone. */
  readonly setsClockByMs?: number;
  /** Returns null if the fault can be injected here, or the reason why it can't. */
  available(site: FaultSite): Promise<string | null>;
  /**
   * Injects it and waits for the proof that it took effect. The host undoes it by itself once the lease is not renewed any
   * more: after 30 s, or the given number of seconds. Throws a FaultError if there is no proof; then it has been undone.
   */
  inject(site: FaultSite, leaseSeconds?: number): Promise<Injection>;
}

/** A fault that has been proven to have taken effect. */
export interface Injection {
  /** When the proof held: milliseconds since the epoch on the host's clock. */
  readonly atMs: number;
  /** What was broken, such as `pacemaker_remoted (process 8499) in lxc2`. */
  readonly target: string;
  /** The proof in words. */
  readonly proof: string;
  /** Under which the host keeps how to undo it ("lab heal"), or null for a fault that leaves nothing. */
  readonly leaseId: string | null;
  /** Keeps the host from undoing the fault by itself for another lease. */
  renew(): Promise<void>;
  /** Whether it is undone, before anybody has healed it; false for one of which that can't be told. */
  isUndone(): Promise<boolean>;
  /** Undoes the fault and checks that it is undone; resolves at once for one that leaves nothing. Throws a FaultError if it is not. */
  heal(): Promise<void>;
}

/** What an injection has of a fault that is over when it is proven: nothing to keep, to undo or to look for. */
export const leavesNothing: Pick<Injection, 'leaseId' | 'renew' | 'isUndone' | 'heal'> = {
  leaseId: null,
  renew: () => Promise.resolve(),
  isUndone: () => Promise.resolve(false),
  heal: () => Promise.resolve(),
};
