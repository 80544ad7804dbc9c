import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { clusteringRules } from '../../../lab/cluster/firewall.ts';

for (const image of ['host', 'guest'])
  test(`the packet filter of the ${image} lets clustering through, by the rules that a lab is checked for`, () => {
    const rules = readFileSync(new URL(`../../../lab/images/${image}/nftables.conf`, import.meta.url), 'utf8');
    expect(clusteringRules).toEqual(['tcp dport { 2224, 3121, 21064 }', 'udp dport 5405']);
    for (const rule of clusteringRules) expect(rules).toContain(`${rule} accept`);
  });
