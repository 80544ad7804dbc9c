import type { DrillRecord, DrillsDocument } from '../drill-record.ts';

/** A sample of a performance metric, as Allure takes them from files named `*-perf.json`. */
export interface Metric {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly value: number;
  readonly unit: 'ms';
  readonly group: string;
  readonly better: 'lower';
  readonly start: number;
  readonly stop: number;
  /** What the phase was allowed to take, in milliseconds; null where it had no budget. Allure passes it over. */
  readonly budgetMs: number | null;
}

/** The name of the file of metrics in Allure's folder of results. */
export const metricsFile = 'drills-perf.json';

/** The end of the key of what the cluster took to recover once it knew. */
export const recoveryKey = 'recovery';

function metricsOf(record: DrillRecord, release: string | null): readonly Omit<Metric, 'id'>[] {
  const { verdict, fault, guest, phases, injectedAtMs, budgets } = record;
  if ((verdict !== 'passed' && verdict !== 'failed') || !fault || !guest || !phases || injectedAtMs === null) return [];
  const place = [...(release === null ? [] : [release]), guest.kind];
  const metric = (name: string, words: string, fromMs: number, untilMs: number): Omit<Metric, 'id'> => ({
    key: [fault.name, ...place, name].join('.'),
    title: `${fault.name}, ${place.join(', ')}: ${words}`,
    value: untilMs - fromMs,
    unit: 'ms',
    group: fault.name,
    better: 'lower',
    start: Math.round(injectedAtMs + fromMs),
    stop: Math.round(injectedAtMs + untilMs),
    budgetMs: budgets[name] ?? null,
  });
  const { detected, recovered } = phases;
  return [
    ...Object.entries(phases).flatMap(([phase, ms]) =>
      ms === null || phase === 'injected' ? [] : [metric(phase, phase, 0, ms)],
    ),
    // Without what a monitor takes to come round, which is chance.
    ...(detected === null || recovered === null
      ? []
      : [metric(recoveryKey, 'recovered since detected', detected, recovered)]),
  ];
}

/**
 * Returns the phases of a run's recoveries as metrics: one for each fault, kind of guest and phase, one for what the cluster
 * took from the detection on, and all of them for each release where the run has several. Drills that could not tell are no measure of anything and are left out.
 */
export function recoveryMetrics({ drills }: Pick<DrillsDocument, 'drills'>): readonly Metric[] {
  const releases = new Set(drills.map(({ release }) => release).filter((release) => release !== null));
  return drills
    .flatMap((record) => metricsOf(record, releases.size > 1 ? record.release : null))
    .map((metric, at) => ({ id: `${at} ${metric.key}`, ...metric }));
}
