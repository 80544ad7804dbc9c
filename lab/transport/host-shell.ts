import type { Duplex } from 'node:stream';

/** A way to run commands on one host. It outlives any fault on the cluster's networks. */
export interface HostShell {
  /** The host's name, for messages. */
  readonly hostName: string;
  /**
   * Runs a bash script on the host and returns what it printed. Throws a CommandError if it ends with another status
   * than 0 (or one of `accept`), is ended by a signal or runs out of time, and a TransportError if the way to the host breaks.
   */
  run(script: string, options?: RunOptions): Promise<CommandResult>;
  /** Starts a bash script and returns its standard input and output as a stream; closing the stream hangs it up. */
  stream(script: string, options?: StreamOptions): Promise<CommandStream>;
  /** Settles when the way to the host has been lost or closed; the value says why. */
  readonly lost: Promise<Error>;
  close(): Promise<void>;
}

/** The limit of a command that asks for none, in milliseconds. */
export const defaultTimeoutMs = 30_000;

export interface RunOptions {
  /** Limit in milliseconds, kept on the host itself too; {@link defaultTimeoutMs} if not given. */
  readonly timeoutMs?: number;
  /** Bytes for the script's standard input. */
  readonly input?: string | Buffer;
  /** Exit statuses that are no error. 0 if not given. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
}

export interface StreamOptions {
  /** Arguments of the script: `$1` and on. */
  readonly args?: readonly string[];
  /** Ask for a terminal of the caller's size. */
  readonly terminal?: { readonly columns: number; readonly rows: number; readonly type: string };
  /** Called with what the script writes to standard error, as it comes. */
  readonly onStderr?: (chunk: Buffer) => void;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface CommandStream {
  readonly io: Duplex;
  /** Settles with the exit status when the command ended; undefined if the way to the host broke first. */
  readonly ended: Promise<number | undefined>;
  /** What it wrote to standard error so far (the last 16 KiB). */
  stderr(): string;
  resize(columns: number, rows: number): void;
}

/** Quotes a text so that a POSIX shell takes it as one word. */
export const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
