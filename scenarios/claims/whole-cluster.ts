import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import { expect } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import { plannedGuests, type GuestPlan } from '../../fixtures/guests.ts';
import { nodeOf, resourceOf } from '../../fixtures/observer/running.ts';
import type { Hands } from './common.ts';

type Sample = Awaited<ReturnType<Cluster['now']>>;

const idsOf = ({ status }: Sample): readonly string[] => status.resources.map(({ id }) => id);

const domainIds = async (cluster: Cluster): Promise<readonly (string | null)[]> =>
  await Promise.all(plannedGuests().map(async (guest) => (await cluster.truthOf(guest)).domainId));

const bootIds = async (cluster: Cluster): Promise<readonly (string | null)[]> =>
  await Promise.all(plannedGuests().map(async (guest) => (await cluster.truthOf(guest)).bootId));

/** With the policy `ignore`, as in the walk-throughs, a host that loses the quorum goes on as before. */
export const withoutQuorumNothingStops = async (cluster: Cluster): Promise<void> => {
  const before = await cluster.now();
  await cluster.takeQuorum();
  const inquorate = await cluster.eventually(
    'the partition is without quorum',
    ({ status }) => status.dc?.withQuorum === false,
    cluster.clusterStartMs,
  );
  expect(await cluster.isQuorate(), 'corosync is not quorate').toBe(false);
  expect(
    cluster
      .since(before)
      .filter(({ status }) => idsOf(before).some((id) => resourceOf(status, id)?.role !== 'Started')),
    'nothing stops',
  ).toEqual([]);
  await cluster.returnQuorum();
  const quorate = await cluster.eventually(
    'the partition has quorum',
    ({ status }) => status.dc?.withQuorum === true,
    cluster.clusterStartMs,
  );
  expect(await cluster.isQuorate(), 'corosync is quorate').toBe(true);
  expect(inquorate.status.failures.concat(quorate.status.failures), 'no failed action').toEqual([]);
};

/** How long a host waits for others before it elects itself the DC; 20 s as shipped, which "lab up" goes through. */
const shortElection = '5s';

/**
 * A cluster that is stopped can't be asked, and its guests are stopped with it. Started again it first has no DC and the
 * host is not online, then the host is the DC. With the policy `stop` nothing starts without quorum; with quorum all
 * guests and resources start, without a failure.
 */
export const theClusterStopsAndStarts = async (cluster: Cluster): Promise<void> => {
  const bootsBefore = await bootIds(cluster);
  await cluster.setProperty('dc-deadtime', shortElection);
  await cluster.setProperty('no-quorum-policy', 'stop');
  await cluster.stopCluster();
  expect(await cluster.connection(), 'crm_mon can ask nobody').toBe('not connected');
  expect(await domainIds(cluster), 'the guests were stopped with the cluster').toEqual(plannedGuests().map(() => null));

  await cluster.startCluster();
  await cluster.takeQuorum();
  const early = await cluster.onTheWay(
    'the cluster answers and has no DC',
    ({ status }) => status.dc === null,
    cluster.clusterStartMs,
  );
  expect(nodeOf(early.status, cluster.hostName)?.online ?? false, 'before there is a DC, the host is not online').toBe(
    false,
  );
  expect(await cluster.members(), 'corosync has the host as its member already').toEqual([cluster.hostName]);
  const inquorate = await cluster.eventually(
    'the host is the DC, without quorum',
    ({ status }) => status.dc?.name === cluster.hostName && !status.dc.withQuorum,
    cluster.clusterStartMs,
  );
  expect(nodeOf(inquorate.status, cluster.hostName)?.online, 'the host is online').toBe(true);
  expect(
    idsOf(inquorate).filter((id) => resourceOf(inquorate.status, id)?.role !== 'Stopped'),
    'with the policy "stop" nothing starts without quorum',
  ).toEqual([]);
  expect(await domainIds(cluster), 'no guest runs').toEqual(plannedGuests().map(() => null));

  await cluster.returnQuorum();
  await cluster.setProperty('no-quorum-policy', 'ignore');
  await cluster.eventuallySteady(cluster.clusterStartMs);
  for (const [at, bootId] of (await bootIds(cluster)).entries())
    expect(bootId, `${plannedGuests()[at]?.name ?? ''} was booted anew`).not.toBe(bootsBefore[at]);
};

/** After a reboot of the host everything comes back by itself: libvirt's network, the cluster, guests and resources. */
export const theHostRebootsAndAllComesBack = async (cluster: Cluster): Promise<void> => {
  const bootBefore = await cluster.hostBootId();
  await cluster.setProperty('dc-deadtime', shortElection);
  await cluster.rebootHost();
  expect(await cluster.hostBootId(), 'the host was booted anew').not.toBe(bootBefore);
  const up = await cluster.eventuallySteady(cluster.clusterStartMs);
  expect(up.status.dc?.name, 'the host is the DC').toBe(cluster.hostName);
};

/** What pacemakerd writes when it is asked to end. */
const orderlyEnd = 'Shutting down Pacemaker';

/**
 * A host that ends at once, without power or by a crash of its kernel, has stopped nothing in order. It comes back by itself, with
 * everything that ran, and what it had written down of the time before is no hindrance.
 */
export const theHostEndsAndAllComesBack = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
): Promise<void> => {
  await drill.needs(fault, guest);
  const [hostBefore, guestsBefore] = [await cluster.hostBootId(), await bootIds(cluster)];
  await cluster.setProperty('dc-deadtime', shortElection);
  const linesSince = await cluster.followLog();
  await drill.breakHost(fault, guest);
  expect(await cluster.hostBootId(), 'the host was booted anew').not.toBe(hostBefore);
  const up = await cluster.eventuallySteady(cluster.clusterStartMs);
  expect(
    (await linesSince()).filter((line) => line.includes(orderlyEnd)),
    'nothing was stopped in order',
  ).toEqual([]);
  expect(up.status.dc?.name, 'the host is the DC').toBe(cluster.hostName);
  expect(up.status.failures, 'no failed action').toEqual([]);
  for (const [at, bootId] of (await bootIds(cluster)).entries())
    expect(bootId, `${plannedGuests()[at]?.name ?? ''} was booted anew`).not.toBe(guestsBefore[at]);
};
