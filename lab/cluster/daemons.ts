import { processFunctions } from '../faults/processes.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** All daemons of the cluster on a host: corosync, pacemakerd, and those that pacemakerd starts and starts again. */
export const clusterDaemons = [
  'corosync',
  'pacemakerd',
  'pacemaker-controld',
  'pacemaker-execd',
  'pacemaker-based',
  'pacemaker-attrd',
  'pacemaker-fenced',
  'pacemaker-schedulerd',
] as const;

/**
 * Returns the process of each of the cluster's daemons that runs on the host, as its id and start time in clock ticks:
 * another one means another start.
 */
export const readDaemons = async (shell: HostShell): Promise<ReadonlyMap<string, string>> => {
  const { stdout } = await shell.run(`${processFunctions}
    for daemon in ${clusterDaemons.join(' ')}; do
      for process in $(processes_of $daemon); do echo "$daemon $process $(start_of "$process")"; done
    done`);
  return new Map(
    stdout
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [daemon, id, start] = line.split(' ');
        return daemon && id && start ? [[daemon, `${id}, started at tick ${start}`] as const] : [];
      }),
  );
};
