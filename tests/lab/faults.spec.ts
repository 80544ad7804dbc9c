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

/**
 * Does some work with a fault on the first of these kinds of guests with which it can be had. A fault that can't be had on
 * this lab is let be, with the reason in the report.
 */
const whereAvailable = async (
  lab: Lab,
  fault: Fault,
  kinds: readonly GuestPlan['kind'][],
  work: (site: FaultSite) => Promise<void>,
): Promise<void> => {
  for (const kind of kinds) {
    const guest = lab.plan.guests.find((each) => each.kind === kind);
    if (!guest) throw new Error(`the lab has no ${kind.toUpperCase()} guest`);
    const site = { guest, plan: lab.plan, shell: lab.shell };
    const reason = await fault.available(site);
    if (reason === null) {
      await withoutResidue(lab, () => work(site));
      return;
    }
    test.info().annotations.push({ type: `not to be had with ${kind}`, description: reason });
  }
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
  test.describe(fault.name, () => {
    for (const kind of ['lxc', 'kvm'] as const)
      test(`takes effect in a guest of the kind ${kind}, and is healed`, async ({ lab }) => {
        await whereAvailable(lab, fault, [kind], async (site) => {
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

    test('is undone by the host when nobody renews it', async ({ lab }) => {
      await whereAvailable(lab, fault, ['lxc', 'kvm'], async (site) => {
        await fault.inject(site, shortLeaseSeconds);
        await expect
          .poll(() => listLeases(lab.shell), { timeout: undoneTimeoutMs, intervals: [500], message: 'leases' })
          .toEqual([]);
      });
    });

    test('is not believed when it has no effect', async ({ lab }) => {
      await whereAvailable(lab, fault, ['lxc', 'kvm'], async (site) => {
        const injection = fault.inject({ ...site, shell: withoutEffect(lab.shell) });
        await expect(injection).rejects.toThrow(FaultError);
        await expect(injection).rejects.toThrow('did not take effect');
      });
    });
  });
}
