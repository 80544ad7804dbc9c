import { domainScripts } from '../../lab/faults/domain.ts';
import type { Fault, FaultSite } from '../../lab/faults/fault.ts';
import { listLeases } from '../../lab/faults/lease.ts';
import { hostScripts } from '../../lab/faults/host.ts';
import { describeMachine, residue } from '../../lab/faults/residue.ts';
import { scriptedFault, type FaultScripts } from '../../lab/faults/scripted-fault.ts';
import { LabError } from '../../lab/errors.ts';
import type { Lab } from '../../lab/lab.ts';
import type { GuestPlan } from '../../lab/plan.ts';
import { expect, test } from './suite.ts';

interface Case {
  readonly scripts: FaultScripts;
  readonly kind: GuestPlan['kind'];
}

/** One guest of each kind; the faults of the host, which are the same for all, in the first alone. */
const table: readonly Case[] = [
  ...domainScripts.flatMap((scripts) => (['lxc', 'kvm'] as const).map((kind) => ({ scripts, kind }))),
  ...hostScripts.map((scripts) => ({ scripts, kind: 'lxc' as const })),
].filter(({ scripts, kind }) => scripts.kinds?.includes(kind) ?? true);

/** Long enough for an election (dc-deadtime, 20 s) and a boot of a KVM guest that is emulated, twice. */
const settling = { timeout: 200_000, intervals: [500] };

/** What acts in the scripts, so that an injection without it does nothing; the rest only looks. */
const acting = ['kill', 'virsh', 'systemctl', 'systemd-run', 'taskset', 'ip', 'mv'];

/** The same fault with an injection that reaches nothing. */
const idle = (scripts: FaultScripts): FaultScripts => ({
  ...scripts,
  inject: (site) => `
    ${acting.map((command) => `${command}() { :; }`).join('\n')}
    awk() { if [ -f "\${@: -1}" ]; then cat "\${@: -1}"; else command awk "$@"; fi; }
    idle() {
      ${scripts.inject(site)}
    }
    idle
    local status=$?
    unset -f ${acting.join(' ')} awk
    return $status`,
  proofTimeoutMs: 500,
});

/**
 * Runs something with a fault in the first guest of a kind; afterwards the lab has to be, and to look, as it was before.
 * A fault that can't be had on this lab is let be, with the reason in the report.
 */
const leavesNothing = async (
  lab: Lab,
  { scripts, kind }: Case,
  work: (site: FaultSite, fault: Fault) => Promise<void>,
): Promise<void> => {
  const guest = lab.plan.guests.find((each) => each.kind === kind);
  if (!guest) throw new Error(`the lab has no guest of the kind ${kind}`);
  const site = { guest, plan: lab.plan, shell: lab.shell };
  const fault = scriptedFault(scripts);
  const reason = await fault.available(site);
  if (reason !== null) {
    test.info().annotations.push({ type: 'not to be had here', description: reason });
    return;
  }
  const stream = await lab.openStream(100);
  try {
    await lab.reset(stream);
    const before = await describeMachine(lab.shell, lab.plan);
    await work(site, fault);
    // A cluster without a DC can't be reset yet, and what it has not noticed yet looks steady.
    await expect
      .poll(async () => {
        try {
          await lab.reset(stream);
        } catch (error) {
          if (!(error instanceof LabError)) throw error;
          return [error.message];
        }
        return residue(before, await describeMachine(lab.shell, lab.plan));
      }, settling)
      .toEqual([]);
  } finally {
    await stream.close();
  }
};

for (const entry of table) {
  const { scripts, kind } = entry;
  const { name, heal } = scripts;

  test(`${name} (${kind}) is proven, undone, and leaves nothing`, async ({ lab }) => {
    await leavesNothing(lab, entry, async (site, fault) => {
      const injection = await fault.inject(site);
      expect(injection.target).not.toBe('');
      expect(injection.proof).not.toBe('');
      expect(injection.leaseId === null).toBe(heal === undefined);
      await injection.heal();
      await injection.heal();
      expect(await listLeases(lab.shell)).toEqual([]);
    });
  });

  test(`${name} (${kind}) without effect is no fault, and leaves nothing`, async ({ lab }) => {
    await leavesNothing(lab, entry, async (site) => {
      await expect(scriptedFault(idle(scripts)).inject(site)).rejects.toThrow(
        `The fault ${name} did not take effect in ${site.guest.name}`,
      );
      expect(await listLeases(lab.shell)).toEqual([]);
    });
  });

  if (heal)
    test(`${name} (${kind}) is undone by the host when nobody renews its lease`, async ({ lab }) => {
      await leavesNothing(lab, entry, async (site, fault) => {
        await fault.inject(site, 1);
        await expect.poll(() => listLeases(lab.shell), { timeout: 30_000 }).toEqual([]);
        if (scripts.healed) await lab.shell.run(scripts.healed(site));
      });
    });
}
