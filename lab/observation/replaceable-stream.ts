import type { Sample } from './sample.ts';
import type { StatusStream } from './status-stream.ts';
import { stampOf, type Recorded } from './write-frames.ts';

/** A stream of samples that stays the same to whoever holds it when the one below is replaced. */
export interface ReplaceableStream extends StatusStream {
  /** Ends the stream below, does the work, and goes on with the stream that it returns, at the pace of before. */
  replaceAfter(work: (paceMs: number) => Promise<StatusStream>): Promise<void>;
}

/** Makes a stream out of the given one, which goes at that pace, that outlives it, as when its host reboots. */
export const replaceableStream = (first: StatusStream, paceMs: number): ReplaceableStream => {
  let current = first;
  let pace = paceMs;
  let earlier: readonly Sample[] = [];
  let earlierRecorded: readonly Recorded[] = [];
  const setPace = (value: number): void => {
    pace = value;
    current.setPace(value);
  };
  return {
    setPace(value) {
      const before = pace;
      setPace(value);
      return () => {
        setPace(before);
      };
    },
    next: (signal) => current.next(signal),
    until: (predicate, options) => current.until(predicate, options),
    allowClockSetBy(ms) {
      current.allowClockSetBy(ms);
    },
    since: (hostTimeMs) => [...earlier.filter(({ atMs }) => atMs >= hostTimeMs), ...current.since(hostTimeMs)],
    recorded: (hostTimeMs) => [
      ...earlierRecorded.filter((observation) => stampOf(observation) >= hostTimeMs),
      ...current.recorded(hostTimeMs),
    ],
    close: () => current.close(),
    async replaceAfter(work) {
      await current.close();
      earlier = [...earlier, ...current.since(0)];
      earlierRecorded = [...earlierRecorded, ...current.recorded(0)];
      current = await work(pace);
    },
  };
};
