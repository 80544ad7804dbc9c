import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { LabError } from './errors.ts';
import { waitForBoot } from './host/boot.ts';
import { openContainerHost, rebootContainerHost } from './host/container-host.ts';
import { labCommand, readLabKey, readLabState, type LabState } from './lab-state.ts';
import { openStatusStream, type StatusStream } from './observation/status-stream.ts';
import { parsePlan, type Plan } from './plan.ts';
import type { Settings } from './settings.ts';
import { describeMachine, residue } from './faults/residue.ts';
import { resetLab, type ResetReport } from './steady-state/reset.ts';
import type { HostShell } from './transport/host-shell.ts';
import { replaceableShell, type ReplaceableShell } from './transport/replaceable-shell.ts';

/** A lab that is up, with a shell on each of its hosts. */
export interface Lab {
  readonly settings: Settings;
  readonly state: LabState;
  readonly plan: Plan;
  /** The shells by host name. */
  readonly shells: ReadonlyMap<string, HostShell>;
  /** The shell on which the cluster is observed and configured. */
  readonly shell: HostShell;
  /**
   * Reboots every host and waits until each has booted. The shells stay the same; what ran on them, streams of samples
   * included, is cut.
   */
  reboot(signal?: AbortSignal): Promise<void>;
  /** Starts sampling the cluster at the given pace in milliseconds. */
  openStream(paceMs: number): Promise<StatusStream>;
  /** In words, what faults have left on host and guests, compared with when the lab came up; empty if nothing. */
  residue(): Promise<readonly string[]>;
  /** Brings it back to its steady state; see {@link resetLab}. */
  reset(stream: StatusStream, signal?: AbortSignal): Promise<ResetReport>;
  close(): Promise<void>;
}

/** Labels, names and volumes of everything that belongs to the lab of these settings. */
export interface Belongings {
  readonly owner: string;
  readonly containerName: (hostName: string) => string;
  readonly guestUppersVolume: (hostName: string) => string;
}

/** Labs of the same name in different cache folders are different labs, also on one engine. */
export const belongings = (settings: Settings): Belongings => {
  const owner = createHash('sha256').update(settings.cacheDir).digest('hex').slice(0, 8);
  const prefix = `guest-drills-${owner}-${settings.labName}`;
  return {
    owner,
    containerName: (hostName) => `${prefix}-${hostName}`,
    guestUppersVolume: (hostName) => `${prefix}-${hostName}-guests`,
  };
};

/**
 * Connects to the lab of these settings. Throws a LabError if none is up, if its state can't be used, or if a host of it
 * no longer runs.
 */
export const connectLab = async (docker: Docker, settings: Settings): Promise<Lab> => {
  const state = await readLabState(settings);
  if (!state)
    throw new LabError(`There is no lab "${settings.labName}".`, {
      next: `bring it up: ${labCommand(settings, 'up')}`,
    });
  return await openLab(docker, settings, state);
};

/** Opens a shell on every host of a lab. */
export const openLab = async (docker: Docker, settings: Settings, state: LabState): Promise<Lab> => {
  const plan = parsePlan(state.plan, state.planName);
  const privateKey = await readLabKey(settings).catch((cause: unknown) => {
    throw new LabError(`The key of the lab "${settings.labName}" can't be read.`, {
      cause,
      next: `take the lab down and up again: ${labCommand(settings, 'down')}`,
    });
  });
  const open = (host: LabState['hosts'][number]): Promise<HostShell> =>
    openContainerHost(docker, {
      hostName: host.name,
      containerId: host.containerId,
      hostPublicKey: host.hostPublicKey,
      privateKey,
    });
  const opened: ReplaceableShell[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.map((shell) => shell.close()));
  };
  const reboot = async (host: LabState['hosts'][number], signal?: AbortSignal): Promise<void> => {
    const shell = opened.find(({ hostName }) => hostName === host.name);
    await shell?.close();
    await rebootContainerHost(docker, host.name, host.containerId);
    signal?.throwIfAborted();
    const rebooted = await open(host);
    shell?.replace(rebooted);
    await waitForBoot(rebooted, signal);
  };
  try {
    for (const host of state.hosts) opened.push(replaceableShell(await open(host)));
  } catch (error) {
    await closeAll();
    throw error;
  }
  const [shell] = opened;
  if (!shell) throw new LabError(`The lab "${settings.labName}" has no host.`, { next: labCommand(settings, 'down') });
  return {
    settings,
    state,
    plan,
    shells: new Map(opened.map((each) => [each.hostName, each])),
    shell,
    reboot: async (signal) => {
      await Promise.all(state.hosts.map((host) => reboot(host, signal)));
    },
    openStream: (paceMs) => openStatusStream(shell, paceMs),
    residue: async () => residue(state.baseline.machine, await describeMachine(shell, plan)),
    reset: (stream, signal) => resetLab(shell, stream, plan, state.baseline, signal),
    close: closeAll,
  };
};
