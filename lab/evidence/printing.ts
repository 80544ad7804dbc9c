import { lxcProcessFunctions } from '../guests/lxc/processes.ts';
import { quote } from '../transport/host-shell.ts';

/**
 * A shell script that prints the end of what a command prints, at most that many bytes. It ends with the status of the
 * command, and not with that of the one that cuts its output short.
 */
export const lastBytes = (command: string, bytes: number): string =>
  `set -o pipefail; { ${command}; } | tail -c ${bytes}`;

/** A bash script for the host that sets `root` to where an LXC guest's files are, whether or not it runs. */
export const lxcRoot = (name: string): string => `${lxcProcessFunctions}
        init=$(init_of ${quote(name)} 2>/dev/null)
        if [ "$init" ]; then root=/proc/$init/root; else root=/root/lxc/${name}-filesystem; fi`;
