import path from 'node:path';
import { LabError } from '../../lab/errors.ts';
import { listLeases } from '../../lab/faults/lease.ts';
import type { Lab } from '../../lab/lab.ts';
import { pause } from '../../lab/pause.ts';
import { recordsIn, startDrills } from './drills.ts';
import { outcomeOf, type Outcome } from './outcome.ts';

/** One kill of the runner, and what became of the lab. */
export interface Kill {
  /** How long the runner had run, in milliseconds. */
  readonly afterMs: number;
  /** The faults that were in effect, by their leases. */
  readonly leases: readonly string[];
  /** How long it took the lab to be without a trace of it, in milliseconds; null if it took longer than it may. */
  readonly healedMs: number | null;
  /** What was left then. */
  readonly left: readonly string[];
  /** What the next run came to, and why if it was not green. */
  readonly next: Outcome;
  readonly reason: string;
}

/** A lease holds for 30 s, the host looks every 5 s, and healing takes it a moment. */
export const healedWithinMs = 60_000;
const lookAgainMs = 1_000;

const traces = async (lab: Lab): Promise<readonly string[]> => {
  try {
    const [leases, residue, samplers] = await Promise.all([
      listLeases(lab.shell),
      lab.residue(),
      lab.shell.run('shopt -s nullglob; for each in /run/guest-drills-sampler.*; do echo "$each"; done'),
    ]);
    return [...leases, ...residue, ...samplers.stdout.split('\n').filter((line) => line !== '')];
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return [error.message];
  }
};

/**
 * Starts drills, kills their runner at that moment, waits for the lab to undo by itself what was going on, and runs one drill.
 *
 * @param drills the arguments of the drills that are killed, and of the one afterwards
 */
export const killRunner = async (
  lab: Lab,
  { killed, next }: { readonly killed: readonly string[]; readonly next: readonly string[] },
  afterMs: number,
  folder: string,
  signal: AbortSignal,
): Promise<Kill> => {
  const run = startDrills(lab.settings, killed, path.join(folder, 'killed'), signal);
  await Promise.race([pause(afterMs, signal), run.ended]);
  await run.kill();
  const killedAt = performance.now();
  const leases = await listLeases(lab.shell);
  let left = await traces(lab);
  while (left.length > 0 && performance.now() - killedAt < healedWithinMs) {
    await pause(lookAgainMs, signal);
    left = await traces(lab);
  }
  const healedMs = left.length > 0 ? null : Math.round(performance.now() - killedAt);
  const exitCode = await startDrills(lab.settings, next, path.join(folder, 'next'), signal).ended;
  const records = recordsIn(path.join(folder, 'next'));
  const [bad] = records.filter((record) => outcomeOf(record) !== 'as it should');
  const nothing = records.length === 0 || (bad === undefined && exitCode !== 0);
  return {
    afterMs: Math.round(afterMs),
    leases,
    healedMs,
    left,
    next: nothing ? 'false alarm' : bad === undefined ? 'as it should' : outcomeOf(bad),
    reason: nothing ? `the run ended with ${String(exitCode)}` : (bad?.reason ?? ''),
  };
};
