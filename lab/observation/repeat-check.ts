/** What crm_mon says again of the same second is its own; its stamp has a resolution of a second, and a busy host is slow. */
const toleranceMs = 5_000;

const lastUpdate = /<last_update time="([^"]*\d:\d\d:\d\d[^"]*)"/;

/**
 * Watches whether crm_mon answers anew. Returns a function that takes what it printed and the host's stamp of the sample, in
 * milliseconds, and returns for how long crm_mon has been telling the same moment as that of its answer, or null while that can be.
 */
export const createRepeatCheck = (): ((xml: string, atMs: number) => number | null) => {
  let told: string | undefined;
  let sinceMs = 0;
  return (xml, atMs) => {
    const now = lastUpdate.exec(xml)?.[1];
    if (now === undefined || now !== told) {
      told = now;
      sinceMs = atMs;
      return null;
    }
    return atMs - sinceMs > toleranceMs ? atMs - sinceMs : null;
  };
};
