import { join } from 'node:path';
import type Docker from 'dockerode';
import { LabError } from '../errors.ts';
import type { Part, Progress } from '../progress/progress.ts';
import type { Release } from '../releases.ts';
import type { Settings } from '../settings.ts';
import { baseTag, ensureBase } from './base-image.ts';
import { buildImage, type ImageRecipe } from './build-image.ts';
import { contentHash, readContext } from './content-hash.ts';
import { ensureGuestRoot, guestRootName } from './guest-root.ts';
import { hasImage, imageTag } from './image-tags.ts';

/** What a lab of one release is made from, on one engine. */
export interface Images {
  readonly hostImage: string;
  readonly guestImage: string;
  /** Volume that holds the guest image's file system. */
  readonly guestRootVolume: string;
}

/**
 * Makes sure that the engine has the images of a release, and the volume with the guests' shared root. They are named by
 * the content of all that goes in, so only what changed is made again. Two runs that make the same at once do no harm.
 * @throws LabError with the failing step's output.
 */
export const ensureImages = async (
  docker: Docker,
  release: Release,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
): Promise<Images> => {
  try {
    return await ensureAll(docker, release, settings, progress, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LabError) throw error;
    throw new LabError(`The engine failed while the images were made: ${messageOf(error)}`, {
      cause: error,
      next: 'See whether the engine still runs and has space ("npm run lab doctor"), then run "npm run lab build".',
    });
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.trim() : String(error));

const ensureAll = async (
  docker: Docker,
  release: Release,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
): Promise<Images> => {
  const [host, guest] = await Promise.all([recipeOf('host', release), recipeOf('guest', release)]);
  const guestRootVolume = guestRootName(guest.hash);
  const images: Images = { hostImage: host.recipe.tag, guestImage: guest.recipe.tag, guestRootVolume };
  await refuseOtherMachines(docker);
  const [hasHost, hasGuest] = await Promise.all([
    hasImage(docker, host.recipe.tag),
    hasImage(docker, guest.recipe.tag),
  ]);
  const titled = `Images of Pacemaker ${release.version}`;
  await progress.task(hasHost && hasGuest ? `${titled} (cached)` : titled, async (_report, below) => {
    if (!hasHost || !hasGuest) await ensureBase(docker, release, settings, below, signal);
    // One that fails ends the other: nobody waits for an image that is not going to be used.
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const orStop = async (work: Promise<void>): Promise<void> => {
      try {
        await work;
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    };
    const buildHost: Part<void> = {
      title: 'Build the host image',
      run: (report) => orStop(buildImage(docker, host.recipe, report, either)),
    };
    const buildGuest: Part<void> = {
      title: hasGuest ? "Guests' shared root" : "Build the guest image and the guests' shared root",
      run: async (report) => {
        if (!hasGuest) await orStop(buildImage(docker, guest.recipe, report, either));
        await orStop(ensureGuestRoot(docker, guest.recipe.tag, guestRootVolume, report, either));
      },
    };
    const parts: readonly Part<void>[] = hasHost ? [buildGuest] : [buildHost, buildGuest];
    await below.together(parts);
  });
  return images;
};

const recipeOf = async (
  kind: 'host' | 'guest',
  release: Release,
): Promise<{ readonly hash: string; readonly recipe: ImageRecipe }> => {
  const files = await readContext(join(import.meta.dirname, kind));
  const packages = [...new Set(kind === 'host' ? release.hostPackages : release.guestPackages)].sort();
  const buildArguments = { BASE: baseTag(release), PACKAGES: packages.join(' ') };
  const hash = contentHash(files, { kind, release, buildArguments });
  return { hash, recipe: { tag: imageTag(kind, release.version, hash), kind, files, buildArguments } };
};

/** LXC guests and the devices of a host need the engine to be Linux. */
const refuseOtherMachines = async (docker: Docker): Promise<void> => {
  const { Os: system } = await docker.version();
  if (system === 'linux') return;
  throw new LabError(`The engine runs ${system} containers; a lab needs Linux ones.`, {
    next: 'Switch the engine to Linux containers, or set DOCKER_HOST to a Linux engine.',
  });
};
