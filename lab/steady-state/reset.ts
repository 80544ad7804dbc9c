import { removeFenceAgent } from '../cluster/fencing.ts';
import { requireMarker } from '../cluster/marker.ts';
import { startAgain } from '../cluster/membership.ts';
import { quorumIsTaken, returnQuorum } from '../cluster/quorum.ts';
import { LabError, ObservationError } from '../errors.ts';
import { healLease, listLeases } from '../faults/lease.ts';
import { describeMachine, residue } from '../faults/residue.ts';
import { bootTimeoutMs, untilBooted } from '../host/boot.ts';
import { guestsWithAnotherAuthkey, returnAuthkey } from '../guests/another-authkey.ts';
import { readConnections } from '../guests/connections.ts';
import { readGuestTruth } from '../guests/guest-kinds.ts';
import { withQuickAcknowledgements } from '../guests/quick-acknowledgements.ts';
import { resourceOf } from '../observation/look-up.ts';
import type { Sample } from '../observation/sample.ts';
import type { StatusStream } from '../observation/status-stream.ts';
import type { Plan } from '../plan.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';
import { readConfiguration, type Baseline } from './baseline.ts';
import { contradictions } from './contradictions.ts';
import { deviations } from './deviations.ts';

/** How long the cluster may take to settle after it was reset: an emulated guest that boots on a busy machine included. */
const settleTimeoutMs = 150_000;
const resetPaceMs = 100;
/** dc-deadtime as shipped is 20 s, and the election comes after it. */
const dcTimeoutMs = 90_000;
const idleTimeoutMs = 60_000;
/** Stopping the cluster takes pcs the longest. */
const pcsTimeoutMs = 180_000;
const stillAtWork = 9;

/**
 * Makes the configuration that stands on standard input the cluster's, by a patch. A CIB that is replaced as a whole has the
 * controllers tell their history again, and with it monitors that maintenance mode has ended: docs/findings.md, 24.
 */
const restoreConfiguration = `
work=$(mktemp -d) && trap 'rm -r "$work"' EXIT && cd "$work" || exit 1
cibadmin --query >now.xml && cp now.xml wanted.xml || exit 1
CIB_file=$work/wanted.xml cibadmin --replace --scope configuration --xml-pipe || exit 1
crm_diff --original now.xml --new wanted.xml --no-version >patch.xml
[ ! -s patch.xml ] || cibadmin --patch --xml-file patch.xml`;

export interface ResetReport {
  /** What was done, in words; empty if the lab already was in its steady state. */
  readonly done: readonly string[];
  readonly durationMs: number;
}

