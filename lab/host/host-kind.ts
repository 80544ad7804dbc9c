import { z } from 'zod';
import type { ChosenAccelerator } from '../guests/kvm/accelerator.ts';
import type { GuestPlan, HostPlan, Plan } from '../plan.ts';
import type { Progress } from '../progress/progress.ts';
import type { Settings } from '../settings.ts';
import type { HostShell } from '../transport/host-shell.ts';
import type { KeyPair } from '../transport/lab-keys.ts';
import type { HostCapabilities, HostPower } from './host.ts';

/** The kinds of hosts, as results name them. */
export const hostKindName = z.enum(['container', 'vm', 'bare-metal']);
export type HostKindName = z.infer<typeof hostKindName>;

/** What is remembered of a host between runs. */
export const hostState = z.object({
  name: z.string(),
  /** What its kind finds it by: a container's id, a machine's folder, an address. */
  at: z.string(),
  /** The key that it shows, as `ssh-ed25519 AAAA…`. */
  hostPublicKey: z.string(),
  /** How many times longer than on a processor of its own everything may take on it: 1, or more where it is emulated. */
  timeFactor: z.number().min(1),
});
export type HostState = Readonly<z.infer<typeof hostState>>;

/** A lab that is asked for. */
export interface HostOrder {
  readonly settings: Settings;
  readonly plan: Plan;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What hosts of one order are made from. */
export interface HostSupply {
  /** Guests of the plan that hosts of this kind can't have here, by name, with the reason. */
  readonly leftOut: Readonly<Record<GuestPlan['name'], string>>;
  /** Names the content of packages and sources that are no suite's; nothing where there are none. */
  readonly ownContent: string;
  /**
   * Makes sure that everything is there that hosts and the given guests are made from; makes only what changed. Returns what
   * that is, as pairs of a word and a name.
   */
  readonly make: (guests: readonly GuestPlan[]) => Promise<readonly (readonly [what: string, name: string])[]>;
  /**
   * Runs a bash script where a host's packages are, on this machine's own processor, and returns what it printed, which may be
   * remembered. Comes after `make`. Not given where hosts never lack a processor of their own.
   */
  readonly printed?: (script: string) => Promise<string>;
  /**
   * Creates and starts a host, which knows the plan's names, opens to the lab's key and has what guests are made from where
   * guest-files.ts says. Comes after `make`. Throws a LabError that says why it did not start.
   */
  start(host: HostPlan, plan: Plan, loginKey: KeyPair, progress: Progress): Promise<StartedHost>;
}

export interface StartedHost {
  readonly state: HostState;
  /** What runs its instructions, and why; null where nothing stands between them and a processor. */
  readonly accelerator: ChosenAccelerator | null;
  /** Names what KVM guests on it boot from; null where it has none. */
  readonly kvmGuests: string | null;
}

/** A way to a host without a shell of its own, for logs when SSH is what is broken. */
export interface RescuedHost {
  readonly name: string;
  /** Runs a bash script and returns what it printed, whatever its exit status. */
  run(
    script: string,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }>;
}

/**
 * Where hosts come from. Everything above this treats all hosts alike: a new kind is one more object of this type in
 * host-kinds.ts, and one more value of LAB_HOST.
 */
export interface HostKind {
  readonly can: HostCapabilities;
  /** How long a host of this kind may take to answer over SSH once it has been started or restarted, in milliseconds. */
  readonly reachableWithinMs: number;
  /** Looks at what is there to make hosts from, and starts what is needed for that. Makes nothing of a lab yet. */
  prepare(order: HostOrder): Promise<HostSupply>;
  /**
   * Opens a shell on a host, over a way that no fault on the cluster's networks cuts; one attempt. Throws a LabError if the host is gone
   * and a TransportError if it does not answer.
   */
  connect(settings: Settings, host: HostState, privateKey: string): Promise<HostShell>;
  power(settings: Settings, host: HostState): HostPower;
  /**
   * Removes every host of the lab of these settings, also those that an interrupted run left and nobody remembers.
   * Takes those that are remembered, and whom to tell what had to be left, in words. Returns the names of what was removed.
   */
  remove(
    settings: Settings,
    remembered: readonly HostState[],
    tell: (line: string) => void,
  ): Promise<readonly string[]>;
  /**
   * Makes room for the lab of these settings to be built anew, where that takes less than removing all of it; removed instead if not
   * given.
   */
  clear?(settings: Settings, remembered: readonly HostState[]): Promise<void>;
  /** The hosts of a lab that answer on another way than SSH. */
  rescue(settings: Settings): Promise<readonly RescuedHost[]>;
}
