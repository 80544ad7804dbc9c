import { giveAnotherAuthkey } from '../../lab/guests/another-authkey.ts';
import { runInGuest } from '../../lab/guests/guest-kinds.ts';
import type { Lab } from '../../lab/lab.ts';
import { deviations } from '../../lab/steady-state/deviations.ts';
import { expect, test } from './suite.ts';

/** What people and drills leave behind, by name: all of it has to be gone after a reset. */
const leftovers: Readonly<Record<string, string | ((lab: Lab) => Promise<unknown>)>> = {
  'a failed action and its fail count': 'crm_resource --fail --resource FAKE1 --node lxc1',
  'a ban': 'crm_resource --ban --resource FAKE2 --node lxc2',
  'a stopped resource': 'pcs resource disable FAKE3 --wait=20',
  'a resource that was moved': 'crm_resource --move --resource FAKE5 --node example-host',
  'a guest in standby': 'pcs node standby lxc3 --wait=20',
  'a stopped guest': 'pcs resource disable container2 --wait=30',
  'a changed property': 'pcs property set stonith-enabled=true',
  'a resource of its own': 'pcs resource create STRANGER ocf:pacemaker:Dummy --wait=20',
  'a guest that pacemaker_remote has left':
    'nsenter -t $(cat /proc/$(cat /run/libvirt/lxc/lxc3.pid)/task/*/children) -a systemctl stop pacemaker_remote',
  'an attribute that a guest has set': async ({ shell, plan: { guests } }) => {
    const [guest] = guests;
    if (guest) await runInGuest(shell, guest, 'crm_attribute --lifetime reboot --name stray --update 1');
  },
  'a guest that is kept out by another authkey': async ({ shell, plan: { guests } }) => {
    const [guest] = guests;
    if (!guest) throw new Error('the plan has no guest');
    await giveAnotherAuthkey(shell, guest);
    await shell.run(`pcs resource disable ${guest.resource} --wait=30 && pcs resource enable ${guest.resource}`);
    await shell.run('until crm_mon -1 | grep "Key was rejected by service"; do sleep 0.2; done');
  },
  'a host without quorum': 'corosync-cmapctl -s quorum.expected_votes u32 2',
  'a stopped cluster': 'pcs cluster stop --force',
  'maintenance mode': 'pcs property set maintenance-mode=true',
};

for (const [what, leave] of Object.entries(leftovers)) {
  test(`a reset takes ${what} away, and a second one has nothing to do`, async ({ lab }) => {
    const stream = await lab.openStream(100);
    try {
      // A stopped cluster is seen stopping only.
      await Promise.all([
        stream.until((sample) => deviations(sample, lab.plan, lab.state.baseline.placement).length > 0, {
          timeoutMs: 60_000,
          what: 'a deviation',
        }),
        typeof leave === 'string' ? lab.shell.run(leave, { timeoutMs: 60_000 }) : leave(lab),
      ]);
      expect((await lab.reset(stream)).done).not.toEqual([]);
      expect(deviations(await stream.next(), lab.plan, lab.state.baseline.placement)).toEqual([]);
      expect((await lab.reset(stream)).done).toEqual([]);
    } finally {
      await stream.close();
    }
  });
}