/**
 * Brings a lab back to its steady state without rebuilding it: no fault that is injected, a cluster that runs with quorum, the baseline configuration,
 * the cluster's authkey in every guest, no node attributes, failed actions and fail counts, every guest up, every resource
 * where the baseline has it. Returns what it did.
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
  const [leases] = await Promise.all([listLeases(shell), requireMarker(shell)]);
  const restorePace = stream.setPace(resetPaceMs);
  const wrongNow = async (): Promise<readonly string[]> =>
    deviations(await stream.next(signal), plan, baseline.placement);
  try {
    for (const id of leases) await healLease(shell, id);
    if (leases.length > 0) done.push(`healed ${leases.join(', ')}`);
    done.push(...(await revive(shell, stream, plan, signal)));
    const [wrongKeys, configuration] = await Promise.all([
      guestsWithAnotherAuthkey(shell, plan),
      readConfiguration(shell),
    ]);
    for (const guest of wrongKeys) await returnAuthkey(shell, guest);
    if (wrongKeys.length > 0) done.push(`gave ${namesOf(wrongKeys)} the authkey back`);
    if (configuration !== baseline.configuration) {
      done.push('put the baseline configuration back');
      await shell.run(restoreConfiguration, { input: baseline.configuration });
      await waitUntilIdle(shell, plan, signal);
    }
    // A device without its agent can't be stopped.
    await shell.run(removeFenceAgent);
    if (wrongKeys.length === 0 && (await isSteady(shell, stream, plan, baseline, signal)))
      return { done, durationMs: performance.now() - startedAt };
    const { attributes } = (await stream.next(signal)).status;
    if (attributes.length > 0) {
      done.push(`deleted ${attributes.map(({ name, node }) => `${name} of ${node}`).join(', ')}`);
      for (const { name, node } of attributes)
        await shell.run(`crm_attribute --type status --node ${quote(node)} --name ${quote(name)} --delete`);
    }
    done.push(...(await lookAnew(shell, stream, plan, signal)));
    const lost = await lostUnnoticed(shell, stream, plan, signal);
    if (lost.length > 0) done.push(`found the connection of ${namesOf(lost)} lost, which the cluster has not noticed`);
    if ((await wrongNow()).length > 0 || lost.length > 0) {
      done.push('cleaned up failed actions and fail counts');
      await shell.run('crm_resource --cleanup');
      await waitUntilIdle(shell, plan, signal);
      const left = [...new Set([...leftByDaemon(await stream.next(signal), plan), ...wrongKeys, ...lost])];
      if (left.length > 0) {
        done.push(`restarted ${namesOf(left)}`);
        await restart(shell, stream, left, signal);
      }
      // Every guest up, every resource running somewhere: what ran elsewhere is moved only then.
      await withQuickAcknowledgements(shell, plan, async () => {
        await settle(stream, plan, {}, signal);
        await waitUntilIdle(shell, plan, signal);
      });
      if (lost.length > 0) await monitorAnew(shell, stream, plan, signal);
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
    const wrong = [...(await wrongNow()), ...residue(baseline.machine, await describeMachine(shell, plan))];
    if (wrong.length > 0) throw cannotReset(wrong);
  } finally {
    restorePace();
  }
  return { done, durationMs: performance.now() - startedAt };
};

/**
 * Says whether there is nothing left to put right, once the cluster is idle. What is looked at further on step by step, since each step changes what the
 * next one sees, is looked at side by side here: a lab that is steady needs no step.
 */
const isSteady = async (
  shell: HostShell,
  stream: StatusStream,
  plan: Plan,
  baseline: Baseline,
  signal?: AbortSignal,
): Promise<boolean> => {
  const isClean = (sample: Sample): boolean => deviations(sample, plan, baseline.placement).length === 0;
  const latest = stream.since(0).at(-1);
  if (latest === undefined || !isClean(latest)) return false;
  await waitUntilIdle(shell, plan, signal);
  const [sample, truths, connected, machine] = await Promise.all([
    stream.next(signal),
    readGuestTruth(shell, plan.guests),
    readConnections(shell, plan),
    describeMachine(shell, plan),
  ]);
  return (
    isClean(sample) &&
    contradictions(sample.status, plan, truths).length === 0 &&
    withoutConnection(sample, plan, connected).length === 0 &&
    residue(baseline.machine, machine).length === 0
  );
};

const namesOf = (guests: Plan['guests']): string => guests.map(({ name }) => name).join(', ');

/** Starts a cluster that was stopped, and gives it the votes back that it was deprived of. Returns what it did, in words. */
const revive = async (shell: HostShell, stream: StatusStream, plan: Plan, signal?: AbortSignal): Promise<string[]> => {
  let stale = stream.since(0).at(-1);
  const { stdout } = await shell.run(
    // What an interrupted run had pcs do on this host goes on without it: it would stop what is started here.
    `${untilBooted}
    while pgrep -x pcs >/dev/null; do sleep 0.1; done
    for unit in corosync pacemaker; do systemctl is-active --quiet "$unit" || echo stopped; done
    if ${quorumIsTaken}; then echo inquorate; fi`,
    { timeoutMs: bootTimeoutMs + pcsTimeoutMs, ...(signal && { signal }) },
  );
  const done: string[] = [];
  if (stdout.includes('stopped')) {
    // What a sample from before says no longer counts.
    stale = stream.since(0).at(-1);
    done.push('started the cluster');
    await startAgain(shell, signal);
  } else if (stdout.includes('inquorate')) {
    done.push('gave the quorum back');
    await returnQuorum(shell, plan.hosts.length);
  }
  await stream.until((sample) => sample !== stale && sample.status.dc !== null, {
    timeoutMs: dcTimeoutMs,
    what: 'a DC',
    ...(signal && { signal }),
  });
  return done;
};

