import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import type { Settings } from '../../settings.ts';

/** Labels by which everything that belongs to a lab is found again. */
export const labLabel = 'pacemaker-guest-drills.lab';
const ownerLabel = 'pacemaker-guest-drills.owner';

/** Labels, names and volumes of everything that belongs to the lab of these settings. */
interface Belongings {
  readonly labels: Readonly<Record<string, string>>;
  readonly containerName: (hostName: string) => string;
  readonly guestUppersVolume: (hostName: string) => string;
}

/** Labs of the same name in different cache folders are different labs, also on one engine. */
const ownerOf = (settings: Settings): string =>
  createHash('sha256').update(settings.cacheDir).digest('hex').slice(0, 8);

/** Says how everything of a lab is called and labelled on an engine. */
export const belongings = (settings: Settings): Belongings => {
  const owner = ownerOf(settings);
  const prefix = `guest-drills-${owner}-${settings.labName}`;
  return {
    labels: { [labLabel]: settings.labName, [ownerLabel]: owner },
    containerName: (hostName) => `${prefix}-${hostName}`,
    guestUppersVolume: (hostName) => `${prefix}-${hostName}-guests`,
  };
};

/** A filter of the engine's for what belongs to the lab of these settings. */
export const ofLab = (settings: Settings): { readonly label: string[] } => ({
  label: Object.entries(belongings(settings).labels).map(([name, value]) => `${name}=${value}`),
});

/** A filter of the engine's for what belongs to any lab of the cache folder. */
export const ofCacheFolder = (settings: Settings): { readonly label: string[] } => ({
  label: [`${ownerLabel}=${ownerOf(settings)}`],
});

/** Being gone already (404), being stopped already (304) and being removed by somebody else (409) are all fine here. */
const unlessGone = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (![304, 404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
  }
};

/**
 * Removes everything of the lab of these settings from an engine: found by label, so it works without a state file and
 * on what an interrupted run left. Returns the names of what was removed.
 */
export const removeFromEngine = async (docker: Docker, settings: Settings): Promise<readonly string[]> => {
  const filters = ofLab(settings);
  const removed: string[] = [];
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(async (container) => {
      // What runs in it is the lab's own and is thrown away: no need to wait for an orderly end.
      await unlessGone(docker.getContainer(container.Id).remove({ force: true, v: true }));
      removed.push(container.Names[0]?.replace(/^\//, '') ?? container.Id);
    }),
  );
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  for (const volume of volumes) {
    await unlessGone(docker.getVolume(volume.Name).remove());
    removed.push(volume.Name);
  }
  return removed;
};
