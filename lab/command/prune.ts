import type { Command } from 'commander';
import { findRunningEngine } from '../engine/find-engine.ts';
import { LabError } from '../errors.ts';
import { statusOf } from '../images/image-tags.ts';
import { currentContent, oldContent, readDiskUsage, usedBytes } from '../images/old-content.ts';
import { runs, type Ending, type Run } from './run-command.ts';

/** Adds `lab prune`. */
export const pruneCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('prune')
      .description('Removes images and volumes of this suite that no lab uses and the next "up" of no release would.')
      .option('--dry-run', 'only say what would be removed'),
    ending,
    { examples: '  npm run lab prune -- --dry-run\n  npm run lab prune', whenInterrupted: 'leave' },
    prune,
  );

const prune = async ({ settings, signal, say }: Run, command: Command): Promise<number> => {
  const docker = (await findRunningEngine(settings, signal))?.docker;
  if (!docker)
    throw new LabError('No Docker Engine runs, so nobody can say what it holds.', {
      next: 'start it, or have "npm run lab build" start the private one; then run this again.',
    });
  const inUse = (await docker.listContainers({ all: true })).map(({ Image }) => Image);
  const before = await readDiskUsage(docker);
  const old = oldContent(before, new Set([...inUse, ...(await currentContent(docker, settings))]));
  for (const { kind, name, bytes } of old) say(`${kind.padEnd(6)} ${name}: ${inMib(bytes)} of its own`);
  if (old.length === 0) say('There is nothing to remove.');
  else if (command.opts<{ dryRun?: true }>().dryRun) say('Without --dry-run these would be removed.');
  else {
    for (const { kind, name } of old) {
      signal.throwIfAborted();
      const thing = kind === 'image' ? docker.getImage(name) : docker.getVolume(name);
      await thing.remove().catch((error: unknown) => {
        // Somebody else was quicker, or began to use it.
        if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
      });
    }
    say(`Removed: ${inMib(usedBytes(before) - usedBytes(await readDiskUsage(docker)))} are free again.`);
  }
  return 0;
};

const inMib = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;