/**
 * Has the cluster look anew for resources that are not where it believes, so that it does not record as a failure later what
 * it has not noticed yet. Returns what it did, in words.
 */
const lookAnew = async (
  shell: HostShell,
  stream: StatusStream,
  plan: Plan,
  signal?: AbortSignal,
): Promise<string[]> => {
  await waitUntilIdle(shell, plan, signal);
  const [{ status }, truths] = await Promise.all([stream.next(signal), readGuestTruth(shell, plan.guests)]);
  const ids = contradictions(status, plan, truths);
  if (ids.length === 0) return [];
  await shell.run(['set -e', ...ids.map((id) => `crm_resource --refresh --resource ${id}`)].join('\n'));
  await waitUntilIdle(shell, plan, signal);
  return [`looked for ${ids.join(', ')} anew`];
};

/** The guests that the cluster says it is connected to and the host's kernel knows no connection to: docs/findings.md, 24. */
const lostUnnoticed = async (
  shell: HostShell,
  stream: StatusStream,
  plan: Plan,
  signal?: AbortSignal,
): Promise<Plan['guests']> => {
  const [sample, connected] = await Promise.all([stream.next(signal), readConnections(shell, plan)]);
  return withoutConnection(sample, plan, connected);
};

const withoutConnection = (sample: Sample, plan: Plan, connected: ReadonlySet<string>): Plan['guests'] =>
  plan.guests.filter(({ name }) => resourceOf(sample.status, name)?.role === 'Started' && !connected.has(name));

/**
 * Where the loss of one connection is not noticed, that of others may not be, either: maintenance mode ends every monitor, and
 * its end starts them.
 */
const monitorAnew = async (shell: HostShell, stream: StatusStream, plan: Plan, signal?: AbortSignal): Promise<void> => {
  for (const [change, mode] of [
    ['--update true', true],
    ['--delete', false],
  ] as const) {
    await shell.run(`crm_attribute --type crm_config --name maintenance-mode ${change}`);
    await stream.until(({ status }) => status.options.maintenanceMode === mode, {
      timeoutMs: idleTimeoutMs,
      what: `maintenance mode ${mode ? 'on' : 'off'}`,
      ...(signal && { signal }),
    });
    await waitUntilIdle(shell, plan, signal);
  }
};

const restart = async (
  shell: HostShell,
  stream: StatusStream,
  guests: Plan['guests'],
  signal?: AbortSignal,
): Promise<void> => {
  const resources = guests.map(({ resource }) => resource);
  await shell.run(`pcs resource disable ${resources.join(' ')}`);
  await stream.until(({ status }) => resources.every((id) => resourceOf(status, id)?.role === 'Stopped'), {
    timeoutMs: settleTimeoutMs,
    what: `the stop of ${namesOf(guests)}`,
    ...(signal && { signal }),
  });
  await shell.run(`pcs resource enable ${resources.join(' ')}`);
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

/**
 * Waits until the DC has nothing left to do: what a sample shows is steady only then. Throws an ObservationError of the
 * kind `timeout` if it is still at work when the time is over.
 */
export const waitUntilIdle = async (shell: HostShell, plan: Plan, signal?: AbortSignal): Promise<void> => {
  const { exitCode } = await shell.run(
    // crmadmin has a limit of its own, since one that is started without a DC can spin.
    `while ((SECONDS < ${idleTimeoutMs / 1000} * \${TIME_FACTOR:-1})); do
      for host in ${plan.hosts.map((host) => host.name).join(' ')}; do
        timeout $((5 * \${TIME_FACTOR:-1})) crmadmin --status="$host" 2>/dev/null | grep -q S_IDLE && exit 0
      done
      sleep 0.1
    done
    exit ${stillAtWork}`,
    { timeoutMs: idleTimeoutMs + 10_000, accept: [0, stillAtWork], ...(signal && { signal }) },
  );
  if (exitCode === stillAtWork)
    throw new ObservationError(`The cluster did not settle: its DC is still at work.`, {
      kind: 'timeout',
      next: 'see what it is doing: "npm run lab logs" gathers its pacemaker.log.',
    });
};
