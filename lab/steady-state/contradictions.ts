import type { GuestTruth } from '../guests/guest-truth.ts';
import type { ClusterStatus } from '../observation/cluster-status.ts';
import { resourceOf } from '../observation/look-up.ts';
import type { Plan } from '../plan.ts';
import { leavesStateFile } from './deviations.ts';

/**
 * Returns the ids of the plan's resources of which the machine shows something else than the cluster: their agents' state
 * file is missing in the guest where they are said to run, or is in another one. A guest that does not answer shows nothing.
 */
export const contradictions = (
  status: ClusterStatus,
  plan: Plan,
  truths: ReadonlyMap<string, GuestTruth>,
): readonly string[] =>
  plan.resources
    .filter(({ id, agent }) => {
      const resource = resourceOf(status, id);
      const claimed = resource?.active ? resource.nodes : [];
      return (
        leavesStateFile.test(agent) &&
        [...truths].some(
          ([guest, { bootId, stateFiles }]) => bootId !== null && stateFiles.includes(id) !== claimed.includes(guest),
        )
      );
    })
    .map(({ id }) => id);
