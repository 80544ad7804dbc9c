import { LabError } from '../errors.ts';
import { gatherTimeoutMs, reachOver, type HostReach } from '../evidence/gather-logs.ts';
import { hostKinds } from '../host/host-kinds.ts';
import { connectLab } from '../lab.ts';
import type { Settings } from '../settings.ts';

/** The hosts of a lab, how they are reached, and what has to be closed in the end. */
export interface Reached {
  readonly hosts: readonly HostReach[];
  /** Why the usual way was of no use, or null if it was. */
  readonly trouble: LabError | null;
  close(): Promise<void>;
}

/**
 * Reaches the hosts of a lab: over SSH as always or, where that is what is broken (or the lab's state is), on the other way
 * that their kind has. Throws the LabError of the former if the latter finds none.
 */
export const reachHosts = async (settings: Settings, signal: AbortSignal): Promise<Reached> => {
  try {
    const lab = await connectLab(settings);
    const hosts = [...lab.hosts.values()].map(({ shell }) => reachOver(shell, signal));
    return { hosts, trouble: null, close: () => lab.close() };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const rescued = (await Promise.all(Object.values(hostKinds).map((kind) => kind.rescue(settings)))).flat();
    if (rescued.length === 0) throw error;
    const hosts = rescued.map((host): HostReach => ({
      name: host.name,
      run: (script) => host.run(script, { timeoutMs: gatherTimeoutMs, signal }),
    }));
    return { hosts, trouble: error, close: () => Promise.resolve() };
  }
};
