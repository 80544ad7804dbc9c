import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { labLabel, ofCacheFolder } from '../host/container/belongings.ts';
import type { Settings } from '../settings.ts';

/** Names of the labs of this cache folder that are remembered there, without asking any engine. */
export const labsRemembered = async (settings: Settings): Promise<string[]> => {
  const entries = await readdir(join(settings.cacheDir, 'labs'), { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
};

/** Names of the labs of this cache folder that have something running on the engine. */
export const labsRunning = async (docker: Docker, settings: Settings): Promise<string[]> =>
  labsIn(await docker.listContainers({ filters: ofCacheFolder(settings) }));

/** Names of all labs of this cache folder: remembered ones, and those of which the engine (if any) has something left. */
export const labsHere = async (docker: Docker | null, settings: Settings): Promise<string[]> => {
  const remembered = await labsRemembered(settings);
  if (docker === null) return remembered;
  const filters = ofCacheFolder(settings);
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  return [...new Set([...remembered, ...labsIn(containers), ...labsIn(volumes)])].sort();
};

const labsIn = (things: readonly { readonly Labels: Readonly<Record<string, string>> }[]): string[] => [
  ...new Set(things.flatMap((thing) => thing.Labels[labLabel] ?? [])),
];
