import { resourceOf } from '../observation/look-up.ts';
import type { Sample } from '../observation/sample.ts';
import type { Plan } from '../plan.ts';

/**
 * Reads from the samples of a lab that comes up how long each guest took from the first sample that shows its domain to
 * the first that shows its connection Started. That is what a restart of the guest costs on this machine: its boot, and
 * the cluster's attempts to reach it.
 *
 * @param samples in the order in which they were taken, from before the guests were started
 * @returns milliseconds by guest; a guest that was not seen to come up is left out
 */
export const bootTimes = (samples: readonly Sample[], plan: Plan): Readonly<Record<string, number>> => {
  const times: Record<string, number> = {};
  for (const { name } of plan.guests) {
    const start = samples.find(({ machine }) => machine.has(name));
    if (!start) continue;
    const up = samples.find(({ atMs, status }) => atMs >= start.atMs && resourceOf(status, name)?.role === 'Started');
    if (up) times[name] = Math.round(up.atMs - start.atMs);
  }
  return times;
};
