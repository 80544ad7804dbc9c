import type { ClusterStatus, FailedAction, ResourceStatus } from '../observation/cluster-status.ts';
import { nodeOf, resourceOf } from '../observation/look-up.ts';
import type { Plan } from '../plan.ts';

/**
 * Exit codes of agents after which Pacemaker does not try a resource on that node again, whatever its fail count is: hard and fatal
 * errors, from invalid parameters to not configured (Pacemaker Explained, "How Agent Return Codes Are Interpreted").
 */
const hardErrors: ReadonlySet<number> = new Set([2, 3, 4, 5, 6]);

const lasting: ReadonlySet<ResourceStatus['role']> = new Set(['Started', 'Stopped', 'Promoted', 'Unpromoted']);

/**
 * Returns in words which guests the cluster has given up, with the failed action and its reason, as far as a status tells: the guest's
 * resource, or its connection, does not run, and there is no host on which the cluster would try it again. That is so where
 * its fail count has reached its migration threshold (a failed start makes it INFINITY, unless start-failure-is-fatal is false), and where
 * an agent has said that it never can. Empty as long as anything is under way. Whether the cluster has yet to act on it, only its DC
 * can tell.
 */
export const givenUp = (status: ClusterStatus, plan: Plan): readonly string[] => {
  const { dc, options, resources } = status;
  if (dc === null || options.maintenanceMode) return [];
  if (resources.some(({ role, pendingOperation }) => pendingOperation !== null || !lasting.has(role))) return [];
  return plan.guests
    .flatMap(({ name, resource }) => [resource, name])
    .flatMap((id) => {
      const resource = resourceOf(status, id);
      if (resource?.role !== 'Stopped' && !resource?.blocked) return [];
      const refusals = plan.hosts.map(({ name }) => (nodeOf(status, name)?.online ? refusal(status, id, name) : null));
      return refusals.includes(null) ? [] : refusals.filter((words) => words !== null);
    });
};

/** Why a host does not try a resource again, in words; null if it may. */
const refusal = (status: ClusterStatus, id: string, host: string): string | null => {
  const history = status.histories.find(({ resource, node }) => resource === id && node === host);
  if (!history) return null;
  const failed = status.failures.findLast(({ resource, node }) => resource === id && node === host);
  if (failed && (history.failCount >= (history.migrationThreshold ?? Infinity) || hardErrors.has(failed.exitCode)))
    return inWords(failed);
  const probe = history.operations.findLast(({ task }) => task === 'probe');
  return probe && hardErrors.has(probe.exitCode)
    ? `${id} can't run on ${host}: its probe ended with exit code ${probe.exitCode}`
    : null;
};

const inWords = ({ resource, task, node, exitCode, status, reason }: FailedAction): string =>
  `${task} of ${resource} on ${node} failed for good: exit code ${exitCode}, ${status}${reason === null ? '' : `, "${reason}"`}`;
