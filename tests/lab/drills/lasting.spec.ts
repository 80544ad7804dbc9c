import { expect } from '../../../fixtures/expect.ts';
import { findFault } from '../../../fixtures/faults.ts';
import { plannedGuests } from '../../../fixtures/guests.ts';
import { test } from '../../../fixtures/test.ts';

const [guest] = plannedGuests('lxc');
if (!guest) throw new Error('the plan has no LXC guest');

test('a fault that lasts as long as its runner', async ({ drill }) => {
  await drill.breakAndWatch(findFault('port-3121-dropped'), guest, { budgets: { recovered: 150_000 } });
});

test('a guest that runs on while the cluster takes it for stopped', async ({ drill }) => {
  const outcome = await drill.breakAndWatch(findFault('domain-config-removed'), guest, {
    budgets: { recovered: 25_000 },
  });
  expect(outcome).toKeepTheInvariants();
});
