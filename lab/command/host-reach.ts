import type Docker from 'dockerode';
import { runToEnd } from '../engine/exec-stream.ts';
import { LabError } from '../errors.ts';
import { labLabel, ownerLabel } from '../host/container-host.ts';
import { belongings, connectLab } from '../lab.ts';
import type { Settings } from '../settings.ts';

/** A host that can be asked for its logs. */
export interface HostReach {
  readonly name: string;
  /** Runs a bash script and returns what it printed, whatever its exit status. */
  run(script: string): Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }>;
}

/** The hosts of a lab, how they are reached, and what has to be closed in the end. */
export interface Reached {
  readonly hosts: readonly HostReach[];
  /** Why the usual way was of no use, or null if it was. */
  readonly trouble: LabError | null;
  close(): Promise<void>;
}

const timeoutMs = 40_000;
const anyStatus = Array.from({ length: 256 }, (_, code) => code);

/**
 * Reaches the hosts of a lab: over SSH as always or, where that is what is broken (or the lab's state is), as containers
 * that are found by label and asked through the engine. Throws the LabError of the former if the latter finds none.
 */
export const reachHosts = async (docker: Docker, settings: Settings, signal: AbortSignal): Promise<Reached> => {
  try {
    const lab = await connectLab(docker, settings);
    const hosts = [...lab.shells].map(([name, shell]): HostReach => ({
      name,
      run: (script) => shell.run(script, { timeoutMs, accept: anyStatus, signal }),
    }));
    return { hosts, trouble: null, close: () => lab.close() };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const label = [`${labLabel}=${settings.labName}`, `${ownerLabel}=${belongings(settings).owner}`];
    const containers = await docker.listContainers({ filters: { label } });
    if (containers.length === 0) throw error;
    const hosts = await Promise.all(
      containers.map(async ({ Id: id }): Promise<HostReach> => {
        const container = docker.getContainer(id);
        const { Config: config } = await container.inspect();
        return {
          name: config.Hostname,
          run: (script) => runToEnd(container, ['bash', '-c', script], { timeoutMs, signal }),
        };
      }),
    );
    return { hosts, trouble: error, close: () => Promise.resolve() };
  }
};
