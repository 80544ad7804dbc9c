import { LabError } from '../errors.ts';
import { stampRunsScript } from '../guests/run-stamps/stamping.ts';
import type { Plan } from '../plan.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';

/**
 * Configures corosync for the plan's hosts, makes its key and Pacemaker Remote's, and starts the cluster on this host, with
 * pcs as a person would. The agents that it runs on this host leave stamps of what they start and stop.
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
    dd if=/dev/urandom of=${hostAuthkey} bs=4096 count=1 status=none
    ${authkeyMode}
    ${stampRunsScript('', 'pacemaker')}
    systemctl daemon-reload`,
    { timeoutMs: 60_000, signal },
  );
  await shell.run('pcs cluster start', { timeoutMs: 120_000, signal });
};

/** Starts the cluster on this host again. */
export const startAgain = async (shell: HostShell, signal?: AbortSignal): Promise<void> => {
  await shell.run('pcs cluster start', { timeoutMs: 120_000, ...(signal && { signal }) });
};

/** Stops the cluster on this host, and with it everything that it runs here. */
export const stopCluster = async (shell: HostShell): Promise<void> => {
  // pcs refuses to stop the last host of a partition without --force, since that costs the quorum.
  await shell.run('pcs cluster stop --force', { timeoutMs: 180_000 });
};

/** Has the cluster started at every boot of this host. */
export const enableCluster = async (shell: HostShell): Promise<void> => {
  await shell.run('pcs cluster enable');
};

/** Where Pacemaker Remote has its key, on a host and in a guest. */
export const hostAuthkey = '/etc/pacemaker/authkey';

/** Directory, group and modes as Pacemaker Remote documents them; the same in a guest. */
export const authkeyDirectory = 'mkdir -p /etc/pacemaker && chgrp haclient /etc/pacemaker && chmod 0750 /etc/pacemaker';
export const authkeyMode = 'chgrp haclient /etc/pacemaker/authkey && chmod 0640 /etc/pacemaker/authkey';

/** Checks that corosync on this host sees every host of the plan as a member. Throws a LabError that shows what it sees. */
export const verifyMembership = async (shell: HostShell, plan: Plan): Promise<void> => {
  const members = await readMembers(shell);
  const missing = plan.hosts.filter((host) => !members.includes(host.name));
  if (missing.length > 0)
    throw new LabError(
      `Corosync on ${shell.hostName} does not see ${missing.map((host) => host.name).join(', ')}; it sees ${members.join(', ')}.`,
      {
        next: '"npm run lab logs" gathers corosync\'s log.',
      },
    );
};

/** The hosts that corosync on this host counts as members, by name, as `pcs status corosync` shows them. */
export const readMembers = async (shell: HostShell): Promise<readonly string[]> => {
  const { stdout } = await shell.run('corosync-cfgtool -s >/dev/null && pcs status corosync');
  return stdout.split('\n').flatMap((line) => /^\s+\d+\s+\d+\s+(\S+)/.exec(line)?.[1] ?? []);
};
