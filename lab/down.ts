import { hostKinds } from './host/host-kinds.ts';
import { LabError } from './errors.ts';
import { forgetLab, readLabState } from './lab-state.ts';
import type { Settings } from './settings.ts';

/**
 * Removes every host of the lab of these settings, and what an interrupted run left of one: of the kind that is remembered,
 * or of any where nothing is. Returns the names of what was removed.
 */
export const removeHosts = async (settings: Settings): Promise<readonly string[]> => {
  const state = await readLabState(settings).catch((error: unknown) => {
    // A state that can't be used says nothing of what is there.
    if (error instanceof LabError) return null;
    throw error;
  });
  const kinds = state ? [hostKinds[state.hostKind]] : Object.values(hostKinds);
  const removed: string[] = [];
  for (const kind of kinds) removed.push(...(await kind.remove(settings, state?.hosts ?? [])));
  return removed;
};

/** Takes the lab of these settings down: nothing of it is left anywhere, and its state and key are forgotten. */
export const takeDown = async (settings: Settings): Promise<readonly string[]> => {
  const removed = await removeHosts(settings);
  await forgetLab(settings);
  return removed;
};
