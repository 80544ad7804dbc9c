import { LabError } from './errors.ts';
import { hostKinds } from './host/host-kinds.ts';
import type { Host } from './host/host.ts';
import { openHost } from './host/open-host.ts';
import { labCommand, readLabKey, readLabState, type LabState } from './lab-state.ts';
import { openStatusStream, type StatusStream } from './observation/status-stream.ts';
import { parsePlan, type Plan } from './plan.ts';
import type { Settings } from './settings.ts';
import { describeMachine, residue } from './faults/residue.ts';
import { resetLab, type ResetReport } from './steady-state/reset.ts';
import type { HostShell } from './transport/host-shell.ts';

/** A lab that is up, with a shell on each of its hosts. */
export interface Lab {
  readonly settings: Settings;
  readonly state: LabState;
  readonly plan: Plan;
  /** The hosts by name. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** The host on which the cluster is observed and configured. */
  readonly host: Host;
  /** The shell on that host. */
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

/**
 * Connects to the lab of these settings. Throws a LabError if none is up, if its state can't be used, or if a host of it
 * no longer runs.
 */
export const connectLab = async (settings: Settings): Promise<Lab> => {
  const state = await readLabState(settings);
  if (!state)
    throw new LabError(`There is no lab "${settings.labName}".`, {
      next: `bring it up: ${labCommand(settings, 'up')}`,
    });
  return await openLab(settings, state);
};

/** Opens every host of a lab, each of the kind that the lab was made with. */
export const openLab = async (settings: Settings, state: LabState): Promise<Lab> => {
  const plan = parsePlan(state.plan, state.planName);
  const privateKey = await readLabKey(settings).catch((cause: unknown) => {
    throw new LabError(`The key of the lab "${settings.labName}" can't be read.`, {
      cause,
      next: `take the lab down and up again: ${labCommand(settings, 'down')}`,
    });
  });
  const kind = hostKinds[state.hostKind];
  const opened: Host[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.map((host) => host.close()));
  };
  try {
    for (const host of state.hosts) opened.push(await openHost(kind, settings, host, privateKey));
  } catch (error) {
    await closeAll();
    throw error;
  }
  const [host] = opened;
  if (!host) throw new LabError(`The lab "${settings.labName}" has no host.`, { next: labCommand(settings, 'down') });
  const { shell } = host;
  return {
    settings,
    state,
    plan,
    hosts: new Map(opened.map((each) => [each.name, each])),
    host,
    shell,
    reboot: async (signal) => {
      await Promise.all(opened.map((each) => each.reboot(signal)));
    },
    openStream: (paceMs) => openStatusStream(shell, paceMs, host.timeFactor),
    residue: async () => residue(state.baseline.machine, await describeMachine(shell, plan)),
    reset: (stream, signal) => resetLab(shell, stream, plan, state.baseline, signal),
    close: closeAll,
  };
};
