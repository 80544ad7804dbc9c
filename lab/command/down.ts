import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { takeDown } from '../down.ts';
import { findRunningEngine } from '../engine/find-engine.ts';
import { daemonFiles, daemonServants, runningDaemon } from '../engine/private-daemon-files.ts';
import { findPrivateDaemon } from '../engine/private-daemon.ts';
import { stopEngine } from '../engine/stop-engine.ts';
import { LabError } from '../errors.ts';
import { labDirectory } from '../lab-state.ts';
import { lockLab } from '../lab-lock.ts';
import type { Settings } from '../settings.ts';
import { labsHere, labsRunning } from './known-labs.ts';
import { runs, type Ending, type Run } from './run-command.ts';

const examples = `  npm run lab down
  npm run lab down -- --engine
  npm run lab down -- --all --engine`;

/** Adds `lab down`. */
export const downCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('down')
      .description('Takes the lab down; nothing of it stays. It is found by label: no state is needed for that.')
      .option('--engine', 'also stop the private engine of the cache folder')
      .option('--all', 'take down every lab of the cache folder'),
    ending,
    { examples, whenInterrupted: 'leave' },
    down,
  );

const down = async ({ settings, signal, say }: Run, command: Command): Promise<number> => {
  const options = command.opts<{ engine?: true; all?: true }>();
  const names = options.all ? await everyLab(settings, signal) : [settings.labName];
  if (names.length === 0) say('There is no lab here.');
  for (const labName of names) await takeDownOne({ ...settings, labName }, say);
  if (options.engine) await stopPrivateEngine(settings, signal, say);
  else if (await hasRemains(settings))
    say('The private engine has ended, but processes of it still run: "npm run lab down -- --engine" ends them.');
  return 0;
};

const everyLab = async (settings: Settings, signal: AbortSignal): Promise<readonly string[]> =>
  await labsHere((await findRunningEngine(settings, signal))?.docker ?? null, settings);

const takeDownOne = async (settings: Settings, say: Run['say']): Promise<void> => {
  const name = `"${settings.labName}"`;
  await using _lock = await lockLab(settings, '"lab down"');
  const remembered = await stat(labDirectory(settings)).then(
    () => true,
    () => false,
  );
  const removed = await takeDown(settings, say);
  if (removed.length > 0) say(`The lab ${name} is down. Removed: ${[...removed].sort().join(', ')}.`);
  else say(remembered ? `Nothing of the lab ${name} was there any more; it is forgotten.` : `There is no lab ${name}.`);
};

/** Says whether a daemon was killed and left its containers running, where no engine sees them any more. */
const hasRemains = async (settings: Settings): Promise<boolean> => {
  const files = daemonFiles(settings);
  return (await runningDaemon(files)) === null && (await daemonServants(files)).length > 0;
};

const stopPrivateEngine = async (settings: Settings, signal: AbortSignal, say: Run['say']): Promise<void> => {
  // Not the engine that the lab was on, if DOCKER_HOST names another.
  const daemon = await findPrivateDaemon(settings, signal);
  const others = daemon === null ? [] : await labsRunning(daemon, settings);
  if (others.length > 0) {
    const list = others.map((name) => `"${name}"`).join(', ');
    throw new LabError(`The private engine stays up, because another lab runs on it: ${list}.`, {
      next: 'take it down too, or all of them at once: npm run lab down -- --all --engine',
    });
  }
  const hadRemains = await hasRemains(settings);
  const { wasRunning } = await stopEngine(settings, { signal });
  if (wasRunning) say('The private engine has been stopped; its images stay.');
  else say(hadRemains ? 'What the private engine left running has been ended.' : 'No private engine was running.');
};
