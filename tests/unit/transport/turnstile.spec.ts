import { expect, test } from '@playwright/test';
import { turnstile } from '../../../lab/transport/turnstile.ts';

test('only so many are in at once, and the others come in turn', async () => {
  const { enter, leave } = turnstile(2);
  const came: number[] = [];
  const visits = [1, 2, 3, 4].map(async (visitor) => {
    await enter();
    came.push(visitor);
  });
  await Promise.all(visits.slice(0, 2));
  expect(came).toEqual([1, 2]);
  leave();
  await visits[2];
  expect(came).toEqual([1, 2, 3]);
  leave();
  await Promise.all(visits);
  expect(came).toEqual([1, 2, 3, 4]);
});
