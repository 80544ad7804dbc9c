import { recoveryKey, type Metric } from './metrics.ts';

/** A rule of Allure's quality gate; its id leads the name of the rule in what the gate prints. */
export interface GateRule {
  readonly id: string;
  readonly metricMax: { readonly key: string; readonly value: number; readonly unit: 'ms' };
}

/** The metrics of a run before, by their keys. */
export type PastMetrics = Readonly<Record<string, number>>;

/** How many of the runs before are looked at: enough for a median, few enough to follow an update. */
const runsCompared = 10;
/** A recovery that is this much slower, in milliseconds, is no news: agents look once a second, and machines are busy. */
const noNewsMs = 5_000;

const median = (values: readonly number[]): number | undefined => values.toSorted((a, b) => a - b)[values.length >> 1];

const rule = (id: string, key: string, value: number): GateRule => ({ id, metricMax: { key, value, unit: 'ms' } });

/** The rule on a recovery against those before, if there were any. */
function againstBefore(key: string, before: readonly PastMetrics[], slowerPercent: number): readonly GateRule[] {
  const values = before
    .flatMap((metrics) => {
      const value = metrics[key];
      return value === undefined ? [] : [value];
    })
    .slice(-runsCompared);
  const usual = median(values);
  if (usual === undefined) return [];
  const limit = Math.round(Math.max(usual * (1 + slowerPercent / 100), usual + noNewsMs));
  return [rule(`usually ${Math.round(usual)} ms`, key, limit)];
}

/**
 * Returns the rules of the gate on a run's metrics: each phase within its budget, and no recovery, from its detection on, so
 * many percent slower (and 5 s) than the median of the last ten runs that measured it.
 *
 * @param before the metrics of the runs before, oldest first
 */
export function gateRules(
  metrics: readonly Metric[],
  before: readonly PastMetrics[],
  slowerPercent: number,
): readonly GateRule[] {
  const keys = new Map(metrics.map((metric) => [metric.key, metric]));
  return [...keys.values()].flatMap(({ key, budgetMs }) => [
    ...(budgetMs === null ? [] : [rule('budget', key, budgetMs)]),
    ...(key.endsWith(`.${recoveryKey}`) ? againstBefore(key, before, slowerPercent) : []),
  ]);
}
