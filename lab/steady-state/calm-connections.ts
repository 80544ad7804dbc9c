import { FaultError } from '../errors.ts';
import { runInGuest } from '../guests/guest-kinds.ts';
import type { Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';

const calmWithinSeconds = 100;
const notCalm = 9;

/** Ends with 0 when no connection on port 3121 waits to send again what was lost. */
const untilCalm = (filter: string): string => `
command -v ss >/dev/null || exit 0
while ss -Htino state established '( ${filter} = 3121 )' | grep -q 'backoff:'; do
  ((SECONDS < ${calmWithinSeconds})) || exit ${notCalm}
  sleep 0.2
done`;

/**
 * Waits until TCP has got over what was dropped on the connections to the guests, on either side: while it waits to send
 * again, up to two minutes after a fault, the end of a daemon is not told to the host. Throws a FaultError if it has not
 * within 100 s.
 */
export const waitForCalmConnections = async (shell: HostShell, plan: Plan, signal?: AbortSignal): Promise<void> => {
  const options = { timeoutMs: (calmWithinSeconds + 10) * 1_000, accept: [0, notCalm], ...(signal && { signal }) };
  const ended = await Promise.all([
    shell.run(untilCalm('dport'), options),
    ...plan.guests.map((guest) => runInGuest(shell, guest, untilCalm('sport'), options)),
  ]);
  if (ended.some(({ exitCode }) => exitCode === notCalm))
    throw new FaultError(`A connection to port 3121 still waits to send again after ${calmWithinSeconds} s.`);
};
