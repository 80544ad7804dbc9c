import { randomBytes } from 'node:crypto';
import { quote, type HostShell } from '../transport/host-shell.ts';

/**
 * A fault's lease: its healing, kept on the host, and done there by a timer of systemd's when nobody renews it. So a fault
 * ends even if the runner that injected it was killed, and the next one finds what is still to be undone.
 */
export interface Lease {
  readonly id: string;
  /** Begins the time anew. */
  renew(): Promise<void>;
  /** Heals now, and ends the lease if that worked. Throws a CommandError with what the healing said if it did not. */
  heal(): Promise<void>;
}

const folder = '/var/lib/guest-drills/leases';
/** How long a lease holds without being renewed, in seconds, and how often the host looks. */
export const leaseSeconds = 30;
const lookSeconds = 5;
const healTimeoutMs = 60_000;

const unitOf = (id: string): string => `guest-drills-lease-${id}`;

/**
 * The host's uptime in whole seconds. The time of a lease's file is one of these, not of the clock: a fault may be that the clock is
 * set.
 */
const uptimeSeconds = `$(cut -d. -f1 /proc/uptime)`;

/** The file of a lease: run with "now" it heals at once, without it when the lease is over. What heals may be run twice. */
const leaseScript = (id: string, heal: string, seconds: number): string => `#!/bin/bash
# Undoes a fault that a drill injected, when nobody has touched this file for ${seconds} s.
lease=${folder}/${id}
exec 9<"$lease" && flock 9 && [ -e "$lease" ] || exit 0
[ "\${1-}" = now ] || ((${uptimeSeconds} - $(stat -c %Y "$lease") >= ${seconds})) || exit 0
(
set -e
${heal}
) || exit
rm -f "$lease"
systemctl stop ${unitOf(id)}.timer 2>/dev/null
exit 0
`;

/**
 * Leaves a fault's healing on the host before the fault is injected. Takes the fault's name, a bash script for the host
 * that undoes it whether or not it was injected whole, how long the lease holds, in seconds, and how many seconds later that
 * time begins, if it is not renewed before.
 */
export const takeLease = async (
  shell: HostShell,
  faultName: string,
  heal: string,
  seconds: number = leaseSeconds,
  beginsInSeconds = 0,
): Promise<Lease> => {
  const id = `${faultName}-${randomBytes(4).toString('hex')}`;
  const path = `${folder}/${id}`;
  await shell.run(
    `set -e
    mkdir -p ${folder}
    cat >${path}.new
    touch --date="@$((${uptimeSeconds} + ${beginsInSeconds}))" ${path}.new
    mv ${path}.new ${path}
    systemd-run --quiet --collect --unit=${unitOf(id)} --on-active=${lookSeconds} --on-unit-inactive=${lookSeconds} \\
      --timer-property=AccuracySec=500ms /bin/bash ${path}`,
    { input: leaseScript(id, heal, seconds) },
  );
  return {
    id,
    async renew() {
      await shell.run(`touch --no-create --date="@${uptimeSeconds}" ${path}`);
    },
    async heal() {
      await shell.run(healNow(id), { timeoutMs: healTimeoutMs });
    },
  };
};

const healNow = (id: string): string => `[ ! -e ${folder}/${id} ] || bash ${folder}/${id} now`;

/** Returns the ids of the leases on a host: of faults that are injected, or were and could not be healed. */
export const listLeases = async (shell: HostShell): Promise<readonly string[]> => {
  const { stdout } = await shell.run(`ls ${folder} 2>/dev/null || true`);
  return stdout.split('\n').filter((name) => name !== '' && !name.endsWith('.new'));
};

/** Heals a lease that somebody else took. Throws a CommandError with what the healing said if it did not work. */
export const healLease = async (shell: HostShell, id: string): Promise<void> => {
  await shell.run(healNow(quote(id)), { timeoutMs: healTimeoutMs });
};
