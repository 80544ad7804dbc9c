import type { Command } from 'commander';
import { hostKindNameOf, hostKinds } from '../host/host-kinds.ts';
import { releasesOf, wordsOf } from '../images/ensure-images.ts';
import { loadPlan } from '../plan.ts';
import { runs, type Ending, type Run } from './run-command.ts';

/** Adds `lab build`. */
export const buildCommand = (program: Command, ending: Ending): Command =>
  runs(
    program.command('build').description('Makes the images of a release, so that the next "up" finds them.'),
    ending,
    {
      examples:
        '  npm run lab build\n  npm run lab -- build --release 3.0.0\n  npm run lab -- build --release debsrc:sid@trixie --guest-release 2.1.5',
      whenInterrupted: 'clean-up',
    },
    build,
  );

const build = async ({ settings, progress, signal, say }: Run): Promise<number> => {
  const startedAt = performance.now();
  const releases = releasesOf(settings);
  const plan = await loadPlan(settings.plan);
  const supply = await hostKinds[hostKindNameOf(settings)].prepare({ settings, plan, progress, signal });
  const guests = plan.guests.filter(({ name }) => supply.leftOut[name] === undefined);
  for (const [what, name] of await supply.make(guests)) say(`${what.padEnd(6)} ${name}`);
  say(
    `Images of Pacemaker ${wordsOf(releases)} are there, after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`,
  );
  return 0;
};
