import { expect, test } from '@playwright/test';
import { lxcDomainXml } from '../../../lab/guests/lxc/domain-xml.ts';
import { guestMac } from '../../../lab/guests/mac.ts';
import { parseXml } from '../../../lab/observation/xml.ts';
import { loadPlan, parsePlan } from '../../../lab/plan.ts';
import { flatten } from './flatten-xml.ts';

const plan = await loadPlan('lxc');
/** A guest on every address of the network that one can have. */
const crowded = parsePlan(
  {
    ...plan,
    guests: Array.from({ length: 198 }, (_, at) => ({
      name: `g${at}`,
      kind: 'lxc',
      resource: `c${at}`,
      address: `192.168.122.${at + 2}`,
    })),
  },
  'crowded',
);

for (const guest of plan.guests)
  test(`the domain of ${guest.name} is well-formed XML that says what the plan says`, () => {
    const domain = parseXml(lxcDomainXml(guest, plan, `/root/lxc/${guest.name}-filesystem`));
    const features = domain.children.find(({ name }) => name === 'features');
    expect(features?.children.map(({ name }) => name)).toEqual(['privnet']);
    expect(flatten(domain)).toMatchObject({
      'domain@type': 'lxc',
      'domain/name': guest.name,
      'domain/memory': '192',
      'domain/memory@unit': 'MiB',
      'domain/vcpu': '1',
      'domain/os/type': 'exe',
      'domain/devices/filesystem/source@dir': `/root/lxc/${guest.name}-filesystem`,
      'domain/devices/filesystem/target@dir': '/',
      'domain/devices/interface/mac@address': guestMac(guest),
      'domain/devices/interface/source@network': 'default',
      'domain/devices/interface/ip@address': guest.address,
      'domain/devices/interface/ip@prefix': '24',
      'domain/devices/interface/route@gateway': '192.168.122.1',
    });
  });

test('the name stands on a line of its own, where the VirtualDomain agent looks for it', () => {
  for (const guest of plan.guests) {
    const lines = lxcDomainXml(guest, plan, '/r').split('\n');
    expect(lines.filter((line) => line.includes('<name>'))).toEqual([`  <name>${guest.name}</name>`]);
  }
});

test('every guest of a full network has a MAC address of its own, and a valid unicast one', () => {
  const macs = crowded.guests.map(guestMac);
  expect(new Set(macs).size).toBe(crowded.guests.length);
  // In the first octet of a unicast address the lowest bit is 0.
  for (const mac of macs) expect(mac).toMatch(/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/);
});
