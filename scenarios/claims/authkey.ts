import { byRelease } from '../../fixtures/by-release.ts';
import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import { expect } from '../../fixtures/expect.ts';
import type { GuestPlan } from '../../fixtures/guests.ts';
import { nodeOf, resourceOf } from '../../fixtures/observer/running.ts';
import { connectTimeoutMs } from '../../fixtures/timings.ts';
import { keyRejected } from './given-up.ts';

/** What Pacemaker's log says of a guest with another key. */
const handshakeFailed = (name: string): string =>
  byRelease(`TLS handshake with Pacemaker Remote server ${name}:3121 failed: Key was rejected by service`, [
    {
      until: '3.0.0',
      value: `TLS handshake with Pacemaker Remote server ${name}:3121 failed`,
      source: '56a1f763ff "Feature: lrmd: Perform the TLS handshake asynchronously."',
    },
  ]);

/**
 * A guest with another authkey never comes online: the start of its connection fails for good, with a reason that says
 * so, and its resource is stopped. With the cluster's key and a clean-up it comes back.
 */
export const anotherAuthkeyKeepsItOut = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const { name, resource } = guest;
  const orderlyMs = cluster.orderlyMs(guest);
  await cluster.giveAnotherAuthkey(guest);
  await cluster.disable(resource);
  const stopped = await cluster.eventually(
    `${resource} is stopped`,
    ({ status }) => resourceOf(status, resource)?.role === 'Stopped',
    orderlyMs,
  );
  const { givenUp, ...failed } = keyRejected;
  const logged = await cluster.followLog();
  await cluster.enable(resource);
  const refused = await cluster.eventually(
    `the start of the connection ${name} has failed, and ${resource} is stopped for it`,
    ({ status }) =>
      status.failures.some((failure) => failure.resource === name) && resourceOf(status, resource)?.role === 'Stopped',
    orderlyMs + (givenUp === 'its start times out' ? connectTimeoutMs : 0),
  );
  expect(
    refused.status.failures.map(({ lastChange: _, call: __, ...failure }) => failure),
    `only the start of the connection failed`,
  ).toEqual([
    {
      key: `${name}_start_0`,
      resource: name,
      task: 'start',
      intervalMs: 0,
      node: cluster.hostName,
      ...failed,
    },
  ]);
  expect(
    refused.status.histories.find((history) => history.resource === name)?.failCount,
    `the host has given the connection up`,
  ).toBe(Infinity);
  expect(
    cluster
      .since(stopped)
      .filter(({ status }) => nodeOf(status, name)?.online === true && resourceOf(status, name)?.role === 'Started'),
    `${name} was never up`,
  ).toEqual([]);
  expect(await logged(), "Pacemaker's log says why").toContainEqual(expect.stringContaining(handshakeFailed(name)));

  await cluster.returnAuthkey(guest);
  await cluster.cleanUp(name);
  const back = await cluster.eventuallySteady(orderlyMs);
  expect(back.status.failures, 'no failed action is left').toEqual([]);
};
