import { LabError } from '../errors.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { clusteringPorts } from './knock.ts';

/** The rules that let clustering through, as nft writes them: a set for several ports of a protocol, or the one port. */
export const clusteringRules: readonly string[] = (['tcp', 'udp'] as const).map((protocol) => {
  const ports = clusteringPorts.flatMap((port) => (port.endsWith(protocol) ? [port.split('/')[0]] : []));
  return `${protocol} dport ${ports.length === 1 ? ports.join() : `{ ${ports.join(', ')} }`}`;
});

/** Checks that the firewall of the host is up, closed by default, and open for clustering. Throws a LabError that names what is missing. */
export const verifyFirewall = async (shell: HostShell): Promise<void> => {
  const list = 'nft list table inet lab_firewall';
  // Where it is another unit that loads the rules, starting this one would take the machine's own away.
  const rules = (await shell.run(`${list} 2>/dev/null || { systemctl start nftables && ${list}; }`)).stdout;
  const missing = [...clusteringRules, 'policy drop'].filter((rule) => !rules.includes(rule));
  if (missing.length > 0)
    throw new LabError(`The firewall of ${shell.hostName} lacks: ${missing.join('; ')}`, {
      next: 'build the images again ("npm run lab build") and the lab with them ("npm run lab down", "npm run lab up").',
    });
};
