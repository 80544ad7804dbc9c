import { FaultError } from '../errors.ts';
import { runInGuest } from '../guests/guest-kinds.ts';
import type { Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';

const calmWithinSeconds = 100;
const notCalm = 9;

/** Ends with 0 when no connection on port 3121 waits to send again what was lost. */
const untilCalm = (filter: string): string => `
command -v ss >/dev/null || exit 0
while ss -Htino state established '( ${filter} )' | grep -q 'backoff:'; do
  ((SECONDS < ${calmWithinSeconds})) || exit ${notCalm}
  sleep 0.2
done`;

/** Prints the connections that the host has with guests, one a line: its own end, then the guest's. */
const hostsConnections = `command -v ss >/dev/null || exit 0
ss -Htn state established '( dport = 3121 )' | awk '{ print $3, $4 }'`;

/** Returns the host's ports of its connections to a guest, as `hostsConnections` printed them. */
export const portsTo = (address: string, printed: string): readonly string[] =>
  printed.split('\n').flatMap((line) => {
    const [own = '', guests] = line.split(' ');
    return guests === `${address}:3121` ? own.split(':').slice(-1) : [];
  });

/**
 * Waits until TCP has got over what was dropped on the connections to the guests, on either side: while it waits to send
 * again, up to two minutes after a fault, the end of a daemon is not told to the host. A connection that a guest alone still
 * believes in, since the host gave it up and the guest was not restarted, is none of these. Throws a FaultError if one is still
 * waiting after 100 s.
 */
export const waitForCalmConnections = async (shell: HostShell, plan: Plan, signal?: AbortSignal): Promise<void> => {
  const options = { timeoutMs: (calmWithinSeconds + 10) * 1_000, accept: [0, notCalm], ...(signal && { signal }) };
  const { stdout } = await shell.run(hostsConnections, { ...(signal && { signal }) });
  const ended = await Promise.all([
    shell.run(untilCalm('dport = 3121'), options),
    ...plan.guests.flatMap((guest) => {
      const ports = portsTo(guest.address, stdout).map((port) => `dport = ${port}`);
      const filter = `sport = 3121 and ( ${ports.join(' or ')} )`;
      return ports.length > 0 ? [runInGuest(shell, guest, untilCalm(filter), options)] : [];
    }),
  ]);
  if (ended.some(({ exitCode }) => exitCode === notCalm))
    throw new FaultError(`A connection to port 3121 still waits to send again after ${calmWithinSeconds} s.`);
};
