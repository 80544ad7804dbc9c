import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { UsageError } from '../../lab/errors.ts';
import { loadPlan, parsePlan } from '../../lab/plan.ts';

const host = { name: 'h1', address: '10.0.0.1' };
const guest = { name: 'g1', kind: 'lxc', resource: 'c1', address: '192.168.122.11' };
const another = { ...guest, name: 'g2', resource: 'c2', address: '192.168.122.12' };
const dummy = { id: 'FAKE1', agent: 'ocf:pacemaker:Dummy' };
const minimal = { name: 'mine', hosts: [host], network: {}, guests: [guest], resources: [dummy], properties: {} };

test('the default plan is both walk-throughs: three LXC guests, a KVM guest and five dummies on one host', async () => {
  const plan = await loadPlan('default');
  expect(plan.hosts).toEqual([{ name: 'example-host', address: '127.0.0.1' }]);
  expect(plan.guests.map(({ name, kind, resource, address }) => [name, kind, resource, address])).toEqual([
    ['lxc1', 'lxc', 'container1', '192.168.122.11'],
    ['lxc2', 'lxc', 'container2', '192.168.122.12'],
    ['lxc3', 'lxc', 'container3', '192.168.122.13'],
    ['guest1', 'kvm', 'vm-guest1', '192.168.122.10'],
  ]);
  expect(plan.resources.map(({ id }) => id)).toEqual(['FAKE1', 'FAKE2', 'FAKE3', 'FAKE4', 'FAKE5']);
  expect(plan.properties).toEqual({ 'stonith-enabled': 'false', 'no-quorum-policy': 'ignore' });
});

test('the lxc and the kvm plan are the halves of it', async () => {
  const [all, lxc, kvm] = await Promise.all(['default', 'lxc', 'kvm'].map(loadPlan));
  expect([...(lxc?.guests ?? []), ...(kvm?.guests ?? [])]).toEqual(all?.guests);
  expect([lxc?.resources, kvm?.resources]).toEqual([all?.resources, all?.resources]);
});

test('the single plan is the same with one guest', async () => {
  const plan = await loadPlan('single');
  expect([plan.name, plan.guests.length, plan.resources.length]).toEqual(['single', 1, 2]);
});

test('what a plan leaves out is completed', () => {
  expect(parsePlan(minimal, 'mine')).toEqual({
    ...minimal,
    clusterName: 'mycluster',
    network: { name: 'default', bridge: 'virbr0', address: '192.168.122.1' },
    guests: [{ ...guest, memoryMiB: 192, vcpus: 1 }],
  });
});

test('a plan is read from a JSON file, and read again comes out the same', async ({}, info) => {
  await mkdir(info.outputDir, { recursive: true });
  const path = info.outputPath('plan.json');
  await writeFile(path, JSON.stringify(minimal));
  const plan = await loadPlan(path);
  expect(plan).toEqual(parsePlan(minimal, 'mine'));
  expect(parsePlan(JSON.parse(JSON.stringify(plan)), 'again')).toEqual(plan);
});

