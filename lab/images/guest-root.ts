import { contentHash } from './content-hash.ts';
import type { VolumeRecipe } from './filled-volume.ts';
import { suiteLabel } from './image-tags.ts';

const target = '/root-of-guest';

/**
 * The shell lines that copy a container's own file system into an empty folder, without what the engine put there.
 * @param folder Where to, below the first of `mounts`.
 * @param mounts The folders at the container's top that are not its own.
 */
export const copyFileSystem = (folder: string, ...mounts: readonly string[]): string => `cd /
for entry in $(ls -A); do
  case $entry in proc | sys | dev | .dockerenv | ${mounts.map((mount) => mount.slice(1)).join(' | ')}) continue ;; esac
  cp -a --one-file-system "$entry" ${folder}/
done
mkdir ${folder}/proc ${folder}/sys ${folder}/dev
for file in hosts hostname resolv.conf; do : >${folder}/etc/$file; done`;

const script = `set -eu
find ${target} -mindepth 1 -delete
${copyFileSystem(target, target)}`;

/** The volume with the file system of a guest image, which all LXC guests of a lab share. */
export const guestRootVolume = (image: string): VolumeRecipe => ({
  volume: `${suiteLabel}-root-${contentHash([], { image, script })}`,
  kind: 'guest-root',
  image,
  target,
  script,
  title: 'copying the file system',
});
