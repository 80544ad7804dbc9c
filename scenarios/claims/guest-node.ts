import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import { expect } from '../../fixtures/expect.ts';
import { bystandersOf, type GuestPlan } from '../../fixtures/guests.ts';
import { nodeOf, resourceOf, whatRunsOn } from '../../fixtures/observer/running.ts';

/** libvirt runs the guest's domain as its generated XML has it: memory, CPUs, file systems or disks, interface. */
export const theDomainIsAsGenerated = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const { configured, running, autostart, persistent } = await cluster.domain(guest);
  expect(configured, `the XML of ${guest.name} has the plan's name, memory and CPUs`).toMatchObject({
    name: guest.name,
    memoryKiB: guest.memoryMiB * 1024,
    vcpus: guest.vcpus,
  });
  expect(configured.interfaces, `${guest.name} has one interface, on the default network`).toEqual([
    expect.stringMatching(/^[0-9a-f:]{17} on default$/),
  ]);
  expect(
    [...configured.fileSystems, ...configured.disks].length,
    `${guest.name} has a file system to run from`,
  ).toBeGreaterThan(0);
  expect(running, `libvirt runs ${guest.name} as its XML has it`).toEqual(configured);
  expect(autostart, `libvirt does not start ${guest.name} by itself`).toBe(false);
  expect(persistent, `libvirt knows ${guest.name} only while the cluster runs it`).toBe(false);
};

/** The guest is an online guest node that its resource runs, with a connection of its own. */
export const itIsAGuestNode = async (cluster: Cluster, { name, resource }: GuestPlan): Promise<void> => {
  const { status } = await cluster.now();
  expect(nodeOf(status, name), `${name} is an online guest node that ${resource} runs`).toMatchObject({
    kind: 'guest',
    guestResource: resource,
    online: true,
  });
  expect(resourceOf(status, resource), `${resource} runs on the host`).toMatchObject({
    agent: 'ocf:heartbeat:VirtualDomain',
    role: 'Started',
    nodes: [cluster.hostName],
  });
  expect(resourceOf(status, name), `${name} has a connection that is Started`).toMatchObject({
    agent: 'ocf:pacemaker:remote',
    role: 'Started',
    nodes: [cluster.hostName],
  });
};

/**
 * The guest node vanishes when its resource is stopped and appears when it starts, and neither is a failure. While it is
 * stopped there is no route to its port 3121.
 */
export const itComesAndGoesWithItsResource = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  const ran = whatRunsOn((await cluster.now()).status, guest.name);
  await cluster.disable(guest.resource);
  const away = await cluster.eventually(
    `${guest.name} is away and what ran there runs elsewhere`,
    ({ status }) =>
      nodeOf(status, guest.name)?.online !== true &&
      resourceOf(status, guest.resource)?.role === 'Stopped' &&
      ran.every((id) => resourceOf(status, id)?.role === 'Started'),
    orderlyMs,
  );
  expect((await cluster.truthOf(guest)).domainId, `no domain ${guest.name} runs`).toBeNull();
  expect(away.status.failures, 'no failed action').toEqual([]);
  expect(await cluster.checkConnection(guest), 'a connection to port 3121').toBe('no route');
  for (const other of bystandersOf(guest))
    expect(nodeOf(away.status, other.name)?.online, `${other.name} is online`).toBe(true);

  await cluster.enable(guest.resource);
  const back = await cluster.eventually(
    `${guest.name} is a guest node again`,
    ({ status }) => nodeOf(status, guest.name)?.online === true && resourceOf(status, guest.name)?.role === 'Started',
    orderlyMs,
  );
  expect((await cluster.truthOf(guest)).domainId, `a domain ${guest.name} runs`).not.toBeNull();
  expect(await cluster.checkConnection(guest), 'a connection to port 3121').toBe('accepted and closed by the peer');
  expect(back.status.failures, 'no failed action').toEqual([]);
};
