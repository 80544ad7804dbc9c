import type Docker from 'dockerode';
import { z } from 'zod';
import { releases } from '../releases.ts';
import type { Settings } from '../settings.ts';
import { recipesOf, releasesOf } from './ensure-images.ts';
import { guestRootVolume } from './guest-root.ts';
import { hostVmRecipe, kvmGuestRecipe } from './image-recipe.ts';
import { suiteLabel } from './image-tags.ts';
import { kvmGuestVolume } from './kvm-guest-disk.ts';

/**
 * Names the images and volumes that labs are made of as this suite makes them now: those of each release of the table, and of
 * what the settings ask for.
 * @throws UsageError if packages of one's own that the settings ask for can't be had.
 */
export const currentContent = async (docker: Docker, settings: Settings): Promise<ReadonlySet<string>> => {
  const all = [...releases.map((release) => ({ host: release, guest: release })), releasesOf(settings)];
  const names = all.map(async (pair) => {
    const { hostBase, guestBase, host, guest } = await recipesOf(docker, pair, settings);
    const vm = await hostVmRecipe(pair.host, host.tag);
    const kvm = await kvmGuestRecipe(pair.guest, guest.tag);
    const tags = [host.tag, guest.tag, vm.tag, kvm.tag, ...hostBase.images, ...guestBase.images];
    return [...tags, guestRootVolume(guest.tag).volume, kvmGuestVolume(kvm.tag).volume];
  });
  return new Set((await Promise.all(names)).flat());
};

const volume = z.object({
  Name: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
  UsageData: z.object({ Size: z.number(), RefCount: z.number() }),
});

/** What the engine says of the room that it uses (`GET /system/df`), as far as it matters here. */
const diskUsage = z.object({
  LayersSize: z.number(),
  Images: z.array(z.object({ RepoTags: z.array(z.string()).nullish(), Size: z.number(), SharedSize: z.number() })),
  Volumes: z.array(volume),
});
export type DiskUsage = z.infer<typeof diskUsage>;

/** Asks the engine for the room that it uses. */
export const readDiskUsage = async (docker: Docker): Promise<DiskUsage> => diskUsage.parse(await docker.df());

/** The bytes of all images and volumes on the engine. */
export const usedBytes = ({ LayersSize, Volumes }: DiskUsage): number =>
  Volumes.reduce((sum, { UsageData }) => sum + UsageData.Size, LayersSize);

/** An image or a volume of the suite that no lab is made of any more. */
export interface OldContent {
  readonly kind: 'image' | 'volume';
  readonly name: string;
  /** Bytes that nothing else shares: what is free at least when it is gone. */
  readonly bytes: number;
}

/**
 * Picks the suite's images and volumes that are not to be kept. A lab's own volumes are not among them, nor are those of
 * which there is a container, nor what a registry calls otherwise.
 * @param kept Names of what is current, and of the images that there are containers of.
 */
export const oldContent = ({ Images, Volumes }: DiskUsage, kept: ReadonlySet<string>): readonly OldContent[] => [
  ...Images.flatMap(({ RepoTags, Size, SharedSize }) =>
    (RepoTags ?? [])
      .filter((tag) => tag.startsWith(`${suiteLabel}/`) && !kept.has(tag))
      .map((name) => ({ kind: 'image' as const, name, bytes: Size - SharedSize })),
  ),
  ...Volumes.filter(
    ({ Name, Labels, UsageData }) => Labels?.[suiteLabel] && UsageData.RefCount === 0 && !kept.has(Name),
  ).map(({ Name, UsageData }) => ({ kind: 'volume' as const, name: Name, bytes: UsageData.Size })),
];
