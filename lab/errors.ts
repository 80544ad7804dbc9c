/**
 * What can go wrong, told apart so that a verdict can be honest: everything below {@link LabError} says "the lab or the
 * way to it broke", which makes a drill inconclusive and never a failure of Pacemaker.
 *
 * Every message leads with what happened and ends with what to do next; `cause` keeps the error underneath.
 */

interface Details {
  /** The error underneath. */
  readonly cause?: unknown;
  /** What the person who reads the message should do next, as a sentence. */
  readonly next?: string;
}

const withNext = (message: string, next: string | undefined): string =>
  next === undefined ? message : `${message}\nNext: ${next}`;

/** The lab (engine, images, host, guests, its cluster) is not as it has to be. */
export class LabError extends Error {
  override readonly name: string = 'LabError';
  constructor(message: string, details: Details = {}) {
    super(withNext(message, details.next), details.cause === undefined ? undefined : { cause: details.cause });
  }
}

/** The way to a host (engine stream, SSH connection) is cut, stalled or refused. */
export class TransportError extends LabError {
  override readonly name = 'TransportError';
}

/** A command on a host ended otherwise than it had to. */
export class CommandError extends LabError {
  override readonly name = 'CommandError';
}

/**
 * Why a sample is no status of a cluster: `broken` (cut short, malformed, or the tool failed), `foreign` (well-formed,
 * but nothing that this suite can read), `not-connected` (the cluster is not running on that host), `stalled` (samples
 * stopped coming), `timeout` (samples come, and what was waited for is not in them).
 */
export type ObservationErrorKind = 'broken' | 'foreign' | 'not-connected' | 'stalled' | 'timeout';

/** What a host sent as a sample is not a status of a cluster; `kind` tells why. */
export class ObservationError extends LabError {
  override readonly name = 'ObservationError';
  readonly kind: ObservationErrorKind;
  constructor(message: string, details: Details & { readonly kind?: ObservationErrorKind } = {}) {
    super(message, details);
    this.kind = details.kind ?? 'broken';
  }
}

/** A fault could not be injected, or could not show that it took effect: the drill says nothing about Pacemaker. */
export class FaultError extends LabError {
  override readonly name = 'FaultError';
}

/** The request itself is wrong: an unknown plan or release, an option that makes no sense. */
export class UsageError extends LabError {
  override readonly name = 'UsageError';
}

/** Somebody else is using this lab. */
export class LockError extends LabError {
  override readonly name = 'LockError';
}
