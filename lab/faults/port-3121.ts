import type { FaultSite } from './fault.ts';
import { scriptedFault, type FaultScripts } from './scripted-fault.ts';

/** The port on which pacemaker_remote listens. */
const port = 3121;
const table = 'inet drill_port_3121';

/** How a packet filter in the host's network breaks the way to a guest's port. */
interface Filter {
  readonly name: string;
  readonly description: string;
  /** nft rules for packets that leave the host for a guest, and for those that come back. */
  readonly outwards?: string;
  readonly inwards?: string;
}

const rules = ({ guest }: FaultSite, { outwards, inwards }: Filter): string => `
table ${table} {
  counter hits { }
  chain outwards {
    type filter hook output priority -10;
    ${outwards === undefined ? '' : `ip daddr ${guest.address} tcp dport ${port} ${outwards}`}
  }
  chain inwards {
    type filter hook input priority -10;
    ${inwards === undefined ? '' : `ip saddr ${guest.address} tcp sport ${port} ${inwards}`}
  }
}`;

/** A stranger's knock on the port makes traffic, so that the rule's counter can move at once. */
const knock = ({ guest }: FaultSite): string =>
  `(timeout 1 bash -c 'exec 3<>/dev/tcp/${guest.address}/${port} && printf x >&3') >/dev/null 2>&1`;

const filtered = (filter: Filter): FaultScripts => ({
  name: filter.name,
  family: 'port-3121',
  description: filter.description,
  place: 'host',
  inject: (site) => `
    target='port ${port} of ${site.guest.name} (${site.guest.address})'
    nft -f - <<'END' 2>&1 || return
${rules(site, filter)}
END
    ${knock(site)} &`,
  proof: () => `
    packets=$(nft list counter ${table} hits | sed -n 's/.*packets \\([0-9]*\\) .*/\\1/p')
    [ "\${packets:-0}" -gt 0 ] && proof="the rule has met $packets packets"`,
  heal: () => `nft delete table ${table} 2>/dev/null || ! nft list table ${table} >/dev/null 2>&1`,
  healed: () => `! nft list table ${table} 2>/dev/null`,
});

/** Faults of the way between the host and port 3121 of a guest. */
export const port3121Faults = [
  filtered({
    name: 'port-3121-dropped',
    description: 'packets between the host and port 3121 of the guest are dropped, both ways',
    outwards: 'counter name hits drop',
    inwards: 'counter name hits drop',
  }),
].map(scriptedFault);
