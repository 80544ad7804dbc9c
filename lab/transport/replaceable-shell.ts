import type { HostShell } from './host-shell.ts';

/** A shell on a host that stays the same to whoever holds it when the connection below is replaced. */
export interface ReplaceableShell extends HostShell {
  /** From now on commands go over the other connection. What runs on the one before is left to it. */
  replace(next: HostShell): void;
}

/** Makes a shell that goes over the given one until that is replaced, as after a reboot of the host. */
export const replaceableShell = (first: HostShell): ReplaceableShell => {
  let current = first;
  return {
    hostName: first.hostName,
    run: (script, options) => current.run(script, options),
    stream: (script, options) => current.stream(script, options),
    get lost() {
      return current.lost;
    },
    close: () => current.close(),
    replace(next) {
      current = next;
    },
  };
};
