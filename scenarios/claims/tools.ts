import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import { expect } from '../../fixtures/expect.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { instancesOf, whatRunsOn } from '../../fixtures/observer/running.ts';

type Status = Awaited<ReturnType<Cluster['now']>>['status'];

/** Resources without what `crm_mon` of only one of two releases tells: that of a guest need not be that of the host. */
const asBothTell = (resources: Status['resources'], others: Status['resources']): Status['resources'] =>
  resources.map((resource, at) => (others[at]?.maintenance === null ? { ...resource, maintenance: null } : resource));

/** Cluster tools in the guest agree with the host. One that is missing is noted, and really is in no package there. */
export const clusterToolsInTheGuestAgree = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  for (const tool of ['crm_mon', 'crm_resource', 'crm_attribute', 'crm_node'] as const)
    expect(await cluster.hasTool(guest, tool), `${guest.name} has ${tool} if a package ships it`).toBe(
      await cluster.shipsTool(guest, tool),
    );
  const { status } = await cluster.now();
  const seen = await cluster.statusIn(guest);
  expect(seen.dc, 'crm_mon in the guest shows the same DC').toEqual(status.dc);
  expect(seen.nodes, 'crm_mon in the guest shows the same nodes').toEqual(status.nodes);
  expect(asBothTell(seen.resources, status.resources), 'crm_mon in the guest shows the same resources').toEqual(
    asBothTell(status.resources, seen.resources),
  );
  for (const id of whatRunsOn(status, guest.name))
    expect(await cluster.locateIn(guest, id), `crm_resource in the guest finds ${id}`).toBe(await cluster.locate(id));
  if (await cluster.hasTool(guest, 'crm_node'))
    expect(await cluster.nodeNameIn(guest), 'crm_node in the guest knows its name').toBe(guest.name);
};

/** An attribute that is set in the guest is the guest's in the CIB, and can be asked for in the guest. */
export const anAttributeSetInTheGuestArrives = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const attribute = { node: guest.name, name: 'walkthrough', value: '42' };
  await cluster.setAttributeIn(guest, attribute.name, attribute.value);
  const { status } = await cluster.eventually(
    `the attribute ${attribute.name} of ${guest.name} is in the CIB`,
    (sample) => sample.status.attributes.length > 0,
    cluster.orderlyMs(guest),
  );
  expect(status.attributes, 'the attribute is the only one, and of the guest').toEqual([attribute]);
  expect(await cluster.attributeIn(guest, attribute.name), 'the guest is told its value').toBe(attribute.value);
};

const promotable = 'STATE';

const promotedOn = (status: Status): readonly string[] =>
  instancesOf(status, promotable).flatMap(({ role, nodes }) => (role === 'Promoted' ? nodes : []));

const unpromotedOn = (status: Status): readonly string[] =>
  instancesOf(status, promotable)
    .flatMap(({ role, nodes }) => (role === 'Unpromoted' ? nodes : []))
    .toSorted();

/**
 * A promotable resource works on guests: its agent sets promotion scores there, it is promoted on one node and no other, a
 * score that is set in the guest promotes it there, and a lower one has another node promoted.
 */
export const aPromotableResourceFollowsItsScores = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  const nodes = (await cluster.now()).status.nodes.map(({ name }) => name);
  const scoresOf = (status: Status): readonly string[] =>
    status.attributes.filter(({ name }) => name === `master-${promotable}`).map(({ node }) => node);
  await cluster.createPromotable(promotable);
  const first = await cluster.eventually(
    `${promotable} runs on every node and is promoted on one`,
    ({ status }) => promotedOn(status).length === 1 && unpromotedOn(status).length === nodes.length - 1,
    orderlyMs,
  );
  // The agent sets it with crm_attribute, and says nothing where that is missing.
  const withTheTool = (await cluster.hasTool(guest, 'crm_attribute')) ? nodes : [cluster.hostName];
  expect(scoresOf(first.status).toSorted(), 'each instance that can has set its promotion score').toEqual(
    withTheTool.toSorted(),
  );

  await cluster.setPromotionScoreIn(guest, promotable, 1_000);
  const promoted = await cluster.eventually(
    `${promotable} is promoted on ${guest.name}`,
    ({ status }) => promotedOn(status).join() === guest.name,
    orderlyMs,
  );
  expect(unpromotedOn(promoted.status), 'every other node has it unpromoted').toEqual(
    nodes.filter((node) => node !== guest.name).toSorted(),
  );

  await cluster.setPromotionScoreIn(guest, promotable, 1);
  await cluster.eventually(
    'another node has it promoted',
    ({ status }) => promotedOn(status).length === 1 && unpromotedOn(status).includes(guest.name),
    orderlyMs,
  );
  expect(
    cluster.since(first).filter(({ status }) => promotedOn(status).length > 1),
    `${promotable} was never promoted on two nodes`,
  ).toEqual([]);
};
