import { expect, test } from '@playwright/test';
import type { HostShell } from '../../../lab/transport/host-shell.ts';
import { replaceableShell } from '../../../lab/transport/replaceable-shell.ts';

const shellThatSays = (said: string): HostShell => ({
  hostName: 'host',
  run: () => Promise.resolve({ stdout: said, stderr: '', exitCode: 0 }),
  stream: () => Promise.reject(new Error(said)),
  lost: Promise.resolve(new Error(said)),
  close: () => Promise.reject(new Error(said)),
});

test('whoever holds the shell goes over the new connection once it is replaced', async () => {
  const shell = replaceableShell(shellThatSays('first'));
  expect((await shell.run('x')).stdout).toBe('first');
  expect((await shell.lost).message).toBe('first');
  shell.replace(shellThatSays('second'));
  expect((await shell.run('x')).stdout).toBe('second');
  expect((await shell.lost).message).toBe('second');
  await expect(shell.stream('x')).rejects.toThrow('second');
  await expect(shell.close()).rejects.toThrow('second');
});
