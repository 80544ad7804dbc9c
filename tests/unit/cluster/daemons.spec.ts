import { expect, test } from '@playwright/test';
import { readDaemons } from '../../../lab/cluster/daemons.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';
import { recordingShell } from '../faults/recording-shell.ts';

const shellThatSays = (stdout: string): HostShell => ({
  ...recordingShell().shell,
  run: () => Promise.resolve({ stdout, stderr: '', exitCode: 0 }),
});

test('a daemon is told apart from its successor by its process id and start time', async () => {
  const shell = shellThatSays('corosync 245 2560101\npacemaker-controld 268 2560130\n');
  expect([...(await readDaemons(shell))]).toEqual([
    ['corosync', '245, started at tick 2560101'],
    ['pacemaker-controld', '268, started at tick 2560130'],
  ]);
});

test('a daemon that ended while it was looked at does not run', async () => {
  expect((await readDaemons(shellThatSays('corosync 245 \n'))).size).toBe(0);
});

test('where no daemon runs there is none', async () => {
  expect((await readDaemons(shellThatSays('\n'))).size).toBe(0);
});
