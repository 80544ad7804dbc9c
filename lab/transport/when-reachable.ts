import pRetry, { AbortError } from 'p-retry';
import { TransportError } from '../errors.ts';
import type { HostShell } from './host-shell.ts';

const betweenAttemptsMs = 500;

/**
 * Opens a shell on a host that boots: tries again, for so many milliseconds, while the way to it is not there yet. Throws
 * the last TransportError when the time is over, and anything else at once.
 */
export const whenReachable = (
  open: () => Promise<HostShell>,
  withinMs: number,
  signal?: AbortSignal,
): Promise<HostShell> => {
  const until = performance.now() + withinMs;
  return pRetry(
    async () => {
      try {
        return await open();
      } catch (error) {
        if (error instanceof TransportError && performance.now() < until) throw error;
        throw new AbortError(error instanceof Error ? error : new Error(String(error)));
      }
    },
    {
      retries: Math.ceil(withinMs / betweenAttemptsMs),
      minTimeout: betweenAttemptsMs,
      factor: 1,
      ...(signal && { signal }),
    },
  );
};
