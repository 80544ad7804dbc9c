import { createGzip, constants } from 'node:zlib';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { LabError, TransportError } from '../../errors.ts';
import type { Report } from '../../progress/progress.ts';
import type { HostShell } from '../../transport/host-shell.ts';
import { recordFolder } from './files.ts';

const uploadLimitMs = 1_800_000;

/** A folder that all guests of a kind share, as a volume of an engine has it. */
export interface SharedFiles {
  /** The volume; its name changes with its content. */
  readonly volume: string;
  /** An image of the engine's, for a container that has the volume. */
  readonly image: string;
  /** Where it goes on the machine. */
  readonly folder: string;
}

/**
 * Brings a folder to a machine unless it is there with the same content: unpacked aside, and named when all of it is there.
 * @returns Whether anything had to be brought.
 */
export const bringSharedFiles = async (
  shell: HostShell,
  docker: Docker,
  { volume, image, folder }: SharedFiles,
  report: Report,
  signal: AbortSignal,
): Promise<boolean> => {
  const note = `${recordFolder}/content-of${folder.replaceAll('/', '-')}`;
  const { stdout } = await shell.run(`[ -d ${folder} ] && cat ${note} 2>/dev/null || :`);
  if (stdout.trim() === volume) return false;
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ['/bin/true'],
    Cmd: [],
    HostConfig: {
      NetworkMode: 'none',
      Mounts: [{ Type: 'volume', Source: volume, Target: '/shared', ReadOnly: true }],
    },
  });
  try {
    const tar = (await container.getArchive({ path: '/shared' })) as unknown as Readable;
    await unpack(shell, tar, folder, report, signal);
  } finally {
    await container.remove({ force: true });
  }
  await shell.run(`echo ${volume} >${note}`);
  return true;
};

const unpack = async (
  shell: HostShell,
  tar: Readable,
  folder: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> => {
  const aside = `${folder}.brought`;
  const command = await shell.stream(
    `set -e
    rm -rf ${aside}
    mkdir ${aside}
    tar -C ${aside} --strip-components=1 --numeric-owner --xattrs --xattrs-include='*' -xzf -
    rm -rf ${folder}
    mv ${aside} ${folder}`,
  );
  const { io, ended } = command;
  io.resume();
  let bytes = 0;
  const startedAt = performance.now();
  tar.on('data', (chunk: Buffer) => {
    const before = Math.floor(bytes / 10_000_000);
    bytes += chunk.length;
    if (Math.floor(bytes / 10_000_000) !== before) report(`${Math.round(bytes / 1_000_000)} MB of ${folder}`);
  });
  // A network is slower than this, and a machine's own decompression quicker.
  const zip = createGzip({ level: constants.Z_BEST_SPEED });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(uploadLimitMs)]);
  const sent = pipeline(tar, zip, io, { signal: limit }).then(
    () => null,
    (error: unknown) => error,
  );
  const status = await ended;
  const unsent = await sent;
  signal.throwIfAborted();
  if (status === undefined)
    throw new TransportError(`The connection to ${shell.hostName} was lost while ${folder} was sent.`, {
      cause: unsent,
      next: 'do it again: "npm run lab up".',
    });
  if (status !== 0 || unsent !== null)
    throw new LabError(
      `${shell.hostName} did not take ${folder} (exit status ${status}, after ${Math.round((performance.now() - startedAt) / 1000)} s): ${command.stderr().trim()}`,
      { cause: unsent, next: 'see whether it has room there (df), then bring the lab up again.' },
    );
};
