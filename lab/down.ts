import type { HostKind, HostState } from './host/host-kind.ts';
import { hostKinds } from './host/host-kinds.ts';
import { LabError } from './errors.ts';
import { forgetLab, readLabState } from './lab-state.ts';
import type { Settings } from './settings.ts';

/**
 * Removes every host of the lab of these settings, and what an interrupted run left of one: of the kind that is remembered,
 * or of any where nothing is. Tells what had to be left, and returns the names of what was removed.
 */
export const removeHosts = async (
  settings: Settings,
  tell: (line: string) => void = () => undefined,
): Promise<readonly string[]> => {
  const { kinds, hosts } = await whatThereMayBe(settings);
  const removed: string[] = [];
  for (const kind of kinds) removed.push(...(await kind.remove(settings, hosts, tell)));
  return removed;
};

/** Makes room for the lab of these settings to be built anew: hosts that are cheap to make are removed, of others only the lab. */
export const clearHosts = async (settings: Settings): Promise<void> => {
  const { kinds, hosts } = await whatThereMayBe(settings);
  for (const kind of kinds) await (kind.clear?.(settings, hosts) ?? kind.remove(settings, hosts, () => undefined));
};

const whatThereMayBe = async (
  settings: Settings,
): Promise<{ readonly kinds: readonly HostKind[]; readonly hosts: readonly HostState[] }> => {
  const state = await readLabState(settings).catch((error: unknown) => {
    // A state that can't be used says nothing of what is there.
    if (error instanceof LabError) return null;
    throw error;
  });
  return state
    ? { kinds: [hostKinds[state.hostKind]], hosts: state.hosts }
    : { kinds: Object.values(hostKinds), hosts: [] };
};

/** Takes the lab of these settings down: nothing of it is left anywhere, and its state and key are forgotten. */
export const takeDown = async (
  settings: Settings,
  tell: (line: string) => void = () => undefined,
): Promise<readonly string[]> => {
  const removed = await removeHosts(settings, tell);
  await forgetLab(settings);
  return removed;
};
