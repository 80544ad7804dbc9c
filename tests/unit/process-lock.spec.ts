import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from '@playwright/test';
import { LockError } from '../../lab/errors.ts';
import { acquireLock, startTicksOf } from '../../lab/process-lock.ts';

const purpose = { purpose: 'a test' };

const holderOf = async (path: string): Promise<unknown> =>
  (JSON.parse(await readFile(path, 'utf8')) as { readonly pid: unknown }).pid;

/** Writes a lock like the one that this process would hold, with other values where given. */
const forge = async (path: string, changes: Readonly<Record<string, unknown>>): Promise<void> => {
  const lock = await acquireLock(path, purpose);
  const own = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await lock.release();
  await writeFile(path, JSON.stringify({ ...own, ...changes }));
};

test('a lock that is held is refused with its holder, since when and for what', async ({}, info) => {
  const path = info.outputPath('folder/lock');
  const lock = await acquireLock(path, purpose);
  const second = acquireLock(path, { purpose: 'another' });
  await expect(second).rejects.toThrow(LockError);
  await expect(second).rejects.toThrow(new RegExp(`Process ${process.pid} holds .* since 20.*, for a test`));
  await lock.release();
  await (await acquireLock(path, purpose)).release();
  expect(await readdir(dirname(path)), 'nothing is left behind').toEqual([]);
});

test('releasing twice does not release the lock of the next holder', async ({}, info) => {
  const path = info.outputPath('lock');
  const first = await acquireLock(path, purpose);
  await first.release();
  await using _second = await acquireLock(path, purpose);
  await first.release();
  await expect(acquireLock(path, purpose)).rejects.toThrow(LockError);
});

test('the lock of a process that has ended is taken over', async ({}, info) => {
  const path = info.outputPath('lock');
  const child = spawn('true');
  await once(child, 'exit');
  await forge(path, { pid: child.pid });
  const lock = await acquireLock(path, purpose);
  expect(await holderOf(path)).toBe(process.pid);
  await lock.release();
});

test('the lock of a process whose id is used again is taken over', async ({}, info) => {
  const path = info.outputPath('lock');
  await forge(path, { startTicks: '1' });
  const lock = await acquireLock(path, purpose);
  expect(await holderOf(path)).toBe(process.pid);
  await lock.release();
});

test('the lock of an earlier boot is taken over', async ({}, info) => {
  const path = info.outputPath('lock');
  await forge(path, { bootId: 'another' });
  const lock = await acquireLock(path, purpose);
  expect(await holderOf(path)).toBe(process.pid);
  await lock.release();
});

test('a lock from another PID namespace is left alone', async ({}, info) => {
  const path = info.outputPath('lock');
  await forge(path, { pidNamespace: 'pid:[1]', startTicks: '1' });
  await expect(acquireLock(path, purpose)).rejects.toThrow(LockError);
});

test('a lock file that cannot be read is taken over', async ({}, info) => {
  const path = info.outputPath('lock');
  await writeFile(path, '{"pid": 1');
  const lock = await acquireLock(path, purpose);
  expect(await holderOf(path)).toBe(process.pid);
  await lock.release();
});

test('of many that take over a stale lock at once, one gets it', async ({}, info) => {
  const path = info.outputPath('lock');
  for (let round = 0; round < 20; round += 1) {
    await forge(path, { startTicks: '1' });
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => acquireLock(path, purpose)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(taken).toHaveLength(1);
    expect(refused.filter((outcome) => !(outcome.reason instanceof LockError))).toEqual([]);
    await taken[0]?.value.release();
  }
});

test('a process is known by its start, whatever its name holds', async () => {
  expect(await startTicksOf(process.pid)).toMatch(/^\d+$/);
  expect(await startTicksOf(2 ** 22 + 1)).toBeNull();
});

test('a process that has ended has no start, whether or not anybody has asked how it ended', async () => {
  // Whoever it belongs to becomes another program, which knows nothing of it; it ends after that, for a shell would ask how.
  const child = 'until grep -q "^Name:.sleep" /proc/$$/status; do :; done';
  const owner = spawn('sh', ['-c', `(${child}) & echo $!; exec sleep 60`]);
  try {
    const [printed] = (await once(owner.stdout, 'data')) as [Buffer];
    await expect.poll(() => readFile(`/proc/${Number(printed)}/stat`, 'utf8')).toContain(' Z ');
    expect(await startTicksOf(Number(printed))).toBeNull();
  } finally {
    owner.kill();
  }
});
