import { FaultError } from '../../lab/errors.ts';
import { catalogue } from '../../lab/faults/catalogue.ts';
import type { Fault } from '../../lab/faults/fault.ts';
import { listLeases } from '../../lab/faults/lease.ts';
import { kindOf } from '../../lab/guests/guest-kinds.ts';
import { pause } from '../../lab/pause.ts';
import { tryFault, type TrialKind } from './fault-trial.ts';
import { expect, test } from './suite.ts';
import { siteWithoutEffect } from './without-effect.ts';

/** A guest whose machine the host has to wait for (it boots) is healed as soon as it answers. */
const undoneTimeoutMs = 60_000;
const shortLeaseSeconds = 2;

/** With which kinds a fault is tried: both, but for the faults of the host, which are the same for all guests. */
const kindsFor = ({ family }: Fault): readonly TrialKind[] => (family === 'host' ? ['any'] : ['lxc', 'kvm']);

/** Faults that a boot does not undo; an LXC guest's disk is the host's. */
const onTheDisk = ['pacemaker-remoted-crash-loop', 'pacemaker-remote-masked', 'guest-name-differs'];

for (const fault of catalogue)
  for (const kind of kindsFor(fault))
    test.describe(`${fault.name} (${kind})`, { tag: `@${fault.family}` }, () => {
      test('is proven, undone, and leaves nothing', async ({ lab }) => {
        await tryFault(lab, fault, kind, async (site) => {
          const injection = await fault.inject(site);
          try {
            expect(injection.target).not.toBe('');
            expect(injection.proof).not.toBe('');
            expect(Math.abs(injection.atMs - Date.now())).toBeLessThan(30_000);
            expect(await listLeases(lab.shell)).toEqual([injection.leaseId].filter(Boolean));
          } finally {
            await injection.heal();
          }
          // What heals may be run twice.
          await injection.heal();
          expect(await listLeases(lab.shell)).toEqual([]);
        });
      });

      test('without effect is no fault, and leaves nothing', async ({ lab }) => {
        await tryFault(lab, fault, kind, async (site) => {
          const injection = fault.inject(siteWithoutEffect(site, fault.family));
          await expect(injection).rejects.toThrow(FaultError);
          await expect(injection).rejects.toThrow(`The fault ${fault.name} did not take effect in ${site.guest.name}`);
          expect(await listLeases(lab.shell)).toEqual([]);
        });
      });

      if (kind === 'kvm' && onTheDisk.includes(fault.name))
        test('is undone on the disk of a guest that is just being started', async ({ lab }) => {
          await tryFault(lab, fault, kind, async (site) => {
            const maintenance = 'crm_attribute --type crm_config --name maintenance-mode';
            const virsh = (order: string) => `virsh -c ${kindOf(site.guest).hypervisor} ${order} ${site.guest.name}`;
            await lab.shell.run(`${maintenance} --update true`);
            const injection = await fault.inject(site);
            // So libvirt calls it, too, until its QEMU has been made ready.
            await lab.shell.run(virsh('suspend'));
            const healing = injection.heal();
            await pause(2_000);
            expect(await listLeases(lab.shell)).toEqual([injection.leaseId]);
            await lab.shell.run(virsh('resume'));
            await healing;
            await lab.shell.run(`${maintenance} --delete`);
          });
        });

      test('is undone by the host when nobody renews its lease', async ({ lab }) => {
        await tryFault(lab, fault, kind, async (site) => {
          const injection = await fault.inject(site, shortLeaseSeconds);
          if (injection.leaseId === null)
            test.info().annotations.push({ type: 'nothing to undo', description: 'it is for the cluster to recover' });
          await expect
            .poll(() => listLeases(lab.shell), { timeout: undoneTimeoutMs, intervals: [500], message: 'leases' })
            .toEqual([]);
          // There is no lease any more, so that this looks whether it is undone and does nothing.
          await injection.heal();
        });
      });
    });
