import { access } from 'node:fs/promises';
import { LabError } from '../errors.ts';
import type { Progress } from '../progress/progress.ts';
import type { Environment, Settings } from '../settings.ts';
import { addressFromEnvironment, usualSockets } from './address.ts';
import { tryEngine, type Engine } from './engine.ts';
import { findCommand, installPackages, whyNoInstall } from './packages.ts';
import { checkSocketPaths, daemonFiles } from './private-daemon-files.ts';
import { findPrivateDaemon, startPrivateDaemon } from './private-daemon.ts';
import { pause } from '../pause.ts';

const afterInstallMs = 20_000;

/**
 * Finds a Docker Engine, or starts a private one: the one that DOCKER_HOST names, one on a usual socket, the private
 * daemon of this cache folder, or (as root on Debian or Ubuntu, unless LAB_INSTALL=never) a private daemon that is
 * started now, from the distribution's package.
 * @returns An engine that has answered.
 * @throws LabError where there is none, saying what to install or set. A DOCKER_HOST that does not answer is never replaced.
 */
export const findEngine = async (
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
  environment: Environment = process.env,
): Promise<Engine> =>
  (await findRunningEngine(settings, signal, environment)) ??
  (await provideEngine(settings, progress, signal, environment));

/** Like {@link findEngine}, but starts nothing: returns null where no engine runs. */
export const findRunningEngine = async (
  settings: Settings,
  signal: AbortSignal,
  environment: Environment = process.env,
): Promise<Engine | null> => {
  const named = addressFromEnvironment(environment);
  if (named !== null) {
    const docker = await tryEngine(named, signal);
    if (!(docker instanceof Error)) return { docker, address: named.text, source: 'environment' };
    throw new LabError(`No Docker Engine answers at DOCKER_HOST=${named.text}: ${docker.message}.`, {
      cause: docker,
      next: 'Start it, or unset DOCKER_HOST to use the engine of this machine.',
    });
  }
  const usual = await findUsualEngine(signal, environment);
  if (usual !== null) return usual;
  const own = await findPrivateDaemon(settings, signal);
  return own === null ? null : privateEngine(own, settings);
};

const privateEngine = (docker: Engine['docker'], settings: Settings): Engine => ({
  docker,
  address: `unix://${daemonFiles(settings).socket}`,
  source: 'private-daemon',
});

const findUsualEngine = async (signal: AbortSignal, environment: Environment): Promise<Engine | null> => {
  for (const address of usualSockets(environment)) {
    const docker = await tryEngine(address, signal);
    if (!(docker instanceof Error)) return { docker, address: address.text, source: 'usual-socket' };
    if (isDenied(docker)) {
      throw new LabError(`A Docker Engine is at ${address.text}, but this user may not use it.`, {
        cause: docker,
        next: 'Join its group (usually docker), run this as root, or set DOCKER_HOST to another engine.',
      });
    }
  }
  return null;
};

const isDenied = (error: Error): boolean => 'code' in error && error.code === 'EACCES';

const provideEngine = async (
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
  environment: Environment,
): Promise<Engine> => {
  const obstacle = await whyNoInstall(settings);
  if (obstacle !== null) {
    throw new LabError(`No Docker Engine runs here, and none may be installed and started: ${obstacle}.`, {
      next: 'Install Docker Engine (docker.io on Debian and Ubuntu) and start it, or set DOCKER_HOST to one that runs.',
    });
  }
  checkSocketPaths(settings);
  if ((await findCommand('dockerd')) === null) {
    await installPackages(['docker.io'], 'a Docker Engine', settings, progress, signal);
    const started = await startedByPackage(signal, environment);
    if (started !== null) return started;
  }
  const dockerd = await findCommand('dockerd');
  if (dockerd === null) {
    throw new LabError('The package docker.io is installed, but there is no dockerd.', {
      next: 'Install Docker Engine by hand, or set DOCKER_HOST to one that runs.',
    });
  }
  progress.note(`Starting a private Docker Engine in ${daemonFiles(settings).folder}.`);
  return await progress.task('Start the private Docker Engine', async () =>
    privateEngine(await startPrivateDaemon(dockerd, settings, signal), settings),
  );
};

/** On a machine with systemd the package starts its engine by itself: give that one the time to come up. */
const startedByPackage = async (signal: AbortSignal, environment: Environment): Promise<Engine | null> => {
  const hasSystemd = await access('/run/systemd/system').then(
    () => true,
    () => false,
  );
  const until = performance.now() + (hasSystemd ? afterInstallMs : 0);
  for (;;) {
    const engine = await findUsualEngine(signal, environment);
    if (engine !== null || performance.now() >= until) return engine;
    await pause(200, signal);
  }
};
