/** A clock that was set is not told from one that samples reached late unless it went this far ahead, in milliseconds. */
const aheadToleranceMs = 10_000;
/** Samples come in their order, so that a clock that goes back shows at once; corrections of a running clock are smaller. */
const backToleranceMs = 500;

/**
 * Watches whether the clock of a host that stamps samples goes on as it did. Returns a function that takes a sample's stamp and the
 * moment at which it arrived, by a clock that nobody sets, both in milliseconds, and returns by how much the stamps have
 * jumped ahead or (less than 0) back, or null if they have not. A jump ahead of less than 10 s is not noticed: a sample may be
 * on its way for as long.
 */
export const createStampCheck = (): ((atMs: number, arrivedMs: number) => number | null) => {
  let lastMs = -Infinity;
  /** A sample on its way makes the host's clock look late, never ahead: the greatest lead is the truest. */
  let greatestLeadMs = -Infinity;
  return (atMs, arrivedMs) => {
    const leadMs = atMs - arrivedMs;
    const backMs = lastMs - atMs;
    const aheadMs = leadMs - greatestLeadMs;
    lastMs = atMs;
    if (backMs > backToleranceMs) return -backMs;
    if (greatestLeadMs > -Infinity && aheadMs > aheadToleranceMs) return aheadMs;
    greatestLeadMs = Math.max(greatestLeadMs, leadMs);
    return null;
  };
};
