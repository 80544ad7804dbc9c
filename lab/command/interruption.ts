import { constants } from 'node:os';

/** A person's Ctrl-C, or the system's wish that the process ends, as a signal that work can follow. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Rejects with the reason when it happens. */
  readonly happened: Promise<never>;
  /** The name of the signal that came, if one did. */
  by(): NodeJS.Signals | undefined;
  stopListening(): void;
}

const awaited = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm, tsx and the terminal may each pass on the same Ctrl-C: what comes this soon after the first is no second wish. */
const echoMs = 1_000;

class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly by: NodeJS.Signals;
  constructor(by: NodeJS.Signals) {
    super(`interrupted by ${by}`);
    this.by = by;
  }
}

/**
 * Listens for SIGINT, SIGTERM and SIGHUP from now on. The first one aborts the signal; with `clean-up` a later one ends
 * the process at once.
 */
export const listenForInterruption = (whenInterrupted: 'clean-up' | 'leave'): Interruption => {
  const controller = new AbortController();
  let firstAt: number | undefined;
  let by: NodeJS.Signals | undefined;
  const listener = (name: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      by = name;
      if (whenInterrupted === 'clean-up') process.stderr.write(`\n${name}: cleaning up; once more leaves at once.\n`);
      controller.abort(new Interrupted(name));
    } else if (performance.now() - firstAt > echoMs) {
      process.stderr.write('Left at once; the next command on this lab finds by label what is left.\n');
      process.exit(128 + constants.signals[name]);
    }
  };
  for (const name of awaited) process.on(name, listener);
  const happened = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => {
      reject(controller.signal.reason as Interrupted);
    });
  });
  // Whoever only follows the signal does not wait for it.
  happened.catch(() => undefined);
  return {
    signal: controller.signal,
    happened,
    by: () => by,
    stopListening() {
      for (const name of awaited) process.off(name, listener);
    },
  };
};

/** The exit status of a process that the signal's reason interrupted (130 for Ctrl-C), or null if nothing did. */
export const interruptedStatus = (signal: AbortSignal): number | null =>
  signal.reason instanceof Interrupted ? 128 + constants.signals[signal.reason.by] : null;
