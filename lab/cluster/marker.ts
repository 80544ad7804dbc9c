import { LabError } from '../errors.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** The cluster property by which a cluster is known as a lab; its value is the lab's name. */
export const markerName = 'pacemaker-guest-drills-lab';

/** Where Pacemaker keeps the cluster's configuration on a host, whether or not it runs; an element a line. */
const savedConfiguration = '/var/lib/pacemaker/cib/cib.xml';

/**
 * Checks that a cluster is marked as a lab, as `lab up` does, before anything is done to it that could harm one that is not.
 * Nothing turns that off. Throws a LabError otherwise.
 */
export const requireMarker = async (shell: HostShell): Promise<void> => {
  const { exitCode } = await shell.run(`grep -qs 'name="${markerName}"' ${savedConfiguration}`, { accept: [0, 1, 2] });
  if (exitCode !== 0)
    throw new LabError(
      `The cluster on ${shell.hostName} is not marked as a lab (property ${markerName}); nothing was done to it.`,
      {
        next: 'if it is the lab, and only its mark is gone, take it down and up again: "npm run lab down", "npm run lab up". If not, see LAB_HOST.',
      },
    );
};
