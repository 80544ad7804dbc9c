import { expect, test } from '@playwright/test';
import { machineArguments, type MachineSpec } from '../../../lab/host/vm/machine.ts';

const spec: MachineSpec = {
  name: 'example-host',
  folder: '/lab/hosts/example-host',
  disks: [
    { file: '/lab/a,b.qcow2', format: 'qcow2', access: 'read-write' },
    { file: '/lab/seed.tar', format: 'raw', access: 'read-only' },
  ],
  kernel: '/lab/vmlinuz',
  initrd: '/lab/initrd.img',
  kernelArguments: 'console=ttyS0',
  accelerator: 'tcg',
  memoryMiB: 3072,
  processors: 2,
};

const valuesOf = (name: string): readonly string[] => {
  const given = machineArguments(spec);
  return given.flatMap((argument, at) => (given[at - 1] === name ? [argument] : []));
};

test('a machine reaches nobody, and is reached on the loopback interface only', () => {
  expect(valuesOf('-netdev')).toEqual([expect.stringMatching(/^user,.*restrict=on,.*hostfwd=tcp:127\.0\.0\.1:0-:22$/)]);
});

test('its disks are in the order in which they are given, and shared ones are not written to', () => {
  expect(valuesOf('-drive')).toEqual([
    expect.stringMatching(/file=\/lab\/a,,b\.qcow2,format=qcow2,.*readonly=off$/),
    expect.stringMatching(/file=\/lab\/seed\.tar,format=raw,.*readonly=on$/),
  ]);
});

test('it has no device that nobody asked for', () => {
  expect(machineArguments(spec)).toEqual(expect.arrayContaining(['-nodefaults', '-no-user-config']));
});
