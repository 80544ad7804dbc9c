import type { HostShell } from '../transport/host-shell.ts';

/**
 * The key of corosync's runtime configuration that says how many votes there are. What is set here is forgotten when
 * corosync stops. `pcs quorum expected-votes` can't do it: votequorum takes no number from it that costs the quorum.
 */
const key = 'quorum.expected_votes';

/** Has corosync on this host expect twice as many votes as there are: its partition has no quorum any more. */
export const takeQuorum = async (shell: HostShell, hostCount: number): Promise<void> => {
  await shell.run(`corosync-cmapctl -s ${key} u32 ${hostCount * 2}`);
};

/** Has corosync expect the votes of the hosts that there are again. Does nothing where it does already. */
export const returnQuorum = async (shell: HostShell, hostCount: number): Promise<void> => {
  // Deleting the key alone would change nothing before the next start.
  await shell.run(`corosync-cmapctl -s ${key} u32 ${hostCount} && corosync-cmapctl -d ${key}`);
};

/** A shell condition that holds while quorum is taken away by {@link takeQuorum}. */
export const quorumIsTaken = `corosync-cmapctl -g ${key} >/dev/null 2>&1`;

/** Says whether corosync on this host counts its partition as quorate. */
export const isQuorate = async (shell: HostShell): Promise<boolean> => {
  // 2: not quorate.
  const { stdout } = await shell.run('corosync-quorumtool -s', { accept: [0, 2] });
  return /^Quorate:\s+Yes$/m.test(stdout);
};
