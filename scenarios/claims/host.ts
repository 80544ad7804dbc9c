import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import { expect } from '../../fixtures/expect.ts';
import { plannedGuests, type GuestPlan } from '../../fixtures/guests.ts';

/** No security module confines what the cluster and its guests need; what the kernel has is noted with the drill. */
export const noSecurityModuleIsInTheWay = async (cluster: Cluster): Promise<void> => {
  const { seLinux, labels } = await cluster.securityState();
  expect(seLinux, 'SELinux does not enforce').not.toBe('enforcing');
  for (const [daemon, label] of Object.entries(labels))
    expect(label ?? 'unconfined', `no AppArmor profile is enforced on ${daemon}`).not.toContain('(enforce)');
};

/** What a firewall has to keep shut: SSH, a web server, and the neighbours of clustering's ports. */
const closedPorts = ['22/tcp', '80/tcp', '2225/tcp', '3120/tcp', '5405/tcp', '5406/udp'] as const;

/** Clustering's ports of the host are open to the guest, and the rest is closed. */
export const theHostsFirewallIsOpenForClusteringOnly = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  expect(
    await cluster.openPortsOfHost(guest, closedPorts),
    `${guest.name} reaches clustering's ports of the host, and no other`,
  ).toEqual(cluster.clusteringPorts.toSorted());
};

/** Clustering's ports of the guest are open to the host, and SSH where the document counts on it; the rest is closed. */
export const theGuestsFirewallIsOpenForClusteringOnly = async (
  cluster: Cluster,
  guest: GuestPlan,
  alsoOpen: readonly '22/tcp'[] = [],
): Promise<void> => {
  expect(
    await cluster.openPortsOf(guest, closedPorts),
    `the host reaches clustering's ports of ${guest.name}${alsoOpen.map((port) => ` and ${port}`).join('')}, and no other`,
  ).toEqual([...cluster.clusteringPorts, ...alsoOpen].toSorted());
};

/** Host and guest reach each other with ping, by name, and the host reaches the guest with SSH. */
export const hostAndGuestReachEachOther = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  expect(await cluster.ping(guest), `${guest.name} answers the host`).toBe('answers');
  expect(await cluster.pingFrom(guest), `the host answers ${guest.name}`).toBe('answers');
  expect(await cluster.hostNameOverSsh(guest), 'the name of the guest, asked over SSH').toBe(guest.name);
};

/** Corosync has the host as its member and is quorate, and Pacemaker on it is the DC of a partition with quorum. */
export const theHostIsAMemberAndTheDc = async (cluster: Cluster): Promise<void> => {
  expect(await cluster.members(), 'corosync sees the host').toEqual([cluster.hostName]);
  expect(await cluster.isQuorate(), 'corosync is quorate').toBe(true);
  const { status } = await cluster.now();
  expect(status.dc, 'the host is the DC of a partition with quorum').toMatchObject({
    name: cluster.hostName,
    withQuorum: true,
  });
};

/** The authkey belongs to root and haclient, is no one else's to read, and is the same on the host and in every guest. */
export const everyGuestHasTheHostsAuthkey = async (cluster: Cluster): Promise<void> => {
  const host = await cluster.authkey();
  expect(host, 'owner, group and mode of the key on the host').toMatchObject({
    file: 'root:haclient 640',
    directory: 'root:haclient 750',
  });
  for (const guest of plannedGuests())
    expect(await cluster.authkeyIn(guest), `${guest.name} has the same key, owner, group and mode`).toEqual(host);
};

/** libvirt's network is active, started at boot, and has the address that the walk-throughs count on. */
export const theDefaultNetworkIsUp = async (cluster: Cluster): Promise<void> => {
  const network = await cluster.networkDescription();
  expect(network, 'the network is active').toMatch(/^Active:\s+yes$/m);
  expect(network, 'the network is persistent').toMatch(/^Persistent:\s+yes$/m);
  expect(network, 'the network is started at boot').toMatch(/^Autostart:\s+yes$/m);
  expect(network, 'the network has the address 192.168.122.1').toContain(
    "<ip address='192.168.122.1' netmask='255.255.255.0'>",
  );
};
