import { FaultError } from '../../lab/errors.ts';
import { catalogue } from '../../lab/faults/catalogue.ts';
import type { Fault, FaultSite } from '../../lab/faults/fault.ts';
import { listLeases } from '../../lab/faults/lease.ts';
import { describeMachine, residue } from '../../lab/faults/residue.ts';
import type { Lab } from '../../lab/lab.ts';
import type { GuestPlan } from '../../lab/plan.ts';
import type { HostShell } from '../../lab/transport/host-shell.ts';
import { expect, test } from './suite.ts';

/** A guest whose machine the host has to wait for (it boots) is healed as soon as it answers. */
const undoneTimeoutMs = 60_000;
const shortLeaseSeconds = 2;

const siteOf = (lab: Lab, kind: GuestPlan['kind']): FaultSite => {
  const guest = lab.plan.guests.find((each) => each.kind === kind);
  test.skip(guest === undefined, `the lab has no ${kind.toUpperCase()} guest`);
  if (!guest) throw new Error('unreachable');
  return { guest, plan: lab.plan, shell: lab.shell };
};

const skipIfUnavailable = async (fault: Fault, site: FaultSite): Promise<void> => {
  const reason = await fault.available(site);
  test.skip(reason !== null, reason ?? '');
};

/** Does some work on a lab in its steady state, puts it back there, and expects that nothing is left on any machine. */
const withoutResidue = async (lab: Lab, work: () => Promise<void>): Promise<void> => {
  const stream = await lab.openStream(100);
  try {
    await lab.reset(stream);
    const before = await describeMachine(lab.shell, lab.plan);
    await work();
    await lab.reset(stream);
    expect(residue(before, await describeMachine(lab.shell, lab.plan))).toEqual([]);
  } finally {
    await stream.close();
  }
};

/** A shell on which faults are injected that do nothing. */
const withoutEffect = (shell: HostShell): HostShell => {
  const mutated = (text: string): string => text.replace('inject() {', 'inject() { target=nothing; return; ');
  return {
    ...shell,
    run: (script, options = {}) =>
      shell.run(mutated(script), {
        ...options,
        ...(options.input !== undefined && { input: mutated(String(options.input)) }),
      }),
  };
};

for (const fault of catalogue) {
  test.describe(`${fault.name}`, () => {
    for (const kind of ['lxc', 'kvm'] as const)
      test(`takes effect in a guest of the kind ${kind}, and is healed`, async ({ lab }) => {
        const site = siteOf(lab, kind);
        await skipIfUnavailable(fault, site);
        await withoutResidue(lab, async () => {
          const injection = await fault.inject(site);
          try {
            expect(injection.target).toContain(site.guest.name);
            expect(injection.proof).not.toBe('');
            expect(Math.abs(injection.atMs - Date.now())).toBeLessThan(10_000);
            expect(await listLeases(lab.shell)).toEqual(injection.leaseId === null ? [] : [injection.leaseId]);
          } finally {
            await injection.heal();
          }
          // What heals may be run twice.
          await injection.heal();
          expect(await listLeases(lab.shell)).toEqual([]);
        });
      });

    test('is undone by the host when nobody renews it', async ({ lab }) => {
      const lxc = siteOf(lab, 'lxc');
      const site = (await fault.available(lxc)) === null ? lxc : siteOf(lab, 'kvm');
      await skipIfUnavailable(fault, site);
      await withoutResidue(lab, async () => {
        const { leaseId } = await fault.inject(site, shortLeaseSeconds);
        test.skip(leaseId === null, 'it leaves nothing to undo');
        await expect
          .poll(() => listLeases(lab.shell), { timeout: undoneTimeoutMs, intervals: [500], message: 'leases' })
          .toEqual([]);
      });
    });

    test('is not believed when it has no effect', async ({ lab }) => {
      const lxc = siteOf(lab, 'lxc');
      const site = (await fault.available(lxc)) === null ? lxc : siteOf(lab, 'kvm');
      await skipIfUnavailable(fault, site);
      await withoutResidue(lab, async () => {
        const injection = fault.inject({ ...site, shell: withoutEffect(lab.shell) });
        await expect(injection).rejects.toThrow(FaultError);
        await expect(injection).rejects.toThrow('did not take effect');
      });
    });
  });
}
