import { join } from 'node:path';
import type { Release } from '../releases.ts';
import type { ImageRecipe } from './build-image.ts';
import { contentHash, readContext } from './content-hash.ts';
import { imageTag, labelOf } from './image-tags.ts';

/** Folder with what goes into the image of every machine that boots a kernel of its own, beside the image's own folder. */
const machineFolder = 'machine';

/**
 * Says what an image of a release is built from: the files of the folder of its kind, those of the other folders given, and
 * packages on a base. It is named by the content of all that.
 */
export const recipeOf = async (
  kind: ImageRecipe['kind'],
  release: Release,
  packages: readonly string[],
  base: string,
  ...otherFolders: readonly string[]
): Promise<ImageRecipe> => {
  const folders = [kind, ...otherFolders].map((folder) => readContext(join(import.meta.dirname, folder)));
  const files = (await Promise.all(folders)).flat().sort((one, other) => (one.name < other.name ? -1 : 1));
  const buildArguments = { BASE: base, PACKAGES: [...new Set(packages)].sort().join(' ') };
  const hash = contentHash(files, { kind, buildArguments });
  return { tag: imageTag(kind, labelOf(release), hash), kind, files, buildArguments };
};

/** What the image of a host that boots a kernel of its own is built from: the host's image and a kernel. */
export const hostVmRecipe = (release: Release, hostTag: string): Promise<ImageRecipe> =>
  recipeOf('host-vm', release, release.hostVmPackages, hostTag, machineFolder);

/** What the image of a KVM guest is built from: the guest's image and a kernel. Nobody builds it for a release without KVM guests. */
export const kvmGuestRecipe = (release: Release, guestTag: string): Promise<ImageRecipe> =>
  recipeOf('kvm-guest', release, release.kvmGuestPackages ?? [], guestTag, machineFolder);
