import { expect, test } from '@playwright/test';
import { distributionOf } from '../../../lab/host/bare-metal/distributions.ts';
import { examineMachine, requireRelease } from '../../../lab/host/bare-metal/examine.ts';
import { findRelease } from '../../../lab/find-release.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';

/** A machine that answers with these lines. */
const answering = (...lines: readonly string[]): HostShell => ({
  hostName: 'lab.example.org',
  run: () => Promise.resolve({ stdout: `${lines.join('\n')}\n`, stderr: '', exitCode: 0 }),
  stream: () => Promise.reject(new Error('nothing is streamed')),
  lost: new Promise(() => undefined),
  close: () => Promise.resolve(),
});
const debian = ['debian ', 'Debian GNU/Linux 13 (trixie)', 'x86_64', 'systemd', 'cgroup2fs', '20000', 'none'] as const;

test('a Debian machine with systemd and cgroups of version 2 is fit', async () => {
  const machine = await examineMachine(answering(...debian));
  expect(machine).toMatchObject({ system: debian[1], architecture: 'x86_64', timeFactor: 1 });
  expect(machine.distribution).toBe(distributionOf(['debian']));
});

test('an emulated machine gets more time', async () => {
  expect((await examineMachine(answering(...debian.slice(0, 6), 'qemu'))).timeFactor).toBeGreaterThan(1);
});

for (const [at, value, says] of [
  [
    0,
    'arch ',
    /can't be a lab's host: nothing is known of how to install a cluster there\.\nNext: choose a machine with debian, fedora/,
  ],
  [
    0,
    'rocky rhel centos fedora',
    /can't be a lab's host: its libvirt is built without the driver for LXC, .*\.\nNext: choose a machine with debian, fedora/,
  ],
  [3, 'init', /its init is init\.\nNext: /],
  [4, 'tmpfs', /control groups are of version 1 \(tmpfs\)\.\nNext: /],
  [5, '900', /900 MiB are free below \/var, and a lab needs \d+\.\nNext: make room/],
] as const)
  test(`a machine that says "${value}" is not fit`, async () => {
    await expect(
      examineMachine(answering(...debian.map((line, each) => (each === at ? value : line)))),
    ).rejects.toThrow(says);
  });

test('a machine with another release is refused, saying which it has', async () => {
  const shell = answering(...debian);
  const machine = await examineMachine(shell);
  const ask = (candidate: string, wanted: string) => () => {
    requireRelease(shell, machine, candidate, findRelease(wanted));
  };
  expect(ask('3.0.0', '3.0.0')).not.toThrow();
  expect(ask('3.0.0', '2.1.5')).toThrow(
    /gets Pacemaker 3\.0\.0 from its package archives; asked for is 2\.1\.5 \(Debian bookworm\)\.\nNext: set LAB_RELEASE=3\.0\.0/,
  );
  expect(ask('2.1.8', '2.1.5')).toThrow(/Next: choose a machine with Debian bookworm/);
  expect(ask('', '3.0.0')).toThrow(/has no archive with Pacemaker in it\.\nNext: /);
});
