import { expect, test } from '@playwright/test';
import { kvmDomainXml, type KvmMachine } from '../../../lab/guests/kvm/domain-xml.ts';
import { guestMac } from '../../../lab/guests/mac.ts';
import { parseXml } from '../../../lab/observation/xml.ts';
import { loadPlan } from '../../../lab/plan.ts';
import { flatten } from './flatten-xml.ts';

const plan = await loadPlan('kvm');
const [first] = plan.guests;
if (!first) throw new Error('the kvm plan has no guest');
const guest = { ...first, vcpus: 2 };
const machine: KvmMachine = {
  accelerator: 'tcg',
  disk: '/var/lib/kvm/guest1.qcow2',
  seed: '/var/lib/kvm/guest1.tar',
  kernel: '/srv/kvm-guest/vmlinuz',
  initrd: '/srv/kvm-guest/initrd.img',
};
const domainFor = (accelerator: KvmMachine['accelerator']) =>
  parseXml(kvmDomainXml(guest, plan, { ...machine, accelerator }));

for (const accelerator of ['tcg', 'kvm'] as const)
  test(`the domain with ${accelerator} is well-formed XML that says what plan and machine say`, () => {
    expect(flatten(domainFor(accelerator))).toMatchObject({
      'domain@type': accelerator === 'kvm' ? 'kvm' : 'qemu',
      'domain/name': 'guest1',
      'domain/memory': '256',
      'domain/memory@unit': 'MiB',
      'domain/vcpu': '2',
      'domain/os/kernel': machine.kernel,
      'domain/os/initrd': machine.initrd,
      'domain/on_poweroff': 'destroy',
      'domain/on_reboot': 'restart',
      'domain/on_crash': 'destroy',
      'domain/devices/interface/mac@address': guestMac(guest),
      'domain/devices/interface/source@network': 'default',
      'domain/devices/serial/log@file': '/var/log/libvirt/qemu/guest1-console.log',
    });
  });

test('the guest agent’s channel comes first and that of the stamps second: the guest knows them by their order', () => {
  const channels = domainFor('tcg')
    .children.find(({ name }) => name === 'devices')
    ?.children.filter(({ name }) => name === 'channel');
  expect(channels?.map((channel) => flatten(channel))).toMatchObject([
    { 'channel/target@name': 'org.qemu.guest_agent.0' },
    {
      'channel/target@name': 'guest-drills.runs',
      'channel/source@path': '/var/log/libvirt/qemu/guest1-runs.log',
      'channel/source@append': 'on',
    },
  ]);
});

test('the own disk comes first and the seed, which is only read, second: the initrd knows them by their order', () => {
  const disks = domainFor('tcg')
    .children.find(({ name }) => name === 'devices')
    ?.children.filter(({ name }) => name === 'disk');
  expect(disks?.map((disk) => flatten(disk))).toMatchObject([
    { 'disk/source@file': machine.disk, 'disk/target@dev': 'vda', 'disk/driver@type': 'qcow2' },
    { 'disk/source@file': machine.seed, 'disk/target@dev': 'vdb', 'disk/driver@type': 'raw' },
  ]);
  expect(disks?.map((disk) => disk.children.some(({ name }) => name === 'readonly'))).toEqual([false, true]);
});

test("only an emulated machine gets what suits one, and no other kernel's clock is trusted blindly", () => {
  const [emulated, real] = [flatten(domainFor('tcg')), flatten(domainFor('kvm'))];
  expect(emulated['domain/cpu/model']).toBe('qemu64');
  expect(emulated['domain/os/cmdline']).toContain('PCMK_dh_max_bits');
  expect(real['domain/cpu@mode']).toBe('host-passthrough');
  expect(real['domain/os/cmdline']).toMatch(/^console=ttyS0 /);
  expect(real['domain/os/cmdline']).not.toMatch(/PCMK_dh_max_bits|tsc=|no_timer_check/);
  expect(Object.keys(real)).not.toContain('domain/features/tcg/tb-cache');
});

test('the name stands on a line of its own, where the VirtualDomain agent looks for it', () => {
  const lines = kvmDomainXml(guest, plan, machine).split('\n');
  expect(lines.filter((line) => line.includes('<name>'))).toEqual(['  <name>guest1</name>']);
});
