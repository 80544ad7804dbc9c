import type { Command } from 'commander';
import { healLease, listLeases } from '../faults/lease.ts';
import { connectLab } from '../lab.ts';
import { lockLab } from '../lab-lock.ts';
import { runs, type Ending, type Run } from './run-command.ts';

/** Adds `lab heal`. */
export const healCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('heal')
      .description('Undoes every fault that is injected, by hand or left by a run that was killed.'),
    ending,
    {
      examples: '  npm run lab heal\n\nWhat the cluster made of a fault stays: "npm run lab reset" puts that right.',
      whenInterrupted: 'clean-up',
    },
    heal,
  );

const heal = async ({ settings, say }: Run): Promise<number> => {
  await using _lock = await lockLab(settings, '"lab heal"');
  const lab = await connectLab(settings);
  try {
    const leases = await listLeases(lab.shell);
    for (const id of leases) {
      await healLease(lab.shell, id);
      say(`Undone: ${id}`);
    }
    if (leases.length === 0) say('No fault is injected.');
    return 0;
  } finally {
    await lab.close();
  }
};
