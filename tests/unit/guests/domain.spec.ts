import { expect, test } from '@playwright/test';
import { readDomainParts } from '../../../lab/guests/domain.ts';
import { lxcDomainXml } from '../../../lab/guests/lxc/domain-xml.ts';
import { loadPlan } from '../../../lab/plan.ts';

const plan = await loadPlan('single');
const [guest] = plan.guests;
if (!guest) throw new Error('The plan has no guest.');

test('the parts of a generated domain are read', () => {
  expect(readDomainParts(lxcDomainXml(guest, plan, '/srv/root'))).toEqual({
    name: 'lxc1',
    memoryKiB: 192 * 1024,
    vcpus: 1,
    fileSystems: ['/srv/root on /'],
    disks: [],
    interfaces: ['00:16:3e:00:7a:0b on default'],
  });
});

test('disks are read, and memory in any unit', () => {
  const xml = `<domain><name>g</name><memory unit='GiB'>1</memory><vcpu placement='static'>2</vcpu><devices>
    <disk><source file='/d.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <disk><source dev='/dev/sda'/><target dev='vdb'/></disk></devices></domain>`;
  expect(readDomainParts(xml)).toEqual({
    name: 'g',
    memoryKiB: 1024 * 1024,
    vcpus: 2,
    fileSystems: [],
    disks: ['/d.qcow2 on vda', '/dev/sda on vdb'],
    interfaces: [],
  });
});

test('what is no domain has nothing that could be mistaken for one', () => {
  expect(readDomainParts('<network/>')).toEqual({
    name: '',
    memoryKiB: NaN,
    vcpus: NaN,
    fileSystems: [],
    disks: [],
    interfaces: [],
  });
});
