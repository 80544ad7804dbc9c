import { LabError, ObservationError } from '../errors.ts';
import { resourceOf } from '../observation/look-up.ts';
import type { Sample } from '../observation/sample.ts';
import type { StatusStream } from '../observation/status-stream.ts';
import type { Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { readConfiguration, type Baseline } from './baseline.ts';
import { deviations } from './deviations.ts';

/** How long the cluster may take to settle after it was reset: a guest that has to boot and connect included. */
const settleTimeoutMs = 90_000;
const resetPaceMs = 100;

export interface ResetReport {
  /** What was done, in words; empty if the lab already was in its steady state. */
  readonly done: readonly string[];
  readonly durationMs: number;
}

/**
 * Brings a lab back to its steady state without rebuilding it: the baseline configuration, no failed actions and fail
 * counts, every guest up, every resource where the baseline has it. Returns what it did.
 * Throws a LabError that lists what still deviates if the cluster does not settle; such a lab has to be rebuilt.
 */
export const resetLab = async (
  shell: HostShell,
  stream: StatusStream,
  plan: Plan,
  baseline: Baseline,
  signal?: AbortSignal,
): Promise<ResetReport> => {
  const startedAt = performance.now();
  const done: string[] = [];
  const restorePace = stream.setPace(resetPaceMs);
  const wrongNow = async (): Promise<readonly string[]> =>
    deviations(await stream.next(signal), plan, baseline.placement);
  try {
    if ((await readConfiguration(shell)) !== baseline.configuration) {
      done.push('put the baseline configuration back');
      await shell.run('cibadmin --replace --scope configuration --xml-pipe', { input: baseline.configuration });
      await waitUntilIdle(shell, plan, signal);
    }
    if ((await wrongNow()).length > 0) {
      done.push('cleaned up failed actions and fail counts');
      await shell.run('crm_resource --cleanup');
      await waitUntilIdle(shell, plan, signal);
      const left = leftByDaemon(await stream.next(signal), plan);
      if (left.length > 0) {
        done.push(`restarted ${left.map((guest) => guest.name).join(', ')}`);
        for (const { resource } of left)
          await shell.run(`pcs resource disable ${resource} --wait=90 && pcs resource enable ${resource}`, {
            timeoutMs: 120_000,
          });
      }
      // Every guest up, every resource running somewhere: what ran elsewhere is moved only then.
      await settle(stream, plan, {}, signal);
      await waitUntilIdle(shell, plan, signal);
    }
    const moved = misplaced(await stream.next(signal), plan, baseline);
    if (moved.length > 0) {
      done.push(`moved ${moved.join(', ')} back`);
      const each = (command: (id: string) => string): string => ['set -e', ...moved.map(command)].join('\n');
      await shell.run(each((id) => `crm_resource --move --resource ${id} --node ${baseline.placement[id] ?? ''}`));
      await settle(stream, plan, baseline.placement, signal);
      await shell.run(each((id) => `crm_resource --clear --resource ${id}`));
    }
    await waitUntilIdle(shell, plan, signal);
    const wrong = await wrongNow();
    if (wrong.length > 0) throw cannotReset(wrong);
  } finally {
    restorePace();
  }
  return { done, durationMs: performance.now() - startedAt };
};

/**
 * The guests that run while the cluster has let their connection go: their pacemaker_remote left in order, and the cluster
 * does not call it again before the guest itself has been restarted.
 */
const leftByDaemon = (sample: Sample, plan: Plan): Plan['guests'] => {
  const roleOf = (id: string) => resourceOf(sample.status, id)?.role;
  return plan.guests.filter(({ name, resource }) => roleOf(resource) === 'Started' && roleOf(name) === 'Stopped');
};

const misplaced = (sample: Sample, plan: Plan, baseline: Baseline): string[] =>
  plan.resources.flatMap(({ id }) => {
    const nodes = resourceOf(sample.status, id)?.nodes ?? [];
    return nodes.join() === baseline.placement[id] ? [] : [id];
  });

const settle = async (
  stream: StatusStream,
  plan: Plan,
  placement: Baseline['placement'],
  signal?: AbortSignal,
): Promise<void> => {
  let wrong: readonly string[] = [];
  try {
    await stream.until(
      (sample) => {
        wrong = deviations(sample, plan, placement);
        return wrong.length === 0;
      },
      { timeoutMs: settleTimeoutMs, what: 'the steady state', ...(signal && { signal }) },
    );
  } catch (error) {
    if (signal?.aborted || !(error instanceof ObservationError)) throw error;
    throw cannotReset(wrong, error);
  }
};

const cannotReset = (wrong: readonly string[], cause?: unknown): LabError =>
  new LabError(`The lab can't be reset:\n${wrong.map((line) => `  ${line}`).join('\n')}`, {
    cause,
    next: 'it has to be rebuilt: "npm run lab down", then "npm run lab up".',
  });

/** Waits until the DC has nothing left to do: what a sample shows is steady only then. */
export const waitUntilIdle = async (shell: HostShell, plan: Plan, signal?: AbortSignal): Promise<void> => {
  await shell.run(
    // Bounded by run's own limit; crmadmin by its own too, since one that is started without a DC can spin.
    `while :; do
      for host in ${plan.hosts.map((host) => host.name).join(' ')}; do
        timeout 5 crmadmin --status="$host" 2>/dev/null | grep -q S_IDLE && exit 0
      done
      sleep 0.1
    done`,
    { timeoutMs: 60_000, ...(signal && { signal }) },
  );
};
