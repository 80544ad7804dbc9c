import { expect } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { nodeOf, resourceOf, whatRunsOn } from '../../fixtures/observer/running.ts';
import type { Hands } from './common.ts';

const attribute = 'seen-under';

/**
 * A guest that boots with another hostname than its node name is connected as the node that it is: no other node appears,
 * nothing is recorded, and what is set in the guest for the node that it is, is set for that name.
 */
export const aRestartKeepsTheNodeName = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
): Promise<void> => {
  const before = await cluster.now();
  const { bootId } = await cluster.truthOf(guest);
  await drill.breakNow(fault, guest);
  await cluster.restart(guest);
  const back = await cluster.eventually(
    `${guest.name} is connected, and runs something again`,
    ({ status }) => resourceOf(status, guest.name)?.role === 'Started' && whatRunsOn(status, guest.name).length > 0,
    cluster.orderlyMs(guest),
  );
  expect(nodeOf(back.status, guest.name)?.online, `${guest.name} is online`).toBe(true);
  expect((await cluster.truthOf(guest)).bootId, 'it was booted under the other name').not.toBe(bootId);
  expect(back.status.nodes.map(({ name }) => name).toSorted(), 'the nodes are the same').toEqual(
    before.status.nodes.map(({ name }) => name).toSorted(),
  );
  expect(
    cluster.since(before).flatMap(({ status }) => status.failures),
    'no failed action at any time',
  ).toEqual([]);

  await cluster.setAttributeIn(guest, attribute, 'the other name');
  const set = await cluster.eventually(
    `${guest.name} has the attribute`,
    ({ status }) => status.attributes.some(({ name }) => name === attribute),
    cluster.orderlyMs(guest),
  );
  expect(set.status.attributes, 'the attribute is that of the guest node').toEqual([
    { node: guest.name, name: attribute, value: 'the other name' },
  ]);
};
