import { LabError, ObservationError } from '../errors.ts';
import type { Sample } from '../observation/sample.ts';
import type { StatusStream } from '../observation/status-stream.ts';
import type { Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { deviations } from './deviations.ts';
import { givenUp } from './given-up.ts';
import { waitUntilIdle } from './reset.ts';

/** A lab that comes up, and what is known of it. */
export interface ComingUp {
  readonly shell: HostShell;
  readonly stream: StatusStream;
  readonly plan: Plan;
  /** How long it may take, in milliseconds, on a host with a processor of its own. */
  readonly timeoutMs: number;
  /** Gathers the logs of a lab that is not going to come up, and returns the folder that they are in. */
  readonly keepLogs: () => Promise<string>;
  readonly signal: AbortSignal;
}

/**
 * Waits until a lab that comes up is in its steady state, and its cluster has nothing left to do. Throws a LabError that says what is
 * not as promised, and where the logs are, when the time is over, or as soon as the cluster itself has given a guest up.
 */
export const waitUntilUp = async (lab: ComingUp): Promise<void> => {
  const { shell, stream, plan, timeoutMs, signal } = lab;
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let wrong: readonly string[] = [];
  const isSteady = (sample: Sample): boolean => {
    wrong = deviations(sample, plan);
    return wrong.length === 0;
  };
  try {
    const what = `the steady state of the plan ${plan.name}`;
    const given = await Promise.race([
      stream.until(isSteady, { timeoutMs, what, signal: either }).then(() => []),
      untilGivenUp({ ...lab, signal: either }),
    ]);
    if (given.length > 0)
      throw await withLogs(lab, `The cluster has given up what the plan ${plan.name} promises`, given);
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw await withLogs(lab, `The lab is not as the plan ${plan.name} promises, and its time is over`, wrong, error);
  } finally {
    stop.abort();
  }
  await waitUntilIdle(shell, plan, signal);
};

const isTimeout = (error: unknown): boolean => error instanceof ObservationError && error.kind === 'timeout';

/** Waits until the cluster has given a guest up, and has nothing left to do that could change it. Returns which, in words. */
const untilGivenUp = async ({ shell, stream, plan, timeoutMs, signal }: ComingUp): Promise<readonly string[]> => {
  for (;;) {
    await stream.until(({ status }) => givenUp(status, plan).length > 0, {
      timeoutMs,
      what: 'a guest that is given up',
      signal,
    });
    // A failure may stand in the status before the cluster has acted on it, and another guest may still be on its way.
    try {
      await waitUntilIdle(shell, plan, signal);
    } catch (error) {
      if (isTimeout(error)) continue;
      throw error;
    }
    const given = givenUp((await stream.next(signal)).status, plan);
    if (given.length > 0) return given;
  }
};

const withLogs = async (
  { keepLogs }: ComingUp,
  what: string,
  lines: readonly string[],
  cause?: unknown,
): Promise<LabError> =>
  new LabError(`${what}:\n${lines.map((line) => `  ${line}`).join('\n')}`, {
    cause,
    next: `read what "lab logs" gathered before the lab was removed, pacemaker.log and libvirt-domains.log first: ${await keepLogs()}`,
  });
