import { lostConnectionBudgets } from '../fixtures/budgets.ts';
import { expect } from '../fixtures/expect.ts';
import { pacemakerRemotedKilled } from '../fixtures/faults/pacemaker-remoted-killed.ts';
import { bystandersOf, plannedGuests } from '../fixtures/guests.ts';
import { nodeOf, resourceOf, whatRunsOn } from '../fixtures/observer/running.ts';
import { test } from '../fixtures/test.ts';

const tags = { tag: ['@walkthrough', '@lxc'] };

/** What an orderly start or stop of a guest may take. */
const orderlyMs = 60_000;

// One guest stands for all, as in the document.
for (const guest of plannedGuests().slice(0, 1)) {
  test(
    "libvirt's default network is active, started at boot, and has the expected address",
    tags,
    async ({ cluster }) => {
      const network = await cluster.networkDescription();
      expect(network, 'the network is active').toMatch(/^Active:\s+yes$/m);
      expect(network, 'the network is persistent').toMatch(/^Persistent:\s+yes$/m);
      expect(network, 'the network is started at boot').toMatch(/^Autostart:\s+yes$/m);
      expect(network, 'the network has the address 192.168.122.1').toContain(
        "<ip address='192.168.122.1' netmask='255.255.255.0'>",
      );
    },
  );

  test('each guest is a guest node, run by its resource, with a connection of its own', tags, async ({ cluster }) => {
    const { status } = await cluster.now();
    for (const { name, resource } of plannedGuests()) {
      expect(nodeOf(status, name), `${name} is an online guest node that ${resource} runs`).toMatchObject({
        kind: 'guest',
        guestResource: resource,
        online: true,
      });
      expect(resourceOf(status, resource), `${resource} runs on the host`).toMatchObject({
        role: 'Started',
        nodes: [cluster.hostName],
      });
      expect(resourceOf(status, name), `${name} has a connection that is Started`).toMatchObject({
        agent: 'ocf:pacemaker:remote',
        role: 'Started',
      });
    }
  });

  test(
    'the Dummy resources are spread over the guests, and their state files are where they run',
    tags,
    async ({ cluster }) => {
      const { status, machine } = await cluster.now();
      for (const { name } of plannedGuests()) {
        const ran = whatRunsOn(status, name);
        expect(ran.length, `something runs on ${name}`).toBeGreaterThan(0);
        expect(
          machine.get(name)?.stateFiles?.toSorted(),
          `state files in ${name} are those of what runs there`,
        ).toEqual(ran.toSorted());
      }
      expect(machine.get(cluster.hostName)?.stateFiles, 'state files on the host are those of what runs there').toEqual(
        whatRunsOn(status, cluster.hostName).filter((id) => resourceOf(status, id)?.agent.endsWith(':Dummy')),
      );
    },
  );

  test('stopping a Dummy resource removes its state file', tags, async ({ cluster }) => {
    const [dummy = ''] = whatRunsOn((await cluster.now()).status, guest.name);
    await cluster.disable(dummy);
    await cluster.eventually(
      `${dummy} is stopped`,
      ({ status }) => resourceOf(status, dummy)?.role === 'Stopped',
      orderlyMs,
    );
    expect((await cluster.truthOf(guest)).stateFiles, `the state file of ${dummy} is gone`).not.toContain(dummy);
    await cluster.enable(dummy);
    const back = await cluster.eventually(
      `${dummy} runs again`,
      ({ status }) => resourceOf(status, dummy)?.role === 'Started',
      orderlyMs,
    );
    const [place = ''] = resourceOf(back.status, dummy)?.nodes ?? [];
    expect(back.machine.get(place)?.stateFiles, `the state file of ${dummy} is on ${place}`).toContain(dummy);
    expect(back.status.failures, 'no failed action').toEqual([]);
  });

  test(
    'a guest node vanishes when its resource is stopped, appears when it starts, and neither is a failure',
    tags,
    async ({ cluster }) => {
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
      for (const other of bystandersOf(guest))
        expect(nodeOf(away.status, other.name)?.online, `${other.name} is online`).toBe(true);

      await cluster.enable(guest.resource);
      const back = await cluster.eventually(
        `${guest.name} is a guest node again`,
        ({ status }) =>
          nodeOf(status, guest.name)?.online === true && resourceOf(status, guest.name)?.role === 'Started',
        orderlyMs,
      );
      expect((await cluster.truthOf(guest)).domainId, `a domain ${guest.name} runs`).not.toBeNull();
      expect(back.status.failures, 'no failed action').toEqual([]);
    },
  );

  test(
    'a connection to port 3121 is closed by pacemaker_remote, refused without it, and has no route without the guest',
    tags,
    async ({ cluster }) => {
      expect(await cluster.checkConnection(guest), 'with pacemaker_remote running').toBe(
        'accepted and closed by the peer',
      );
      await cluster.stopDaemon(guest);
      expect(await cluster.checkConnection(guest), 'with pacemaker_remote stopped').toBe('refused');
      await cluster.disable(guest.resource);
      await cluster.eventually(
        `${guest.resource} is stopped`,
        ({ status }) => resourceOf(status, guest.resource)?.role === 'Stopped',
        orderlyMs,
      );
      expect(await cluster.checkConnection(guest), 'with the guest stopped').toBe('no route');
    },
  );

  test(
    'the failed action of a killed daemon is cleared by a clean-up of the connection while it is active',
    tags,
    async ({ drill, cluster }) => {
      const outcome = await drill.breakAndWatch(pacemakerRemotedKilled, guest, lostConnectionBudgets);
      expect(outcome).toRecoverWithin(lostConnectionBudgets);
      const records = ({ status }: typeof outcome.before) => [
        ...status.failures.filter(({ resource }) => resource === guest.name),
        ...status.histories.filter(({ resource, failCount }) => resource === guest.name && failCount > 0),
      ];
      expect(records(await cluster.now()), 'a failed action and a fail count').toHaveLength(2);
      await cluster.cleanUp(guest.name);
      await cluster.eventually(
        'failed action and fail count are gone',
        (sample) => records(sample).length === 0,
        orderlyMs,
      );
      expect((await cluster.truthOf(guest)).bootId, 'the clean-up restarts nothing').toBe(
        outcome.truthAfter.get(guest.name)?.bootId,
      );
    },
  );

  test(
    'an orderly stop of pacemaker_remote is no failure: what ran there moves, and the guest runs on',
    tags,
    async ({ cluster }) => {
      const ran = whatRunsOn((await cluster.now()).status, guest.name);
      const { domainId } = await cluster.truthOf(guest);
      await cluster.stopDaemon(guest);
      const left = await cluster.eventually(
        `${guest.name} has left and what ran there runs elsewhere`,
        ({ status }) =>
          nodeOf(status, guest.name)?.online !== true && ran.every((id) => resourceOf(status, id)?.role === 'Started'),
        orderlyMs,
      );
      expect(left.status.failures, 'no failed action').toEqual([]);
      expect(nodeOf(left.status, guest.name)?.unclean ?? false, `${guest.name} is not unclean`).toBe(false);
      expect(resourceOf(left.status, guest.resource)?.role, `${guest.resource} is Started`).toBe('Started');
      expect(await cluster.truthOf(guest), 'the same domain runs, without state files').toMatchObject({
        domainId,
        stateFiles: [],
      });
    },
  );
}
