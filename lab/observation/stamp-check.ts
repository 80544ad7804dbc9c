/** Between a stamp and the look at the uptime a starved host can be held up, which makes its clock look late; it never looks ahead. */
const aheadToleranceMs = 10_000;
/** Samples come in their order, so that a clock that goes back shows at once; corrections of a running clock are smaller. */
const backToleranceMs = 500;

/** A sample's stamp as it would be if nobody had set the clock, or by how much it has jumped ahead or (less than 0) back. */
export type CheckedStamp = { readonly atMs: number } | { readonly jumpedMs: number };

/** Watches whether the clock of a host that stamps samples goes on as the host's uptime does, which nobody sets. */
export interface StampCheck {
  /** Takes a sample's stamp and the uptime with which it came, in milliseconds. Jumps of less than 10 s ahead are not noticed. */
  read(atMs: number, uptimeMs: number): CheckedStamp;
  /** From now on the clock may be set by so many milliseconds, and back: stamps go on as if it had not been. */
  allow(setByMs: number): void;
  /** Samples come over another channel from now on, perhaps after a boot: their uptime has to be compared anew. */
  beginAnew(): void;
}

/** Makes the check of one stream of samples. */
export const createStampCheck = (): StampCheck => {
  const allowed = [0];
  let setByMs = 0;
  let lastMs = -Infinity;
  /** A stamp that is late for its uptime says less than one in time: the greatest lead is the truest. */
  let greatestLeadMs = -Infinity;
  return {
    read(atMs, uptimeMs) {
      const jumpedBy = (byMs: number): number =>
        greatestLeadMs === -Infinity ? byMs - setByMs : atMs - byMs - uptimeMs - greatestLeadMs;
      setByMs = allowed.toSorted((one, other) => Math.abs(jumpedBy(one)) - Math.abs(jumpedBy(other)))[0] ?? 0;
      const aheadMs = jumpedBy(setByMs);
      const steadyMs = atMs - setByMs;
      if (aheadMs > aheadToleranceMs) return { jumpedMs: aheadMs };
      if (lastMs - steadyMs > backToleranceMs) return { jumpedMs: steadyMs - lastMs };
      lastMs = steadyMs;
      greatestLeadMs = Math.max(greatestLeadMs, steadyMs - uptimeMs);
      return { atMs: steadyMs };
    },
    allow(byMs) {
      allowed.push(byMs);
    },
    beginAnew() {
      greatestLeadMs = -Infinity;
    },
  };
};
