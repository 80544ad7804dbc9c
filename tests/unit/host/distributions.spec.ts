import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
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

const fedora = distributionOf(['fedora']);

/** What a row's command says of a transaction, where dnf prints this and ends as it does when it was not let do anything. */
const simulated = async (printed: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'guest-drills-'));
  try {
    await writeFile(join(folder, 'dnf'), `#!/bin/sh\ncat <<'END'\n${printed}END\nexit 1\n`);
    await chmod(join(folder, 'dnf'), 0o755);
    return await execa('bash', ['-c', `set -o pipefail\nset -- pacemaker\n${fedora?.commands.simulate ?? ''}`], {
      env: { PATH: `${folder}:${process.env.PATH ?? ''}` },
      reject: false,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('what dnf would do is read off its table, of both its generations', async () => {
  const ofFive = await simulated(`Updating and loading repositories:
Repositories loaded.
Package               Arch   Version        Repository      Size
Installing:
 pacemaker            x86_64 3.0.1-1.fc43   fedora       1.5 MiB
Installing dependencies:
 corosync             x86_64 3.1.9-3.fc43   fedora     500.0 KiB
   replacing corosync-old x86_64 3.0.0-1   fedora     400.0 KiB
Upgrading:
 libqb                x86_64 2.0.8-5.fc43   fedora     200.0 KiB
   replacing libqb    x86_64 2.0.8-4.fc43   fedora     200.0 KiB

Transaction Summary:
 Installing:          2 packages
 Upgrading:           1 package
 Replacing:           2 packages

Operation aborted by the user.
`);
  expect(ofFive.stdout.split('\n')).toEqual(['new pacemaker', 'new corosync', 'upgraded libqb']);
  expect(ofFive.exitCode).toBe(0);
  const ofFour = await simulated(`Dependencies resolved.
=====================================
 Package      Arch   Version     Repo   Size
=====================================
Installing:
 pacemaker    x86_64 2.1.9-1.fc40 updates 400 k
Installing dependencies:
 a-package-of-a-name-that-is-too-long-for-its-column
              noarch 1-1.fc40     fedora   20 k
Removing dependent packages:
 in-the-way   x86_64 1-1.fc40     @fedora  10 k

Transaction Summary
=====================================
Install  2 Packages
Remove   1 Package

Operation aborted.
`);
  expect(ofFour.stdout.split('\n')).toEqual([
    'new pacemaker',
    'new a-package-of-a-name-that-is-too-long-for-its-column',
    'removed in-the-way',
  ]);
  expect((await simulated('Package "pacemaker" is already installed.\n\nNothing to do.\n')).exitCode).toBe(0);
});

test('a transaction that dnf can not do is an error in its own words', async () => {
  const refused = await simulated('Failed to resolve the transaction:\nNo match for argument: pacemaker\n');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('No match for argument: pacemaker');
});
