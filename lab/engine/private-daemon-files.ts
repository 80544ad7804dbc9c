import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Settings } from '../settings.ts';

/** Where the private daemon of a cache folder keeps what is its own. */
export interface DaemonFiles {
  readonly folder: string;
  readonly data: string;
  readonly exec: string;
  readonly socket: string;
  readonly pidFile: string;
  readonly log: string;
  readonly lock: string;
}

export const daemonFiles = (settings: Settings): DaemonFiles => {
  const folder = join(settings.cacheDir, 'engine');
  return {
    folder,
    data: join(folder, 'data'),
    exec: join(folder, 'exec'),
    socket: join(folder, 'docker.sock'),
    pidFile: join(folder, 'dockerd.pid'),
    log: join(folder, 'dockerd.log'),
    lock: join(folder, 'lock'),
  };
};

/** The kernel takes 108 bytes for a Unix socket's path, the last of them a zero (unix(7)). */
const longestSocketPath = 107;

/** Throws a UsageError where the sockets of the daemon, and of its containerd, would have too long a path. */
export const checkSocketPaths = (settings: Settings): void => {
  const files = daemonFiles(settings);
  const longest = join(files.exec, 'containerd', 'containerd.sock.ttrpc');
  const excess = Buffer.byteLength(longest) - longestSocketPath;
  if (excess <= 0) return;
  throw new UsageError(
    `LAB_CACHE_DIR is "${settings.cacheDir}", ${excess} bytes too long for the private engine's sockets.`,
    { next: 'Set LAB_CACHE_DIR to a folder with a shorter path.' },
  );
};

/** The option that tells one private daemon from every other process. */
export const dataRootOption = (files: DaemonFiles): string => `--data-root=${files.data}`;

/**
 * Finds the private daemon of these files.
 * @returns Its process id; null where the pid file is missing or names a process that is not this daemon.
 */
export const runningDaemon = async (files: DaemonFiles): Promise<number | null> => {
  const pid = Number.parseInt(await readFile(files.pidFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || pid <= 1) return null;
  return (await isDaemon(pid, files)) ? pid : null;
};

/** Says whether a process is the daemon of these files, by its executable and by its command line. */
export const isDaemon = async (pid: number, files: DaemonFiles): Promise<boolean> => {
  const { readlink } = await import('node:fs/promises');
  const executable = await readlink(`/proc/${pid}/exe`).catch(() => '');
  // Replaced by an upgrade while it runs, an executable reads as "… (deleted)".
  if (basename(executable.replace(/ \(deleted\)$/u, '')) !== 'dockerd') return false;
  return (await commandLine(pid)).includes(dataRootOption(files));
};

/** Processes that serve this daemon and may outlive it: its containerd and the shims of its containers. */
export const daemonServants = async (files: DaemonFiles): Promise<readonly number[]> => {
  const servants: number[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const line = await commandLine(pid);
    const isContainerd = /(^|\/)containerd(-shim[^/]*)?$/u.test(line[0] ?? '');
    if (isContainerd && line.some((word) => word.startsWith(`${files.exec}/`))) servants.push(pid);
  }
  return servants;
};

/** Children of a process, as the kernel lists them. */
export const childrenOf = async (pid: number): Promise<readonly number[]> => {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists
    .join(' ')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map(Number);
};

const commandLine = async (pid: number): Promise<readonly string[]> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
