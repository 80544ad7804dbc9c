import { setTimeout as delay } from 'node:timers/promises';

/** Waits for some milliseconds. Rejects with the signal's own reason when it is aborted. */
export const pause = async (durationMs: number, signal?: AbortSignal): Promise<void> => {
  try {
    await delay(durationMs, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};
