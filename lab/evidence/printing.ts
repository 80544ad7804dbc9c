import { lxcProcessFunctions } from '../guests/lxc/processes.ts';
import { quote } from '../transport/host-shell.ts';
import { withoutSecrets } from './secrets.ts';

/**
 * A shell script that prints the end of what a command prints, at most that many bytes, without the values of what is named
 * like a secret. It ends with the status of the command, and not with that of those that its output goes through.
 */
export const lastBytes = (command: string, bytes: number): string =>
  `set -o pipefail; { ${command}; } | ${withoutSecrets} | tail -c ${bytes}`;

/** How often a line of a log is kept that is written again and again with nothing else between. */
const keptOfAlike = 10;

/**
 * A filter for a pacemaker.log that keeps the first ten of lines that follow each other and say the same, and says how many more there
 * were: a daemon that asks again without a pause would leave no room for why it asks.
 */
export const withoutRepeats = `LC_ALL=C awk '
    function tell() { if (alike > ${keptOfAlike}) print "(" alike - ${keptOfAlike} " more of these)" }
    { text = substr($0, 16); sub(/^[.][0-9]+/, "", text) }
    text == last { if (++alike <= ${keptOfAlike}) print; next }
    { tell(); last = text; alike = 1; print }
    END { tell() }'`;

/** A bash script for the host that sets `root` to where an LXC guest's files are, whether or not it runs. */
export const lxcRoot = (name: string): string => `${lxcProcessFunctions}
        init=$(init_of ${quote(name)} 2>/dev/null)
        if [ "$init" ]; then root=/proc/$init/root; else root=/root/lxc/${name}-filesystem; fi`;

/** A shell command that prints addresses, routes, neighbours, queues and what bridges have learned. */
export const printNetwork = 'ip address; ip route; ip neighbour; tc qdisc; bridge fdb';
