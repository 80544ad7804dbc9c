import { LabError } from '../../lab/errors.ts';
import type { Fault, FaultSite } from '../../lab/faults/fault.ts';
import { describeMachine, residue } from '../../lab/faults/residue.ts';
import type { Lab } from '../../lab/lab.ts';
import type { GuestPlan } from '../../lab/plan.ts';
import { expect, test } from './suite.ts';

/** With which guest a fault is tried: the first of a kind, or of all. */
export type TrialKind = GuestPlan['kind'] | 'any';

/** Long enough for an election (dc-deadtime, 20 s) and a boot of a KVM guest that is emulated, twice. */
const settling = { timeout: 200_000, intervals: [500] };

/** Where a fault can be tried in a lab. Skips the test, with the reason, where it can't be had. */
const siteOf = async (lab: Lab, fault: Fault, kind: TrialKind): Promise<FaultSite> => {
  const guest = lab.plan.guests.find((each) => kind === 'any' || each.kind === kind);
  test.skip(!guest, `the plan ${lab.plan.name} has no ${kind.toUpperCase()} guest`);
  if (!guest) throw new LabError('A test that is skipped goes on.');
  const site = { guest, plan: lab.plan, host: lab.host, shell: lab.shell };
  const reason = await fault.available(site);
  test.skip(reason !== null, reason ?? '');
  return site;
};

/** Does some work with a fault on a lab in its steady state; afterwards the lab has to be, and to look, as it was before. */
export const tryFault = async (
  lab: Lab,
  fault: Fault,
  kind: TrialKind,
  work: (site: FaultSite) => Promise<void>,
): Promise<void> => {
  // A stream of its own each time: not every fault is one that a stream outlives.
  const reset = async (): Promise<void> => {
    const stream = await lab.openStream(100);
    try {
      await lab.reset(stream);
    } finally {
      await stream.close();
    }
  };
  await reset();
  const site = await siteOf(lab, fault, kind);
  const before = await describeMachine(lab.shell, lab.plan);
  await work(site);
  // A cluster without a DC can't be reset yet, and what it has not noticed yet looks steady.
  await expect
    .poll(async () => {
      try {
        await reset();
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        return [error.message];
      }
      return residue(before, await describeMachine(lab.shell, lab.plan));
    }, settling)
    .toEqual([]);
};
