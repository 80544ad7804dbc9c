import { findFault, type Fault } from '../fixtures/faults.ts';
import { plannedGuests, type GuestPlan } from '../fixtures/guests.ts';

/** A drill of the catalogue: what it is called, how it is tagged, and what is done to whom. */
export interface CatalogueDrill {
  readonly title: string;
  readonly tags: { readonly tag: string[] };
  readonly fault: Fault;
  readonly guest: GuestPlan;
}

export interface Choice {
  /** Whether it belongs to the quick set: it takes less than half a minute on an LXC guest, its preparation and reset included. */
  readonly quick?: boolean;
  /** Only guests of this kind, where the kinds fare differently. */
  readonly kind?: GuestPlan['kind'];
}

/** The first guest of each kind in the plan: one stands for all. */
const oneOfEachKind = (['lxc', 'kvm'] as const).flatMap((kind) => plannedGuests(kind).slice(0, 1));

/** The guests for whom a fault has a drill each. A fault of the host hits all of its guests at once: one of them stands for all kinds. */
const guestsFor = ({ family, kinds }: Fault, only: GuestPlan['kind'] | undefined): readonly GuestPlan[] => {
  const guests = oneOfEachKind.filter(({ kind }) => kinds.includes(kind) && (only === undefined || only === kind));
  return family === 'host' ? guests.slice(0, 1) : guests;
};

/**
 * Lists a drill of each fault for the first guest of each kind to which it can be done, one in all for a fault of the host,
 * tagged by the fault's family, the guest's kind, and its length. Takes the faults' names and what is promised of the guest, as the end of a sentence that
 * begins with the guest's name.
 */
export const drillsOf = (
  faults: readonly string[],
  promise: string,
  { quick = false, kind }: Choice = {},
): readonly CatalogueDrill[] =>
  faults.map(findFault).flatMap((fault) =>
    guestsFor(fault, kind).map((guest) => ({
      title: `${fault.name}: ${guest.name} ${promise}`,
      tags: {
        tag: ['@catalogue', `@${fault.family}`, `@${guest.kind}`, ...(quick && guest.kind === 'lxc' ? ['@quick'] : [])],
      },
      fault,
      guest,
    })),
  );
