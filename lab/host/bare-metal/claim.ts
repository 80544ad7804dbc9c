import { createHash } from 'node:crypto';
import { LabError } from '../../errors.ts';
import type { Plan } from '../../plan.ts';
import type { Settings } from '../../settings.ts';
import type { Claim } from './record.ts';

/** Labs of the same name in different cache folders are different labs. */
const ownerOf = (settings: Settings): string =>
  createHash('sha256').update(settings.cacheDir).digest('hex').slice(0, 8);

/** What a machine is to remember of the lab of these settings. */
export const claimOf = (settings: Settings, plan: Plan): Claim => ({
  labName: settings.labName,
  owner: ownerOf(settings),
  since: new Date().toISOString(),
  guests: plan.guests.map(({ name }) => name),
  network: plan.network.name,
});

/** Throws a LabError if the machine is another lab's host. */
export const refuseClaimed = (settings: Settings, claim: Claim, of: 'this name' | 'this cache folder'): void => {
  if (claim.labName === settings.labName && (of === 'this name' || claim.owner === ownerOf(settings))) return;
  throw new LabError(
    `The machine is the host of another lab since ${claim.since}: "${claim.labName}"${claim.labName === settings.labName ? ' of another cache folder' : ''}.`,
    { next: `take that one down first: LAB_NAME=${claim.labName} LAB_HOST=${settings.host} npm run lab down` },
  );
};
