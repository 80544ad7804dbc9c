import { LabError } from '../errors.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** How a TCP connection to a guest's pacemaker_remote fares; see the KVM walk-through. */
export type ConnectionCheck = 'accepted and closed by the peer' | 'refused' | 'no route';

const timeoutSeconds = 8;

/**
 * Connects from the host to port 3121 of a guest with `ssh`, as the walk-through does: the way in which that fails tells
 * whether pacemaker_remote listens. Throws a LabError if ssh says something else.
 */
export const checkConnection = async (shell: HostShell, guestName: string): Promise<ConnectionCheck> => {
  const { stderr } = await shell.run(
    // The host remembers for a while where a guest was that is gone: its packets would go nowhere, instead of finding no route.
    `ip neigh flush to "$(getent ahostsv4 ${guestName} | awk '{ print $1; exit }')"
    ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=${timeoutSeconds} \
      -p 3121 ${guestName} true`,
    { accept: [255] },
  );
  if (stderr.includes('Connection refused')) return 'refused';
  if (stderr.includes('No route to host')) return 'no route';
  if (/Connection (reset|closed) by|kex_exchange_identification|banner/.test(stderr))
    return 'accepted and closed by the peer';
  throw new LabError(`ssh to port 3121 of ${guestName} says what is not known: ${stderr.trim()}`);
};
