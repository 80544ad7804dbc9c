import { readFileSync } from 'node:fs';
import { quote } from '../../transport/host-shell.ts';

/** Where a host or an LXC guest has its stamps: on its disk, which no kill of the guest reaches. */
export const stampsFile = '/var/lib/guest-drills/runs';
const functionsFile = '/usr/lib/guest-drills/ocf-functions';
const functions = readFileSync(new URL('./ocf-functions', import.meta.url), 'utf8');

/** Leaves the stamp of a boot: with the first start of the daemon in it, and again with each one. systemd reads "$$" as "$" and "%%" as "%". */
const stampBoot = `read -r boot </proc/sys/kernel/random/boot_id; for place in $$RUN_STAMPS; do echo "- boot $$(date +%%s%%N) 0 gone $$boot" >>"$$place"; done`;

const settingsOf = (places: string): string => `[Service]
Environment=OCF_FUNCTIONS=${functionsFile}
Environment='RUN_STAMPS=${places}'
ExecStartPre=-/bin/sh -c '${stampBoot}'
`;

/**
 * A bash script that has the agents under a root directory (empty for the machine's own) leave stamps, from the next start
 * of the daemon that runs them on: that of the given systemd unit. Nothing of a package is changed.
 */
export const stampRunsScript = (root: string, unit: string, places = stampsFile): string => {
  const dropIn = `${root}/etc/systemd/system/${unit}.service.d`;
  return `mkdir -p ${root}/usr/lib/guest-drills ${root}/var/lib/guest-drills ${dropIn}
    printf %s ${quote(functions)} >${root}${functionsFile}
    printf %s ${quote(settingsOf(places))} >${dropIn}/guest-drills.conf`;
};
