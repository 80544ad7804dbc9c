import { expect, test } from '@playwright/test';
import {
  electionBudgets,
  givenUpBudgets,
  reconnectBudgets,
  resourceBudgets,
  restartBudgets,
} from '../../../fixtures/budgets.ts';
import type { Timings } from '../../../fixtures/timings.ts';
import { timings } from './timings.ts';

/** A cluster in which no two waits are alike, so that a budget tells which of them it is made of. */
const unlike: Timings = {
  connection: { monitorIntervalMs: 31_000, monitorTimeoutMs: 32_000, startTimeoutMs: 61_000 },
  domain: { monitorIntervalMs: 11_000, monitorTimeoutMs: 33_000, startTimeoutMs: 91_000, stopTimeoutMs: 92_000 },
  resources: { monitorIntervalMs: 12_000, monitorTimeoutMs: 21_000, startTimeoutMs: 22_000, stopTimeoutMs: 23_000 },
  dcDeadtimeMs: 19_000,
  bootMs: 4_000,
  timeFactor: 1,
};

// Beside what the cluster waits for, 2 s to write down what it knows, and 5 s for an agent to look.
for (const [notice, detected] of [
  ['at once', 2_000],
  ['by the monitor of the connection', 2_000 + 31_000 + 32_000],
  ['by the monitor of the domain', 2_000 + 11_000 + 5_000],
  ['by the monitor of a resource', 2_000 + 12_000 + 5_000],
  ['by the monitor of a resource that hangs', 2_000 + 21_000],
  ['by the stop of a resource that hangs', 2_000 + 12_000 + 5_000 + 23_000],
  ['by the time-out of the domain’s monitor', 2_000 + 11_000 + 33_000],
] as const)
  test(`a fault that is noticed ${notice} is detected within ${detected} ms, and what follows has its time after that`, () => {
    expect(restartBudgets(notice)(unlike)).toEqual({
      detected,
      stopped: detected + 8_000,
      restarted: detected + 13_000,
      reconnected: detected + 18_000 + 2 * 4_000,
      recovered: detected + 33_000 + 2 * 4_000,
    });
    expect(reconnectBudgets(notice)(unlike)).toEqual({
      detected,
      reconnected: detected + 18_000 + 2 * 4_000,
      recovered: detected + 33_000 + 2 * 4_000,
    });
    expect(resourceBudgets(notice)(unlike)).toEqual({ detected, recovered: detected + 15_000 });
    expect(givenUpBudgets(notice, 'it leaves')(unlike)).toEqual({ detected, recovered: detected + 15_000 });
  });

test('a stop that takes long delays all that comes after it, and not the detection', () => {
  const [quick, slow] = [0, 7_000].map((stopMs) => restartBudgets('at once', 'at once', stopMs)(unlike));
  for (const phase of ['stopped', 'restarted', 'reconnected', 'recovered'] as const)
    expect((slow?.[phase] ?? 0) - (quick?.[phase] ?? 0), phase).toBe(7_000);
  expect(slow?.detected).toBe(quick?.detected);
});

test('a resource whose start hangs has the time-out of that start too; one whose start fails has not', () => {
  const recovered = (start: 'works' | 'fails' | 'hangs') => resourceBudgets('at once', start)(unlike).recovered;
  expect(recovered('works')).toBe(17_000);
  expect(recovered('fails')).toBe(17_000);
  expect(recovered('hangs')).toBe(17_000 + 22_000);
});

test('a guest that is given up has the time of what was tried before', () => {
  const recovered = (givenUp: Parameters<typeof givenUpBudgets>[1]) =>
    givenUpBudgets('at once', givenUp)(unlike).recovered;
  const refused = 2_000 + 18_000 + 2 * 4_000 + 15_000;
  expect(recovered('its start fails')).toBe(2_000 + 11_000 + 5_000 + 13_000 + 15_000);
  expect(recovered('it is refused')).toBe(refused);
  expect(recovered('its start times out')).toBe(refused + 61_000);
});

test('boots are allowed in whole milliseconds', () => {
  expect(restartBudgets('at once')(timings({ bootMs: 1_000.3 })).reconnected).toBe(22_001);
  expect(givenUpBudgets('at once', 'it is refused')(timings({ bootMs: 1_000.3 })).recovered).toBe(37_001);
});

test('a new DC has what it is held back, its dead time, and its start and take-over', () => {
  expect(electionBudgets(1_000)(unlike)).toEqual({ recovered: 1_000 + 5_000 + 19_000 + 30_000 });
});

/** A cluster that waits for nothing, with guests that boot at once. */
const waitless: Timings = {
  connection: { monitorIntervalMs: 0, monitorTimeoutMs: 0, startTimeoutMs: 0 },
  domain: { monitorIntervalMs: 0, monitorTimeoutMs: 0, startTimeoutMs: 0, stopTimeoutMs: 0 },
  resources: { monitorIntervalMs: 0, monitorTimeoutMs: 0, startTimeoutMs: 0, stopTimeoutMs: 0 },
  ...{ dcDeadtimeMs: 0, bootMs: 0, timeFactor: 1 },
};

for (const [what, budgets] of Object.entries({
  ...Object.fromEntries(
    (
      [
        'at once',
        'by the monitor of the connection',
        'by the monitor of the domain',
        'by the monitor of a resource',
        'by the monitor of a resource that hangs',
        'by the stop of a resource that hangs',
        'by the time-out of the domain’s monitor',
      ] as const
    ).map((notice) => [`a restart that is noticed ${notice}`, restartBudgets(notice)]),
  ),
  'a guest that leaves': givenUpBudgets('at once', 'it leaves'),
  'a guest whose start fails': givenUpBudgets('at once', 'its start fails'),
  'a guest that is refused': givenUpBudgets('at once', 'it is refused'),
  'a guest whose start times out': givenUpBudgets('at once', 'its start times out'),
  'a resource': resourceBudgets('at once'),
  'a new DC': electionBudgets(),
}))
  test(`${what}, on a host that takes three times as long: what is done has three times as much, what is waited for no more`, () => {
    const done = Object.entries(budgets(waitless));
    expect(budgets({ ...waitless, timeFactor: 3 })).toEqual(
      Object.fromEntries(done.map(([phase, ms]) => [phase, 3 * ms])),
    );
    const usual = budgets(unlike);
    expect(budgets({ ...unlike, timeFactor: 3 })).toEqual(
      Object.fromEntries(done.map(([phase, ms]) => [phase, (usual[phase as keyof typeof usual] ?? 0) + 2 * ms])),
    );
  });
