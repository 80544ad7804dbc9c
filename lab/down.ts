import type Docker from 'dockerode';
import { labLabel, ownerLabel } from './host/container-host.ts';
import { belongings } from './lab.ts';
import { forgetLab } from './lab-state.ts';
import type { Settings } from './settings.ts';

/** Being gone already (404), being stopped already (304) and being removed by somebody else (409) are all fine here. */
const unlessGone = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (![304, 404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
  }
};

/**
 * Removes everything of the lab of these settings from the engine: found by label, so it works without a state file and
 * on what an interrupted run left. Returns the names of what was removed.
 */
export const removeLabFromEngine = async (docker: Docker, settings: Settings): Promise<string[]> => {
  const label = [`${labLabel}=${settings.labName}`, `${ownerLabel}=${belongings(settings).owner}`];
  const removed: string[] = [];
  const containers = await docker.listContainers({ all: true, filters: { label } });
  await Promise.all(
    containers.map(async (container) => {
      // What runs in it is the lab's own and is thrown away: no need to wait for an orderly end.
      await unlessGone(docker.getContainer(container.Id).remove({ force: true, v: true }));
      removed.push(container.Names[0]?.replace(/^\//, '') ?? container.Id);
    }),
  );
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label } });
  for (const volume of volumes) {
    await unlessGone(docker.getVolume(volume.Name).remove());
    removed.push(volume.Name);
  }
  return removed;
};

/** Takes the lab of these settings down: nothing of it is left on the engine, and its state and key are forgotten. */
export const takeDown = async (docker: Docker, settings: Settings): Promise<string[]> => {
  const removed = await removeLabFromEngine(docker, settings);
  await forgetLab(settings);
  return removed;
};