for (const [what, change, problem] of [
  ['two guests of one name', { guests: [guest, { ...another, name: 'g1' }] }, 'plan: the name g1 is used twice'],
  ['a guest named like its resource', { guests: [{ ...guest, resource: 'g1' }] }, 'plan: the name g1 is used twice'],
  [
    'two guests of one resource',
    { guests: [guest, { ...another, resource: 'c1' }] },
    'plan: the name c1 is used twice',
  ],
  ['two resources of one id', { resources: [dummy, dummy] }, 'plan: the name FAKE1 is used twice'],
  ['a resource named like a host', { resources: [{ ...dummy, id: 'h1' }] }, 'plan: the name h1 is used twice'],
  [
    'two guests on one address',
    { guests: [guest, { ...another, address: guest.address }] },
    'plan: the address 192.168.122.11 is used twice',
  ],
  [
    "a guest on the host's address",
    { guests: [{ ...guest, address: '192.168.122.1' }] },
    'plan: the address 192.168.122.1 is used twice',
  ],
  [
    'a guest outside the network',
    { guests: [{ ...guest, address: '192.168.12.211' }] },
    'plan: guest g1: 192.168.12.211 is not in 192.168.122.0/24',
  ],
  [
    'guests outside another network',
    { network: { address: '10.1.2.1' } },
    'plan: guest g1: 192.168.122.11 is not in 10.1.2.0/24',
  ],
  ['an address that is none', { guests: [{ ...guest, address: '192.168.122.256' }] }, 'guests.0.address: Invalid IPv4'],
  ['an unknown field', { colour: 'red' }, 'plan: Unrecognized key: "colour"'],
  ['an unknown field of a guest', { guests: [{ ...guest, cpus: 2 }] }, 'guests.0: Unrecognized key: "cpus"'],
  ['a missing field', { hosts: undefined }, 'hosts: Invalid input'],
  ['no host', { hosts: [] }, 'hosts: Too small'],
  ['no guest', { guests: [] }, 'guests: Too small'],
  [
    'an unknown kind of guest',
    { guests: [{ ...guest, kind: 'xen' }] },
    "guests.0.kind: Invalid discriminator value. Expected 'lxc' | 'kvm'",
  ],
  [
    'a KVM guest too small to boot',
    { guests: [{ ...guest, kind: 'kvm', memoryMiB: 64 }] },
    'guests.0.memoryMiB: Too small',
  ],
  ['a guest without memory', { guests: [{ ...guest, memoryMiB: 0 }] }, 'guests.0.memoryMiB: Too small'],
  ['a name that no domain can have', { guests: [{ ...guest, name: 'a b' }] }, 'guests.0.name: letters, digits'],
  ['an id that breaks a command', { resources: [{ ...dummy, id: 'x;ls' }] }, 'resources.0.id: letters, digits'],
  ['an agent that is none', { resources: [{ ...dummy, agent: 'Dummy' }] }, 'resources.0.agent: Invalid string'],
  ['a network that breaks the XML', { network: { name: "<'&" } }, 'network.name: letters, digits'],
  ['a bridge that no kernel takes', { network: { bridge: 'a'.repeat(16) } }, 'network.bridge: Too big'],
  ['a property that is no text', { properties: { 'stonith-enabled': false } }, 'properties.stonith-enabled: Invalid'],
] as const)
  test(`a plan with ${what} is refused`, () => {
    const parse = () => parsePlan({ ...minimal, ...change }, 'mine.json');
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(`The plan mine.json can't be used:\n  ${problem}`);
    expect(parse).toThrow('\nNext: mend the plan');
  });

test('all that is wrong with a plan is told at once', () => {
  expect(() => parsePlan({ ...minimal, colour: 'red', hosts: [], guests: [] }, 'x')).toThrow(
    /colour[^]*hosts|hosts[^]*colour/,
  );
});

for (const name of ['nonsense', 'constructor', '__proto__', ''])
  test(`a plan named "${name}" is not known, and the known ones are listed`, async () => {
    await expect(loadPlan(name)).rejects.toThrow(UsageError);
    await expect(loadPlan(name)).rejects.toThrow(`There is no plan named "${name}".`);
    await expect(loadPlan(name)).rejects.toThrow('Next: set LAB_PLAN to one of: default, lxc, kvm, single');
  });

for (const [what, text] of [
  ['is empty', ''],
  ['is cut off', JSON.stringify(minimal).slice(0, -5)],
] as const)
  test(`a plan file that ${what} is refused`, async ({}, info) => {
    await mkdir(info.outputDir, { recursive: true });
    const path = info.outputPath('plan.json');
    await writeFile(path, text);
    const error: unknown = await loadPlan(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ cause: expect.any(Error) });
    expect(String(error)).toBe(
      `UsageError: The plan ${path} can't be read.\nNext: check that the file exists and holds JSON.`,
    );
  });

test('a plan file that is not there is refused, with the cause', async ({}, info) => {
  await expect(loadPlan(info.outputPath('none.json'))).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining("none.json can't be read."),
    cause: { code: 'ENOENT' },
  });
});

test('a plan file that holds no plan is refused as such', async ({}, info) => {
  await mkdir(info.outputDir, { recursive: true });
  const path = info.outputPath('plan.json');
  await writeFile(path, '[]');
  await expect(loadPlan(path)).rejects.toThrow(`The plan ${path} can't be used:\n  plan: `);
});
