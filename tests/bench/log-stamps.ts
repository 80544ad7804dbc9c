import type { Plan } from '../../lab/plan.ts';
import type { DrillRecord } from '../../reporters/drill-record.ts';

export interface StampDifference {
  readonly drill: string;
  readonly phase: string;
  /** By how much the sampled stamp is off the log's, in milliseconds, whichever is later. */
  readonly differenceMs: number;
}

/** `Nov 21 22:46:27.264 example-host pacemaker-controld  [264] (function) \tlevel: text` */
const logLine = /^(\w{3} [ \d]\d [\d:]{8}\.\d{3}) \S+ pacemaker-controld +\[\d+\] \([^)]*\) *\t\w+: (.*)$/;

/**
 * Compares the phases of drills with the moments at which Pacemaker's controller logged the same events. Takes the text of
 * pacemaker.log (host on UTC, stamps with milliseconds, as Pacemaker writes them there) and the drills' records.
 */
export const compareWithLog = (log: string, drills: readonly DrillRecord[], plan: Plan): readonly StampDifference[] => {
  const events = log.split('\n').flatMap((line) => {
    const [, stamp, text] = logLine.exec(line) ?? [];
    return stamp === undefined || text === undefined ? [] : [{ stamp, text }];
  });
  return drills.flatMap((drill) => {
    const { injectedAtMs, phases } = drill;
    const guest = plan.guests.find(({ name }) => name === drill.guest?.name);
    if (injectedAtMs === null || !phases || !guest) return [];
    const year = new Date(injectedAtMs).getUTCFullYear();
    const later = events
      .map(({ stamp, text }) => ({ atMs: Date.parse(`${year} ${stamp}Z`) - injectedAtMs, text }))
      .filter(({ atMs }) => atMs > -100 && atMs < 120_000);
    const first = (pattern: RegExp, fromMs = -100): number | undefined =>
      later.find(({ atMs, text }) => atMs >= fromMs && pattern.test(text))?.atMs;
    const reconnected = first(new RegExp(`^Result of start operation for ${guest.name} on .*: OK`));
    const logged = {
      detected: first(new RegExp(`^Lost connection to Pacemaker Remote node ${guest.name}`)),
      stopped: first(new RegExp(`^Result of stop operation for ${guest.resource} on .*: OK`)),
      restarted: first(new RegExp(`^Result of start operation for ${guest.resource} on .*: OK`)),
      reconnected,
      recovered: reconnected === undefined ? undefined : first(/^State transition .* -> S_IDLE/, reconnected),
    };
    return Object.entries(logged).flatMap(([phase, loggedMs]) => {
      const sampledMs = phases[phase as keyof typeof logged];
      return loggedMs === undefined || sampledMs === null
        ? []
        : [{ drill: drill.title, phase, differenceMs: Math.abs(sampledMs - loggedMs) }];
    });
  });
};
