import { mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { extract } from 'tar-stream';
import { LabError, UsageError } from '../errors.ts';
import type { Progress, Report } from '../progress/progress.ts';
import type { Settings } from '../settings.ts';
import { baseTag } from './base-image.ts';
import { buildImage } from './build-image.ts';
import { contentHash } from './content-hash.ts';
import { wordsOf, type LabReleases } from './ensure-images.ts';
import { ensureFilledVolume, type VolumeRecipe } from './filled-volume.ts';
import { copyFileSystem, guestRootVolume } from './guest-root.ts';
import { hostVmRecipe, recipeOf } from './image-recipe.ts';
import { hasImage, suiteLabel } from './image-tags.ts';

/** What a host that is a machine of its own boots from: files of this machine, which all such hosts share. */
export interface HostMachineFiles {
  readonly kernel: string;
  readonly initrd: string;
  /** qcow2 images of ext4 file systems without a partition table: the host's root, and the root that LXC guests share. */
  readonly hostDisk: string;
  readonly guestsDisk: string;
  /** The image that they were made from, without its kernel: what a host as a container is. */
  readonly image: string;
  /** Names the content of all of them. */
  readonly hash: string;
}

const target = '/host-vm';
const guestsTarget = '/guests-root';
const hostSizeMiB = 8192;
const guestsSizeMiB = 2048;
const fileNames = ['vmlinuz', 'initrd.img', 'host.qcow2', 'guests.qcow2'];

/** mkfs writes the inode tables, or every host would after each of its boots. qcow2 leaves out what is empty. */
const makeDisk = (root: string, name: string, sizeMiB: number): string =>
  `truncate -s ${sizeMiB}M ${target}/${name}.img
mkfs.ext4 -q -m 0 -J size=16 -E lazy_itable_init=0 -d ${root} ${target}/${name}.img
qemu-img convert -f raw -O qcow2 ${target}/${name}.img ${target}/${name}.qcow2
rm ${target}/${name}.img`;

const script = `set -eu
find ${target} -mindepth 1 -delete
${makeDisk(guestsTarget, 'guests', guestsSizeMiB)}
mkdir ${target}/root
${copyFileSystem(`${target}/root`, target, guestsTarget)}
mv ${target}/root/boot/lab/* ${target}/
rm -r ${target}/root/boot/*
${makeDisk(`${target}/root`, 'host', hostSizeMiB)}
rm -r ${target}/root`;

/**
 * Makes sure that this machine has what a host as a machine of its own boots from: the image of the host in a container with
 * a kernel on top, turned into disks by the engine and brought here. Without an engine being asked where it is there already.
 * @param findEngine Returns the engine with the host's and the guests' images, made if need be.
 * @throws LabError with the failing step's output.
 */
export const ensureHostMachine = async (
  findEngine: () => Promise<Docker>,
  releases: LabReleases,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
): Promise<HostMachineFiles> => {
  const host = await recipeOf('host', releases.host, releases.host.hostPackages, baseTag(releases.host));
  const guest = await recipeOf('guest', releases.guest, releases.guest.guestPackages, baseTag(releases.guest));
  const recipe = await hostVmRecipe(releases.host, host.tag);
  const guestRoot = guestRootVolume(guest.tag).volume;
  const hash = contentHash([], { image: recipe.tag, guestRoot, script });
  const folder = join(settings.cacheDir, 'machines', hash);
  if (!(await stat(folder).catch(() => null))) {
    const docker = await findEngine();
    const { Arch: machine } = await docker.version();
    if (machine !== 'amd64')
      throw new UsageError(`A host as a machine of its own is x86-64, and the engine runs on ${machine}.`, {
        next: 'choose LAB_HOST=container.',
      });
    await progress.task(`The machine of the host, for Pacemaker ${wordsOf(releases)}`, async (_report, below) => {
      if (!(await hasImage(docker, recipe.tag)))
        await below.task('Build the image, with a kernel', (report) => buildImage(docker, recipe, report, signal));
      const volume: VolumeRecipe = {
        volume: `${suiteLabel}-host-vm-${hash}`,
        kind: 'host-vm',
        image: recipe.tag,
        target,
        script,
        reads: { volume: guestRoot, target: guestsTarget },
        title: "making the host's disks",
      };
      await below.task("Make the host's disks", async (report) => {
        await ensureFilledVolume(docker, volume, report, signal);
        await fetchFiles(docker, volume, folder, report);
      });
    });
  }
  const [kernel = '', initrd = '', hostDisk = '', guestsDisk = ''] = fileNames.map((name) => join(folder, name));
  return { kernel, initrd, hostDisk, guestsDisk, image: host.tag, hash };
};

/** Brings the files of a volume to a folder of this machine, and removes the volume. */
const fetchFiles = async (docker: Docker, recipe: VolumeRecipe, folder: string, report: Report): Promise<void> => {
  await mkdir(join(folder, '..'), { recursive: true, mode: 0o700 });
  const aside = await mkdtemp(`${folder}-`);
  const container = await docker.createContainer({
    Image: recipe.image,
    Labels: { [suiteLabel]: `${recipe.kind}-copy` },
    HostConfig: {
      NetworkMode: 'none',
      Mounts: [{ Type: 'volume', Source: recipe.volume, Target: target, ReadOnly: true }],
    },
  });
  try {
    report('bringing them here');
    const fetched = await unpack(Readable.from(await container.getArchive({ path: target })), aside);
    const missing = fileNames.filter((name) => !fetched.has(name));
    if (missing.length > 0)
      throw new LabError(`The engine gave no ${missing.join(', ')} of the host's machine.`, {
        next: 'run "npm run lab build" again; "npm run lab doctor" looks at the engine.',
      });
    // Two runs may make the same; the first is as good as the second.
    await rename(aside, folder).catch(async (error: unknown) => {
      if (!(await stat(folder).catch(() => null))) throw error;
    });
  } finally {
    await container.remove({ force: true });
    await rm(aside, { recursive: true, force: true });
  }
  await docker.getVolume(recipe.volume).remove();
};

/** Writes the files of a tar, whatever folder they are in, into one folder. Returns their names. */
const unpack = async (tar: Readable, folder: string): Promise<ReadonlySet<string>> => {
  const names = new Set<string>();
  const entries = extract();
  const packed = pipeline(tar, entries);
  for await (const entry of entries) {
    const name = basename(entry.header.name);
    if (entry.header.type === 'file' && fileNames.includes(name)) {
      const file = await open(join(folder, name), 'wx', 0o400);
      await pipeline(entry, file.createWriteStream());
      names.add(name);
    } else entry.resume();
  }
  await packed;
  return names;
};
