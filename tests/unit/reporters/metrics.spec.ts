import { expect, test } from '@playwright/test';
import { gateRules } from '../../../reporters/allure/gate-rules.ts';
import { recoveryMetrics } from '../../../reporters/allure/metrics.ts';
import { recordedDrill } from './recorded-drills.ts';

const keysOf = (...drills: Parameters<typeof recordedDrill>[0][]): string[] =>
  recoveryMetrics({ drills: drills.map(recordedDrill) })
    .map(({ key }) => key)
    .filter((key) => key.endsWith('recovered'));

test('a phase is a metric of its fault and kind of guest, and of its release where there are several', () => {
  expect(keysOf({})).toEqual(['pacemaker-remoted-killed.lxc.recovered']);
  expect(keysOf({ release: '2.1.5' }, {})).toEqual([
    'pacemaker-remoted-killed.2.1.5.lxc.recovered',
    'pacemaker-remoted-killed.3.0.0-3.0.0.lxc.recovered',
  ]);
});

test('a late recovery is measured too; what could not tell, did not run or saw nothing is not', () => {
  expect(keysOf({ verdict: 'failed' })).toHaveLength(1);
  expect(keysOf({ verdict: 'inconclusive' }, { verdict: 'skipped' }, { phases: null }, { fault: null })).toEqual([]);
});

const key = 'pacemaker-remoted-killed.lxc.recovery';
const rulesFor = (before: readonly number[], slowerPercent = 50) =>
  gateRules(
    recoveryMetrics({ drills: [recordedDrill(), recordedDrill({ repeat: 1 })] }),
    before.map((ms) => ({ [key]: ms, other: 1 })),
    slowerPercent,
  );

test('the gate has a rule for each budget, repeats counted once', () => {
  const recovered = 'pacemaker-remoted-killed.lxc.recovered';
  expect(rulesFor([])).toHaveLength(5);
  expect(rulesFor([])).toContainEqual({ id: 'budget', metricMax: { key: recovered, value: 46_660, unit: 'ms' } });
});

test('a recovery is compared with the median of the last ten that were measured, from the detection on', () => {
  const limit = (...parameters: Parameters<typeof rulesFor>) =>
    rulesFor(...parameters).find(({ metricMax }) => metricMax.key === key)?.metricMax.value;
  expect(limit([20_000, 90_000, 30_000])).toBe(45_000);
  expect(limit([20_000, 90_000, 30_000], 100)).toBe(60_000);
  expect(limit([90_000, 90_000, ...Array<number>(10).fill(20_000)])).toBe(30_000);
});

test('some seconds more are no news, whatever their share', () => {
  expect(rulesFor([600])).toContainEqual({ id: 'usually 600 ms', metricMax: { key, value: 5_600, unit: 'ms' } });
});
