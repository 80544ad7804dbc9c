import { TransportError } from '../errors.ts';
import type { HostShell } from './host-shell.ts';

/** A shell on a host that outlives its connection. */
export interface ReconnectingShell extends HostShell {
  /**
   * Closes the connection, does the work, and goes on over the connection that it returns, as around a reboot of the host.
   * Commands that come meanwhile wait for it; if the work fails, they fail with it, and the next ones try to connect anew.
   */
  replaceAfter(work: () => Promise<HostShell>): Promise<void>;
}

/**
 * Makes a shell that goes over the given connection until that is lost, and then over a new one. What was running on a
 * connection that is lost fails: nobody can tell how far it got. Only what comes afterwards goes over the next one. Once closed, it stays closed.
 */
export const reconnectingShell = (first: HostShell, open: () => Promise<HostShell>): ReconnectingShell => {
  let state: 'open' | 'closed' = 'open';
  let latest = first;
  let connection = Promise.resolve(first);
  let lost = false;
  /** Counts connections: the loss of one that has been replaced is nobody's concern. */
  let generation = 0;
  const watch = (shell: HostShell, number: number): HostShell => {
    latest = shell;
    void shell.lost.then(() => {
      if (number === generation) lost = true;
    });
    return shell;
  };
  /** Goes over another connection from now on; one that can't be had is asked for again by who comes next. */
  const goOver = (next: Promise<HostShell>): Promise<HostShell> => {
    generation += 1;
    const number = generation;
    lost = false;
    connection = next.then(
      (shell) => watch(shell, number),
      (error: unknown) => {
        if (number === generation) lost = true;
        throw error;
      },
    );
    connection.catch(() => undefined);
    return connection;
  };
  watch(first, generation);
  const current = async (): Promise<HostShell> => {
    if (state === 'closed')
      throw new TransportError(`The connection to ${first.hostName} has been closed.`, {
        next: 'open the lab again: whatever closed it has ended.',
      });
    return await (lost ? goOver(open()) : connection);
  };
  return {
    hostName: first.hostName,
    run: async (script, options) => (await current()).run(script, options),
    stream: async (script, options) => (await current()).stream(script, options),
    get lost() {
      return latest.lost;
    },
    async close() {
      state = 'closed';
      await (await connection.catch(() => latest)).close();
    },
    async replaceAfter(work) {
      const before = latest;
      await goOver(before.close().then(work));
    },
  };
};
