import type { Command } from 'commander';
import { CommandError, LabError, ObservationError } from '../errors.ts';
import { connectLab } from '../lab.ts';
import { labCommand } from '../lab-state.ts';
import { lockLab } from '../lab-lock.ts';
import { runs, type Ending, type Run } from './run-command.ts';

const samplingPaceMs = 100;

/** Adds `lab reset`. */
export const resetCommand = (program: Command, ending: Ending): Command =>
  runs(
    program.command('reset').description('Brings the lab back to its steady state, without rebuilding it.'),
    ending,
    { examples: '  npm run lab reset', whenInterrupted: 'clean-up' },
    reset,
  );

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
