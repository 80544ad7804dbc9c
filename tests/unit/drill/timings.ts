import type { Timings } from '../../../fixtures/timings.ts';

/** The timings of a cluster as the lab configures it, and of a guest that boots at once unless told otherwise. */
export const timings = (change: Partial<Timings> = {}): Timings => ({
  connection: { monitorIntervalMs: 30_000, monitorTimeoutMs: 30_000, startTimeoutMs: 60_000 },
  domain: { monitorIntervalMs: 10_000, monitorTimeoutMs: 30_000, startTimeoutMs: 90_000, stopTimeoutMs: 90_000 },
  resources: { monitorIntervalMs: 10_000, monitorTimeoutMs: 20_000, startTimeoutMs: 20_000, stopTimeoutMs: 20_000 },
  dcDeadtimeMs: 20_000,
  bootMs: 0,
  timeFactor: 1,
  ...change,
});
