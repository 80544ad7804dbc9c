import type { Command } from 'commander';
import { findEngine } from '../engine/find-engine.ts';
import { ensureImages } from '../images/ensure-images.ts';
import { kindsOf, loadPlan } from '../plan.ts';
import { findRelease } from '../releases.ts';
import { runs, type Ending, type Run } from './run-command.ts';

/** Adds `lab build`. */
export const buildCommand = (program: Command, ending: Ending): Command =>
  runs(
    program.command('build').description('Makes the images of a release, so that the next "up" finds them.'),
    ending,
    { examples: '  npm run lab build\n  npm run lab -- build --release 3.0.0', whenInterrupted: 'clean-up' },
    build,
  );

const build = async ({ settings, progress, signal, say }: Run): Promise<number> => {
  const startedAt = performance.now();
  const release = findRelease(settings.release);
  const { docker } = await findEngine(settings, progress, signal);
  const images = await ensureImages(
    docker,
    release,
    kindsOf(await loadPlan(settings.plan)),
    settings,
    progress,
    signal,
  );
  say(`host   ${images.hostImage}`);
  say(`guest  ${images.guestImage}`);
  say(`root   ${images.guestRootVolume}`);
  if (images.kvmGuestVolume !== null) say(`kvm    ${images.kvmGuestVolume}`);
  say(
    `Images of Pacemaker ${release.version} are there, after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`,
  );
  return 0;
};
