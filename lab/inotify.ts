import { readdir, readFile, readlink } from 'node:fs/promises';

/** Inotify instances that a system takes, a host or an LXC guest: its systemd five, its D-Bus one. */
export const instancesOfSystem = 6;

/** How many a lab takes (counted). Takes how many systems share the kernel in it: hosts and LXC guests. */
export const instancesOfLab = (systems: number): number => instancesOfSystem * systems + 1;

/** The kernel's inotify instances of this user: hosts and LXC guests share them. */
export interface InotifyInstances {
  readonly limit: number;
  /** By open files, as far as this user may look into processes: no fewer than there are, for a file may be open twice. */
  readonly used: number;
}

/** The open files of a process that are inotify instances; none of one that has ended or is somebody else's. */
const openIn = async (processId: string): Promise<number> => {
  const folder = `/proc/${processId}/fd`;
  const files = await readdir(folder).catch(() => []);
  const targets = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')));
  return targets.filter((target) => target === 'anon_inode:inotify').length;
};

/** Counts this machine's inotify instances; null where the kernel does not tell their limit. */
export const readInotifyInstances = async (): Promise<InotifyInstances | null> => {
  const limit = await readFile('/proc/sys/fs/inotify/max_user_instances', 'utf8').catch(() => '');
  if (limit.trim() === '') return null;
  const processes = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const each = await Promise.all(processes.map(openIn));
  return { limit: Number(limit), used: each.reduce((total, count) => total + count, 0) };
};
