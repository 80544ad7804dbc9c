import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import type { Drill } from '../../fixtures/drill.ts';
import { expect } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { nodeOf, resourceOf, whatRunsOn } from '../../fixtures/observer/running.ts';

/**
 * An orderly stop of pacemaker_remote is no failure: what ran there moves, and the guest runs on. A connection to port
 * 3121 that pacemaker_remote accepted and closed is refused then.
 */
export const anOrderlyStopOfTheDaemonIsNoFailure = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const ran = whatRunsOn((await cluster.now()).status, guest.name);
  const { domainId } = await cluster.truthOf(guest);
  expect(await cluster.checkConnection(guest), 'a connection to port 3121').toBe('accepted and closed by the peer');
  await cluster.stopDaemon(guest);
  expect(await cluster.checkConnection(guest), 'a connection to port 3121').toBe('refused');
  const left = await cluster.eventually(
    `${guest.name} has left and what ran there runs elsewhere`,
    ({ status }) =>
      nodeOf(status, guest.name)?.online !== true && ran.every((id) => resourceOf(status, id)?.role === 'Started'),
    cluster.orderlyMs(guest),
  );
  expect(left.status.failures, 'no failed action').toEqual([]);
  expect(nodeOf(left.status, guest.name)?.unclean ?? false, `${guest.name} is not unclean`).toBe(false);
  expect(resourceOf(left.status, guest.resource)?.role, `${guest.resource} is Started`).toBe('Started');
  expect(await cluster.truthOf(guest), 'the same domain runs, without state files').toMatchObject({
    domainId,
    stateFiles: [],
  });
};

/** Standby empties the guest and nothing more: it stays online, in the same domain, and takes resources again afterwards. */
export const standbyEmptiesItOnly = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  const before = await cluster.now();
  const truth = await cluster.truthOf(guest);
  const ran = whatRunsOn(before.status, guest.name);
  await cluster.standby(guest.name);
  const standby = await cluster.eventually(
    `${guest.name} is in standby and what ran there runs elsewhere`,
    ({ status }) =>
      nodeOf(status, guest.name)?.standby === true &&
      whatRunsOn(status, guest.name).length === 0 &&
      ran.every((id) => resourceOf(status, id)?.role === 'Started'),
    orderlyMs,
  );
  expect(nodeOf(standby.status, guest.name)?.online, `${guest.name} is online in standby`).toBe(true);
  await cluster.unstandby(guest.name);
  const back = await cluster.eventually(
    `${guest.name} runs something again`,
    ({ status }) => nodeOf(status, guest.name)?.standby === false && whatRunsOn(status, guest.name).length > 0,
    orderlyMs,
  );
  expect(back.status.failures, 'no failed action').toEqual([]);
  const { domainId, bootId, daemon } = await cluster.truthOf(guest);
  expect({ domainId, bootId, daemon }, 'the same domain, boot and pacemaker_remoted').toEqual({
    domainId: truth.domainId,
    bootId: truth.bootId,
    daemon: truth.daemon,
  });
};

/**
 * Nothing is recovered in maintenance mode. A daemon that is killed meanwhile is no failure: the guest's own systemd starts
 * another, and when the maintenance is over the cluster connects to it and finds what runs there still running.
 */
export const aKillInMaintenanceModeIsNoFailure = async (
  cluster: Cluster,
  drill: Drill,
  guest: GuestPlan,
  fault: Fault,
): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  const before = await cluster.truthOf(guest);
  const ran = whatRunsOn((await cluster.now()).status, guest.name);
  await cluster.setProperty('maintenance-mode', 'true');
  const maintenance = await cluster.eventually(
    'the cluster is in maintenance mode',
    ({ status }) => status.options.maintenanceMode,
    orderlyMs,
  );
  const logged = await cluster.followLog();
  await drill.breakNow(fault, guest);
  const lost = await cluster.eventually(
    `${guest.name} is offline`,
    ({ status }) => nodeOf(status, guest.name)?.online !== true,
    orderlyMs,
  );
  for (const id of ran) expect(resourceOf(lost.status, id)?.role, `${id} is shown Stopped`).toBe('Stopped');
  const meanwhile = await cluster.truthOf(guest);
  expect(meanwhile, 'the same domain runs, and what ran there runs on').toMatchObject({
    domainId: before.domainId,
    bootId: before.bootId,
    stateFiles: before.stateFiles,
  });
  expect(await logged(), 'Pacemaker takes note of it').toContainEqual(
    expect.stringContaining(`Unmanaged Pacemaker Remote node ${guest.name} disconnected`),
  );

  await cluster.setProperty('maintenance-mode', 'false');
  const back = await cluster.eventuallySteady(orderlyMs);
  const after = await cluster.truthOf(guest);
  expect(after, 'it was not restarted').toMatchObject({ domainId: before.domainId, bootId: before.bootId });
  expect(after.daemon, 'another pacemaker_remoted runs in it').not.toEqual(before.daemon);
  for (const id of ran) {
    const history = back.status.histories.find(({ resource, node }) => resource === id && node === guest.name);
    const tasks = history?.operations.map(({ task }) => task);
    expect(tasks, `${id} was found running`).toContain('probe');
    expect(tasks, `${id} was not started`).not.toContain('start');
  }
  expect(
    cluster.since(maintenance).flatMap(({ status }) => status.failures),
    'no failed action at any time',
  ).toEqual([]);
};
