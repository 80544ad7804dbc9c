import { LabError } from '../errors.ts';
import { stampRunsScript } from '../guests/run-stamps/stamping.ts';
import type { Plan } from '../plan.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';
import { pcsCommands } from './pcs.ts';

const setUp = (plan: Plan, path: string): string => {
  const nodes = plan.hosts.map((host) => `${quote(host.name)} addr=${quote(host.address)}`).join(' ');
  return `cluster setup ${quote(plan.clusterName)} ${nodes} --corosync_conf=${path} --overwrite --force`;
};

/** A bash script that prints the plan's corosync.conf, as pcs makes it. It needs a host's packages, and no host. */
export const corosyncConfScript = (plan: Plan): string =>
  `set -e
  conf=$(mktemp) && trap 'rm -f "$conf"' EXIT
  pcs ${setUp(plan, '"$conf"')} >&2
  cat "$conf"`;

const corosyncConf = '/etc/corosync/corosync.conf';

/** As a person would, with pcs. */
const startWithPcs = (plan: Plan): string => `systemctl daemon-reload
    ${pcsCommands([setUp(plan, corosyncConf), 'cluster start', 'cluster enable', 'status corosync'])}`;

/** What pcs does then (`enable` reloads systemd, too): on an emulated host it takes minutes for that, having systemd list its units. */
const startWithoutPcs = `cat >${corosyncConf}
    systemctl enable --quiet corosync pacemaker
    systemctl start corosync pacemaker
    corosync-quorumtool -l`;

/**
 * Configures corosync for the plan's hosts, makes its key and Pacemaker Remote's, and starts the cluster on this host, now and at
 * every boot. The agents that it runs on this host leave stamps of what they start and stop. Throws a LabError if corosync does not
 * see every host of the plan as a member.
 * @param conf What {@link corosyncConfScript} printed, for a host on which pcs is not to be waited for; null where it is.
 */
export const startCluster = async (
  shell: HostShell,
  plan: Plan,
  conf: string | null,
  signal: AbortSignal,
): Promise<void> => {
  const { stdout } = await shell.run(
    `set -e
    systemctl stop pacemaker corosync
    rm -f /var/lib/pacemaker/cib/* /var/lib/corosync/*
    corosync-keygen >/dev/null
    ${authkeyDirectory}
    dd if=/dev/urandom of=${hostAuthkey} bs=4096 count=1 status=none
    ${authkeyMode}
    ${stampRunsScript('', 'pacemaker')}
    ${conf === null ? startWithPcs(plan) : startWithoutPcs}
    corosync-cfgtool -s >/dev/null`,
    { timeoutMs: 180_000, signal, ...(conf !== null && { input: conf }) },
  );
  const members = membersIn(stdout);
  const missing = plan.hosts.filter((host) => !members.includes(host.name));
  if (missing.length > 0)
    throw new LabError(
      `Corosync on ${shell.hostName} does not see ${missing.map((host) => host.name).join(', ')}; it sees ${members.join(', ')}.`,
      {
        next: '"npm run lab logs" gathers corosync\'s log.',
      },
    );
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

/** Where Pacemaker Remote has its key, on a host and in a guest. */
export const hostAuthkey = '/etc/pacemaker/authkey';

/** Directory, group and modes as Pacemaker Remote documents them; the same in a guest. */
export const authkeyDirectory = 'mkdir -p /etc/pacemaker && chgrp haclient /etc/pacemaker && chmod 0750 /etc/pacemaker';
export const authkeyMode = 'chgrp haclient /etc/pacemaker/authkey && chmod 0640 /etc/pacemaker/authkey';

/** The hosts that corosync on this host counts as members, by name, as `pcs status corosync` shows them. */
export const readMembers = async (shell: HostShell): Promise<readonly string[]> => {
  const { stdout } = await shell.run('corosync-cfgtool -s >/dev/null && pcs status corosync');
  return membersIn(stdout);
};

const membersIn = (printed: string): readonly string[] =>
  printed.split('\n').flatMap((line) => /^\s+\d+\s+\d+\s+(\S+)/.exec(line)?.[1] ?? []);
