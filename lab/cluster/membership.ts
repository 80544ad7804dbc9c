import { LabError } from '../errors.ts';
import type { Plan } from '../plan.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';

/**
 * Configures corosync for the plan's hosts, makes its key and Pacemaker Remote's, and starts the cluster on this host, with
 * pcs as a person would.
 */
export const startCluster = async (shell: HostShell, plan: Plan, signal: AbortSignal): Promise<void> => {
  const nodes = plan.hosts.map((host) => `${quote(host.name)} addr=${quote(host.address)}`).join(' ');
  await shell.run(
    `set -e
    systemctl stop pacemaker corosync
    rm -f /var/lib/pacemaker/cib/* /var/lib/corosync/*
    pcs cluster setup ${quote(plan.clusterName)} ${nodes} --corosync_conf=/etc/corosync/corosync.conf --overwrite --force
    corosync-keygen >/dev/null
    ${authkeyDirectory}
    dd if=/dev/urandom of=/etc/pacemaker/authkey bs=4096 count=1 status=none
    ${authkeyMode}`,
    { timeoutMs: 60_000, signal },
  );
  await shell.run('pcs cluster start', { timeoutMs: 120_000, signal });
};

/** Directory, group and modes as Pacemaker Remote documents them; the same in a guest. */
export const authkeyDirectory = 'mkdir -p /etc/pacemaker && chgrp haclient /etc/pacemaker && chmod 0750 /etc/pacemaker';
export const authkeyMode = 'chgrp haclient /etc/pacemaker/authkey && chmod 0640 /etc/pacemaker/authkey';

/** Checks that corosync on this host sees every host of the plan as a member. Throws a LabError that shows what it sees. */
export const verifyMembership = async (shell: HostShell, plan: Plan): Promise<void> => {
  const { stdout } = await shell.run('corosync-cfgtool -s >/dev/null && pcs status corosync');
  const members = stdout.split('\n').flatMap((line) => /^\s+\d+\s+\d+\s+(\S+)/.exec(line)?.[1] ?? []);
  const missing = plan.hosts.filter((host) => !members.includes(host.name));
  if (missing.length > 0)
    throw new LabError(
      `Corosync on ${shell.hostName} does not see ${missing.map((host) => host.name).join(', ')}:\n${stdout.trim()}`,
      {
        next: '"npm run lab logs" gathers corosync\'s log.',
      },
    );
};
