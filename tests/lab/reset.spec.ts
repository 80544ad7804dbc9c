import { deviations } from '../../lab/steady-state/deviations.ts';
import { expect, test } from './suite.ts';

/** What people and drills leave behind, by name: all of it has to be gone after a reset. */
const leftovers = {
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
  'maintenance mode': 'pcs property set maintenance-mode=true',
};

for (const [what, script] of Object.entries(leftovers)) {
  test(`a reset takes ${what} away, and a second one has nothing to do`, async ({ lab }) => {
    const stream = await lab.openStream(100);
    try {
      await lab.shell.run(script, { timeoutMs: 60_000 });
      await stream.until((sample) => deviations(sample, lab.plan, lab.state.baseline.placement).length > 0, {
        timeoutMs: 20_000,
        what: 'a deviation',
      });
      expect((await lab.reset(stream)).done).not.toEqual([]);
      expect(deviations(await stream.next(), lab.plan, lab.state.baseline.placement)).toEqual([]);
      expect((await lab.reset(stream)).done).toEqual([]);
    } finally {
      await stream.close();
    }
  });
}
