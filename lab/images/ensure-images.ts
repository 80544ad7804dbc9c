import type Docker from 'dockerode';
import { LabError, UsageError } from '../errors.ts';
import { findRelease } from '../find-release.ts';
import type { GuestPlan } from '../plan.ts';
import type { Part, Progress, Report } from '../progress/progress.ts';
import type { Release } from '../releases.ts';
import type { Settings } from '../settings.ts';
import { baseOf, type Base } from './base-of-release.ts';
import { buildImage, type ImageRecipe } from './build-image.ts';
import { ensureFilledVolume, type VolumeRecipe } from './filled-volume.ts';
import { guestRootVolume } from './guest-root.ts';
import { kvmGuestRecipe, recipeOf } from './image-recipe.ts';
import { hasImage } from './image-tags.ts';
import { kvmGuestVolume } from './kvm-guest-disk.ts';

/** The releases that a lab is made of; mostly host and guests are of one. */
export interface LabReleases {
  readonly host: Release;
  readonly guest: Release;
}

/** The releases that settings ask for. */
export const releasesOf = ({ release, guestRelease }: Pick<Settings, 'release' | 'guestRelease'>): LabReleases => ({
  host: findRelease(release),
  guest: findRelease(guestRelease),
});

/** Names them for people. */
export const wordsOf = ({ host, guest }: LabReleases): string =>
  host.name === guest.name ? host.name : `${host.name}, with guests of ${guest.name}`;

/** Names the content of packages and sources that are no suite's: they can change while a lab is up that was made of them. */
export const ownContentOf = async (
  docker: Docker,
  { host, guest }: LabReleases,
  settings: Settings,
): Promise<string> => {
  const bases = await Promise.all([
    ...(host.packages === null ? [] : [baseOf(docker, host, 'pacemaker', settings)]),
    ...(guest.packages === null ? [] : [baseOf(docker, guest, 'pacemaker-remote', settings)]),
  ]);
  return bases.map(({ tag }) => tag).join(' ');
};

/** What a lab is made from, on one engine. */
export interface Images {
  readonly hostImage: string;
  readonly guestImage: string;
  /** Volume that holds the guest image's file system. */
  readonly guestRootVolume: string;
  /** Volume that holds `disk.img`, `vmlinuz` and `initrd.img` of KVM guests; null where no guest is one. */
  readonly kvmGuestVolume: string | null;
}

/** Says what the images of host and guests are built from, and on what. */
export const recipesOf = async (
  docker: Docker,
  releases: LabReleases,
  settings: Settings,
): Promise<Readonly<Record<'hostBase' | 'guestBase', Base> & Record<'host' | 'guest', ImageRecipe>>> => {
  const [hostBase, guestBase] = await Promise.all([
    baseOf(docker, releases.host, 'pacemaker', settings),
    baseOf(docker, releases.guest, 'pacemaker-remote', settings),
  ]);
  const [host, guest] = await Promise.all([
    recipeOf('host', releases.host, releases.host.hostPackages, hostBase.tag),
    recipeOf('guest', releases.guest, releases.guest.guestPackages, guestBase.tag),
  ]);
  return { hostBase, guestBase, host, guest };
};

/**
 * Makes sure that the engine has the images of the releases, the volume with the guests' shared root and, where KVM guests
 * are among the kinds, the volume with their kernel and disk. They are named by the content of all that goes in, so only
 * what changed is made again. Two runs that make the same at once do no harm.
 * @param hosts Whether hosts are made from an image too; that of hosts that are there already is not made.
 * @throws LabError with the failing step's output, UsageError where there are no KVM guests for the release or machine.
 */
export const ensureImages = async (
  docker: Docker,
  releases: LabReleases,
  kinds: ReadonlySet<GuestPlan['kind']>,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
  hosts: 'made' | 'there' = 'made',
): Promise<Images> => {
  try {
    return await ensureAll(docker, releases, kinds, settings, progress, signal, hosts);
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
  releases: LabReleases,
  kinds: ReadonlySet<GuestPlan['kind']>,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
  hosts: 'made' | 'there',
): Promise<Images> => {
  await refuseOtherMachines(docker);
  const { hostBase, guestBase, host, guest } = await recipesOf(docker, releases, settings);
  const kvm = kinds.has('kvm') ? await kvmRecipeOf(docker, releases.guest, guest.tag) : null;
  const root = guestRootVolume(guest.tag);
  const [hasHost, hasGuest, hasKvm] = await Promise.all([
    hosts === 'there' || hasImage(docker, host.tag),
    hasImage(docker, guest.tag),
    kvm === null || hasImage(docker, kvm.recipe.tag),
  ]);
  const titled = `Images of Pacemaker ${wordsOf(releases)}`;
  await progress.task(hasHost && hasGuest && hasKvm ? `${titled} (cached)` : titled, async (_report, below) => {
    const bases = [...(hasHost ? [] : [hostBase]), ...(hasGuest ? [] : [guestBase])];
    for (const tag of new Set(bases.map((base) => base.tag)))
      await bases.find((base) => base.tag === tag)?.ensure(below, signal);
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
      run: (report) => orStop(buildImage(docker, host, report, either)),
    };
    const shareRoot = (report: Report): Promise<void> => orStop(ensureFilledVolume(docker, root, report, either));
    const makeKvmGuest = async (report: Report): Promise<void> => {
      if (kvm === null) return;
      if (!hasKvm) await orStop(buildImage(docker, kvm.recipe, report, either));
      await orStop(ensureFilledVolume(docker, kvm.disk, report, either));
    };
    const buildGuest: Part<void> = {
      title: hasGuest ? "Guests' shared root" : "Build the guest image and the guests' shared root",
      run: async (report, inside) => {
        if (!hasGuest) await orStop(buildImage(docker, guest, report, either));
        if (kvm === null) await shareRoot(report);
        else
          await inside.together([
            { title: 'Of LXC guests', run: shareRoot },
            { title: 'Of KVM guests, with a kernel', run: makeKvmGuest },
          ]);
      },
    };
    const parts: readonly Part<void>[] = hasHost ? [buildGuest] : [buildHost, buildGuest];
    await below.together(parts);
  });
  return {
    hostImage: host.tag,
    guestImage: guest.tag,
    guestRootVolume: root.volume,
    kvmGuestVolume: kvm?.disk.volume ?? null,
  };
};

/** The KVM guest's image is built on the guest's; its kernel is that of x86-64. */
const kvmRecipeOf = async (
  docker: Docker,
  release: Release,
  guestTag: string,
): Promise<{ readonly recipe: ImageRecipe; readonly disk: VolumeRecipe }> => {
  const { Arch: machine } = await docker.version();
  const next = 'Choose a plan whose guests are all LXC.';
  if (release.kvmGuestPackages === null)
    throw new UsageError(`There are no KVM guests for Pacemaker ${release.name} (${release.suite}).`, { next });
  if (machine !== 'amd64')
    throw new UsageError(`KVM guests are for x86-64 only, and the engine runs on ${machine}.`, { next });
  const recipe = await kvmGuestRecipe(release, guestTag);
  return { recipe, disk: kvmGuestVolume(recipe.tag) };
};

/** LXC guests and the devices of a host need the engine to be Linux. */
const refuseOtherMachines = async (docker: Docker): Promise<void> => {
  const { Os: system } = await docker.version();
  if (system === 'linux') return;
  throw new LabError(`The engine runs ${system} containers; a lab needs Linux ones.`, {
    next: 'Switch the engine to Linux containers, or set DOCKER_HOST to a Linux engine.',
  });
};
