const processorMs = (work: () => unknown): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;

/** Below this, a time says more of the machine than of the work. */
const leastMs = 5;

/**
 * How many times as long ten times the work takes: about 10 where time is linear, about 100 where it is quadratic.
 * Processor time counts, medians of three, so that it hardly matters what else the machine does.
 */
export function growthOf(small: () => unknown, tenTimesLarger: () => unknown): number {
  const times = Array.from({ length: 3 }, () => ({ small: processorMs(small), large: processorMs(tenTimesLarger) }));
  const ratio = median(times.map(({ large }) => large)) / Math.max(median(times.map(({ small }) => small)), leastMs);
  return Math.round(ratio * 10) / 10;
}

/** Growth that no linear work shows, and any quadratic work does. */
export const mostGrowth = 40;
