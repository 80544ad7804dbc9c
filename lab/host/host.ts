import type { Readable } from 'node:stream';
import type { HostShell } from '../transport/host-shell.ts';

/**
 * What a kind of host can be asked for, whatever the machine below it allows. What a kernel has (netem, say) is not among it: that is
 * asked of the host itself.
 */
export interface HostCapabilities {
  /** Its kernel is its own: a crash, a module or a clock that is set is nobody else's. */
  readonly ownKernel: boolean;
}

/** Control of a host from outside of it: no fault inside a host stands in its way. */
export interface HostPower {
  /** Shuts the host down in order, as far as that goes, and starts it again. It need not have booted when this returns. */
  restart(signal?: AbortSignal): Promise<void>;
  /**
   * Cuts the host's power and gives it back: what runs on it ends at once, and what it had not written to its disks is lost.
   * Null where nobody has the power switch.
   */
  readonly cut: ((signal?: AbortSignal) => Promise<void>) | null;
  /** Presses the reset button: what runs on it ends at once, and it boots. Null where nobody has that button. */
  readonly reset: ((signal?: AbortSignal) => Promise<void>) | null;
  /**
   * Has the whole machine stand still for so many milliseconds, its clocks with it, and returns in one word what it was said to be
   * meanwhile. Null where nobody can.
   */
  readonly standStill: ((forMs: number, signal?: AbortSignal) => Promise<string>) | null;
  /** All that the host has said on its console, from all its boots; null where nobody listens there. */
  readonly console: (() => Promise<string>) | null;
}

/** A machine that a lab has as a cluster node, of whichever kind. */
export interface Host {
  readonly name: string;
  readonly can: HostCapabilities;
  /** How many times longer than on a processor of its own everything may take on it. Its shell allows for it by itself. */
  readonly timeFactor: number;
  /**
   * The way to run commands on it. It stays the same when the connection below is lost or the host reboots: a command that comes
   * afterwards connects anew; one that was running fails.
   */
  readonly shell: HostShell;
  /** Writes a file on the host, whole or not at all. Takes its absolute path and, if not 0644, its mode. */
  put(path: string, content: Readable | Buffer | string, mode?: number): Promise<void>;
  /** Reads a file of the host. The stream fails with a CommandError if there is none, and a TransportError if the way breaks. */
  get(path: string): Promise<Readable>;
  /** Reboots it in order and waits until it has booted. What ran on it, streams included, is cut. */
  reboot(signal?: AbortSignal): Promise<void>;
  /** Cuts its power, gives it back, and waits until it has booted; null where nobody has the power switch. */
  readonly losePower: ((signal?: AbortSignal) => Promise<void>) | null;
  /** Presses its reset button and waits until it has booted; null where nobody has that button. */
  readonly reset: ((signal?: AbortSignal) => Promise<void>) | null;
  /** As of its {@link HostPower}. The way to it stays, and is silent meanwhile. */
  readonly standStill: HostPower['standStill'];
  /**
   * Has its kernel crash, waits until it has booted anew, by itself or with its power cut and given back, and returns in the kernel's
   * own words why it did not go on. Null where the kernel is not its own, or nobody has its console and the power switch.
   */
  readonly crash: ((signal?: AbortSignal) => Promise<string>) | null;
  close(): Promise<void>;
}
