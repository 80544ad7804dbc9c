import { contentHash } from './content-hash.ts';
import type { VolumeRecipe } from './filled-volume.ts';
import { copyFileSystem } from './guest-root.ts';
import { suiteLabel } from './image-tags.ts';

const target = '/kvm-guest';
const sizeMiB = 1024;

/** mkfs writes the inode tables, or every guest would after each of its boots. */
const script = `set -eu
find ${target} -mindepth 1 -delete
mkdir ${target}/root
${copyFileSystem(`${target}/root`, target)}
mv ${target}/root/boot/lab/* ${target}/
rm -r ${target}/root/boot/*
truncate -s ${sizeMiB}M ${target}/disk.img
mkfs.ext4 -q -m 0 -J size=8 -E lazy_itable_init=0 -d ${target}/root ${target}/disk.img
rm -r ${target}/root`;

/**
 * The volume with what every KVM guest of a lab starts from: `vmlinuz` and `initrd.img` as the image made them, and
 * `disk.img`, an ext4 file system without a partition table, sparse. Nothing is mounted for it.
 */
export const kvmGuestVolume = (image: string): VolumeRecipe => ({
  volume: `${suiteLabel}-kvm-guest-${contentHash([], { image, script })}`,
  kind: 'kvm-guest',
  image,
  target,
  script,
  title: "making the KVM guests' disk",
});
