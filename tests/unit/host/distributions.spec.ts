import { expect, test } from '@playwright/test';
import { findRelease } from '../../../lab/find-release.ts';
import { distributionOf } from '../../../lab/host/bare-metal/distributions.ts';
import { defaultRelease } from '../../../lab/releases.ts';

const debian = distributionOf(['debian']);
const release = findRelease(defaultRelease);

test('a Debian machine gets QEMU for KVM guests alone', () => {
  const forLxc = debian?.packages(release, new Set(['lxc'])) ?? [];
  const forBoth = debian?.packages(release, new Set(['lxc', 'kvm'])) ?? [];
  expect(forLxc).toContain('pacemaker');
  expect(forLxc).toContain('libvirt-daemon-driver-lxc');
  expect(forBoth.filter((name) => !forLxc.includes(name))).toEqual([
    'libvirt-daemon-driver-qemu',
    'qemu-system-x86',
    'qemu-utils',
  ]);
});

test('only what adds packages may forgo waiting for the disk', () => {
  expect(debian?.commands.installNew).toContain('--force-unsafe-io');
  expect(debian?.commands.install).not.toContain('unsafe');
});
