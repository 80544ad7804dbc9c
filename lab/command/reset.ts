import type { Command } from 'commander';
import { CommandError, LabError, ObservationError, UsageError } from '../errors.ts';
import { connectLab } from '../lab.ts';
import { labCommand, readLabState, type LabState } from '../lab-state.ts';
import { lockLab } from '../lab-lock.ts';
import { isBuiltInPlan } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { bringUp } from '../up.ts';
import { runs, type Ending, type Run } from './run-command.ts';

const samplingPaceMs = 100;

/** Adds `lab reset`. */
export const resetCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('reset')
      .description('Brings the lab back to its steady state, without rebuilding it.')
      .option('--as-new', 'throw its host away, disks and all, and build it anew from the images that are there'),
    ending,
    { examples: '  npm run lab reset\n  npm run lab reset -- --as-new', whenInterrupted: 'clean-up' },
    (run, command) => (command.opts<{ asNew?: true }>().asNew ? buildAnew(run) : reset(run)),
  );

/** The settings that the lab was brought up with, as far as it remembers them. */
const asBuilt = (settings: Settings, { hostKind, release, guestRelease, planName }: LabState): Settings => {
  if (hostKind === 'bare-metal')
    throw new UsageError('A machine that is somebody’s is not thrown away, so its lab can’t be as new.', {
      next: `give it back and set it up again: ${labCommand(settings, 'down')}, then ${labCommand(settings, 'up')}`,
    });
  return {
    ...settings,
    host: hostKind,
    release,
    guestRelease,
    plan: isBuiltInPlan(planName) ? planName : settings.plan,
  };
};

const buildAnew = async ({ settings, progress, signal, say }: Run): Promise<number> => {
  await using _lock = await lockLab(settings, '"lab reset"');
  const state = await readLabState(settings);
  if (!state)
    throw new LabError(`There is no lab "${settings.labName}".`, {
      next: `bring it up: ${labCommand(settings, 'up')}`,
    });
  const startedAt = performance.now();
  const { lab } = await bringUp(asBuilt(settings, state), progress, signal, { existing: 'replace' });
  await lab.close();
  say(`The lab "${settings.labName}" is as new (${((performance.now() - startedAt) / 1000).toFixed(1)} s).`);
  return 0;
};

const reset = async ({ settings, signal, say }: Run): Promise<number> => {
  await using _lock = await lockLab(settings, '"lab reset"');
  const lab = await connectLab(settings);
  try {
    const stream = await lab.openStream(samplingPaceMs);
    try {
      const { done, durationMs } = await lab.reset(stream, signal).catch((cause: unknown) => {
        // A command that fails knows nothing of labs: say what can be done with this one.
        if (!(cause instanceof CommandError || cause instanceof ObservationError)) throw cause;
        throw new LabError(`The lab "${settings.labName}" can't be reset.`, {
          cause,
          next: `have it rebuilt: ${labCommand(settings, 'up')}`,
        });
      });
      const seconds = `${(durationMs / 1000).toFixed(1)} s`;
      const what =
        done.length > 0
          ? `is back in its steady state (${seconds}): ${done.join('; ')}`
          : `was in its steady state (checked in ${seconds})`;
      say(`The lab "${settings.labName}" ${what}.`);
      return 0;
    } finally {
      await stream.close();
    }
  } finally {
    await lab.close();
  }
};
