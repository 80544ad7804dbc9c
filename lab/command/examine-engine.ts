import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Engine } from '../engine/engine.ts';
import { findRunningEngine } from '../engine/find-engine.ts';
import { runLocal } from '../engine/local-command.ts';
import { findCommand, whyNoInstall } from '../engine/packages.ts';
import { checkSocketPaths } from '../engine/private-daemon-files.ts';
import { LabError } from '../errors.ts';
import { releasesOf, wordsOf, type LabReleases } from '../images/ensure-images.ts';
import { imageTag, labelOf } from '../images/image-tags.ts';
import { mayBePulled } from '../images/base-image.ts';
import type { Settings } from '../settings.ts';
import type { Finding } from './finding.ts';
import { labsHere } from './known-labs.ts';

const askMs = 8_000;

/** What the doctor found out about the engine, for the rest of the examination too. */
export interface EngineExamination {
  readonly findings: readonly Finding[];
  /** Whether hosts will run on this machine's kernel. */
  readonly isLocal: boolean;
  /** Where the engine keeps its data, if it tells and is on this machine. */
  readonly dataFolder: string | null;
  readonly hasImages: boolean;
  readonly labs: readonly string[];
}

/** Looks for an engine, and for what it takes to get one. Nothing is installed or started. */
export const examineEngine = async (settings: Settings, signal: AbortSignal): Promise<EngineExamination> => {
  const releases = releasesOf(settings);
  let engine: Engine | null;
  try {
    engine = await findRunningEngine(settings, signal);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const [says = '', next] = error.message.split('\nNext: ');
    const finding: Finding = { what: 'engine', level: 'problem', says, ...(next === undefined ? {} : { next }) };
    return nothing(settings, [finding], !process.env.DOCKER_HOST || process.env.DOCKER_HOST.startsWith('unix:'));
  }
  if (engine === null) {
    const findings = [await withoutEngine(settings), await imagesWithoutEngine(settings)];
    return nothing(settings, findings, true);
  }
  return await examineRunning(engine, settings, releases);
};

const nothing = async (
  settings: Settings,
  findings: readonly Finding[],
  isLocal: boolean,
): Promise<EngineExamination> => ({
  findings,
  isLocal,
  dataFolder: null,
  hasImages: false,
  labs: await labsHere(null, settings),
});

const withoutEngine = async (settings: Settings): Promise<Finding> => {
  const what = 'engine';
  const obstacle = await whyNoInstall(settings);
  if (obstacle !== null)
    return {
      what,
      level: 'problem',
      says: `none runs, and none may be installed and started: ${obstacle}`,
      next: 'install Docker Engine (docker.io on Debian and Ubuntu) and start it, or set DOCKER_HOST to one that runs',
    };
  try {
    checkSocketPaths(settings);
  } catch (error) {
    return { what, level: 'problem', says: (error as Error).message.split('\n')[0] ?? '', next: 'use a shorter path' };
  }
  const dockerd = await findCommand('dockerd');
  if (dockerd !== null)
    return { what, level: 'ok', says: `none runs; "up" starts a private one from ${dockerd}, below the cache folder` };
  return (await canInstall('docker.io'))
    ? { what, level: 'ok', says: 'none is installed; "up" installs docker.io and starts a private one' }
    : {
        what,
        level: 'warning',
        says: 'none is installed, and apt does not know docker.io; "up" will try "apt-get update" first',
        next: 'check the apt sources, or install Docker Engine by hand',
      };
};

const canInstall = async (name: string): Promise<boolean> => {
  const { stdout } = await runLocal('apt-cache', ['policy', name], {
    environment: { LC_ALL: 'C' },
    timeoutMs: askMs,
    signal: AbortSignal.timeout(askMs),
  }).catch(() => ({ stdout: '' }));
  return /^ {2}Candidate: (?!\(none\))/mu.test(stdout);
};

/** How the base image can be had where no registry is known to answer. */
const bootstrap = async (settings: Settings): Promise<{ readonly possible: boolean; readonly says: string }> => {
  if ((await findCommand('mmdebstrap')) !== null) return { possible: true, says: 'mmdebstrap is there' };
  const obstacle = await whyNoInstall(settings);
  if (obstacle !== null)
    return { possible: false, says: `mmdebstrap is missing, and may not be installed: ${obstacle}` };
  return (await canInstall('mmdebstrap'))
    ? { possible: true, says: '"up" installs mmdebstrap' }
    : { possible: false, says: 'mmdebstrap is missing, and apt does not know it' };
};

