import { expect, test } from '@playwright/test';
import { openLedger } from '../../../fixtures/qualify/ledger.ts';

test('what several labs spend adds up to the time that they had, and the rest is idle', async () => {
  let nowMs = 1_000;
  const ledger = openLedger(() => nowMs);
  const take = (ms: number) => () => {
    nowMs += ms;
    return Promise.resolve();
  };
  await ledger.time('building', take(60_000));
  await ledger.time('bringingUp', take(10_000));
  await ledger.time('running', take(30_000));
  ledger.runDone(30_000);
  await expect(
    ledger.time('running', async () => {
      await take(5_000)();
      throw new Error('cut off');
    }),
  ).rejects.toThrow('cut off');
  await ledger.time('takingDown', take(1_000));
  // Two labs had 46 s each after the images.
  expect(ledger.spent(2)).toEqual({
    wallMs: 106_000,
    labs: 2,
    building: 60_000,
    bringingUp: 10_000,
    takingDown: 1_000,
    lost: 5_000,
    idle: 2 * 46_000 - 10_000 - 30_000 - 5_000 - 1_000,
  });
});
