import { logEvents, loggedPhases } from '../../fixtures/observer/log-events.ts';
import type { PhaseName } from '../../fixtures/observer/recovery.ts';
import { readLogLines } from '../../lab/observation/pacemaker-log.ts';
import type { Plan } from '../../lab/plan.ts';
import type { DrillRecord } from '../../reporters/drill-record.ts';

export interface StampDifference {
  readonly drill: string;
  readonly phase: string;
  /** By how much the sampled stamp is off the log's, in milliseconds, whichever is later. */
  readonly differenceMs: number;
}

/** The cluster may notice a fault this much before its proof holds. */
const aheadMs = 1_000;
/** No drill is looked for in the log for longer than this. */
const longestDrillMs = 120_000;

/**
 * Compares the phases of drills with the moments at which Pacemaker's controller logged the same events. Takes the text of
 * pacemaker.log (host on UTC, stamps with milliseconds, as Pacemaker writes them there) and the drills' records.
 */
export const compareWithLog = (log: string, drills: readonly DrillRecord[], plan: Plan): readonly StampDifference[] =>
  drills.flatMap((drill) => {
    const { injectedAtMs, phases } = drill;
    const guest = plan.guests.find(({ name }) => name === drill.guest?.name);
    if (injectedAtMs === null || !phases || !guest) return [];
    const lines = readLogLines(log, injectedAtMs).filter(
      ({ atMs }) => atMs > injectedAtMs - aheadMs && atMs < injectedAtMs + longestDrillMs,
    );
    const logged = loggedPhases(logEvents(lines), guest);
    return Object.entries(logged).flatMap(([phase, loggedMs]) => {
      const sampledMs = phases[phase as PhaseName];
      return sampledMs === null
        ? []
        : [{ drill: drill.title, phase, differenceMs: Math.abs(sampledMs - (loggedMs - injectedAtMs)) }];
    });
  });
