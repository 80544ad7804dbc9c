import type { Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** Returns the names of the guests to which the host has a TCP connection on port 3121, as its kernel says. */
export const readConnections = async (shell: HostShell, plan: Plan): Promise<ReadonlySet<string>> => {
  const { stdout } = await shell.run("ss -Htn state established '( dport = 3121 )'");
  // An address of IPv4 may stand there as one of IPv6: [::ffff:192.168.122.11]:3121.
  const peers = new Set([...stdout.matchAll(/([\d.]+)\]?:3121\b/g)].map(([, address]) => address));
  return new Set(plan.guests.filter(({ address }) => peers.has(address)).map(({ name }) => name));
};