const imagesWithoutEngine = async (settings: Settings): Promise<Finding> => {
  const { possible, says } = await bootstrap(settings);
  return {
    what: 'images',
    level: possible ? 'ok' : 'warning',
    says: `the base comes from a registry if the engine reaches one; else it is bootstrapped: ${says}`,
    ...(possible ? {} : { next: 'install mmdebstrap, or make sure that a registry can be reached' }),
  };
};

const examineRunning = async (
  engine: Engine,
  settings: Settings,
  releases: LabReleases,
): Promise<EngineExamination> => {
  const { docker, address, source } = engine;
  const info = (await docker.info()) as EngineInfo;
  const where = { environment: 'from DOCKER_HOST', 'usual-socket': 'the usual socket', 'private-daemon': 'private' };
  const linux = info.OSType === 'linux';
  const about =
    `Docker Engine ${info.ServerVersion} at ${address} (${where[source]}), storage ${info.Driver}, ` +
    `cgroup v${info.CgroupVersion ?? '1'} with ${info.CgroupDriver}`;
  const rootless = (info.SecurityOptions ?? []).some((option) => option.includes('rootless'));
  const isLocal = address.startsWith('unix:');
  const cached = await cachedImages(docker, releases);
  const engineFinding: Finding = !linux
    ? {
        what: 'engine',
        level: 'problem',
        says: `${about}; it runs ${info.OSType} containers`,
        next: 'use a Linux engine',
      }
    : rootless
      ? {
          what: 'engine',
          level: 'problem',
          says: `${about}; it is rootless, and a host needs devices and capabilities that such a one can't give`,
          next: 'use an engine that runs as root (DOCKER_HOST names it)',
        }
      : { what: 'engine', level: 'ok', says: about };
  return {
    findings: [engineFinding, await examineImages(docker, cached, settings, releases)],
    isLocal,
    dataFolder: isLocal ? info.DockerRootDir : null,
    hasImages: cached.length === 2,
    labs: await labsHere(docker, settings),
  };
};

interface EngineInfo {
  readonly ServerVersion: string;
  readonly Driver: string;
  readonly CgroupDriver: string;
  readonly CgroupVersion?: string;
  readonly OSType: string;
  readonly DockerRootDir: string;
  readonly SecurityOptions?: readonly string[] | null;
}

/** Images of the release, of whatever content: one that no longer fits is replaced from its base, which takes less. */
const cachedImages = async (docker: Docker, releases: LabReleases): Promise<readonly string[]> => {
  const images = await docker.listImages();
  const tags = images.flatMap((image) => (image.RepoTags as string[] | null | undefined) ?? []);
  return (['host', 'guest'] as const).filter((kind) =>
    tags.some((tag) => tag.startsWith(imageTag(kind, labelOf(releases[kind]), ''))),
  );
};

const examineImages = async (
  docker: Docker,
  cached: readonly string[],
  settings: Settings,
  releases: LabReleases,
): Promise<Finding> => {
  const what = 'images';
  if (cached.length === 2)
    return {
      what,
      level: 'ok',
      says: `host and guest for Pacemaker ${wordsOf(releases)} are there (rebuilt if they changed)`,
    };
  const missing = ['host', 'guest'].filter((kind) => !cached.includes(kind)).join(' and ');
  const release = releases[cached.includes('host') ? 'guest' : 'host'];
  const pulled = mayBePulled(release);
  const answer = pulled && (await registryAnswers(docker, `debian:${release.suite}-slim`));
  if (answer) return { what, level: 'ok', says: `${missing} will be built on Debian ${release.suite} from a registry` };
  const { possible, says } = await bootstrap(settings);
  const told = `${missing} will be built; ${pulled ? 'no registry answers the engine' : `a registry's Debian ${release.suite} is of no use`}`;
  return possible
    ? { what, level: 'ok', says: `${told}, the base will be bootstrapped: ${says}` }
    : {
        what,
        level: 'problem',
        says: `${told}, and ${says}`,
        next: 'install mmdebstrap, or make a registry reachable',
      };
};

/** Asks a registry, through the engine, about an image. Nothing is fetched. */
const registryAnswers = (docker: Docker, image: string): Promise<boolean> =>
  Promise.race([
    docker
      .getImage(image)
      .distribution()
      .then(
        () => true,
        () => false,
      ),
    // dockerode takes no signal here.
    delay(askMs, false, { ref: false }),
  ]);
