import { UsageError } from '../errors.ts';
import { daemonFaults } from './daemon.ts';
import { domainFaults } from './domain.ts';
import type { Fault } from './fault.ts';
import { guestFaults } from './guest.ts';
import { hostClockFaults } from './host-clock.ts';
import { hostEnds } from './host-end.ts';
import { hostPaused } from './host-paused.ts';
import { hostFaults } from './host.ts';
import { port3121Faults } from './port-3121.ts';
import { resourceFaults } from './resource.ts';

/** Every fault, family by family. */
export const catalogue: readonly Fault[] = [
  ...daemonFaults,
  ...port3121Faults,
  ...domainFaults,
  ...hostFaults,
  ...hostEnds,
  hostPaused,
  ...hostClockFaults,
  ...resourceFaults,
  ...guestFaults,
];

/** Finds a fault by its name. Throws a UsageError with the names that there are. */
export const findFault = (name: string): Fault => {
  const found = catalogue.find((fault) => fault.name === name);
  if (found) return found;
  throw new UsageError(`There is no fault named "${name}".`, {
    next: `choose one of: ${catalogue.map((fault) => fault.name).join(', ')} ("npm run lab faults" describes them).`,
  });
};
