import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { contentHash, packContext, readContext } from '../../../lab/images/content-hash.ts';

const makeContext = async (folder: string): Promise<string> => {
  await mkdir(join(folder, 'below'), { recursive: true });
  await writeFile(join(folder, 'Dockerfile'), 'FROM x\n');
  await writeFile(join(folder, 'below/init'), '#!/bin/sh\n', { mode: 0o755 });
  return folder;
};

test('the same content has the same hash, wherever it lies and whatever the umask was', async ({}, info) => {
  const one = await makeContext(info.outputPath('one'));
  const other = await makeContext(info.outputPath('other'));
  await chmod(join(other, 'Dockerfile'), 0o600);
  await chmod(join(other, 'below/init'), 0o700);
  const hash = contentHash(await readContext(one), { packages: ['a'] });
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(contentHash(await readContext(other), { packages: ['a'] })).toBe(hash);
});

test('a changed file, name, mode or argument changes the hash', async ({}, info) => {
  const folder = await makeContext(info.outputPath('context'));
  const hashes = [contentHash(await readContext(folder), 1), contentHash(await readContext(folder), 2)];
  await chmod(join(folder, 'Dockerfile'), 0o755);
  hashes.push(contentHash(await readContext(folder), 1));
  await writeFile(join(folder, 'Dockerfile'), 'FROM y\n');
  hashes.push(contentHash(await readContext(folder), 1));
  await writeFile(join(folder, 'more'), '');
  hashes.push(contentHash(await readContext(folder), 1));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('a packed context is the same, byte for byte, each time', async ({}, info) => {
  const files = await readContext(await makeContext(info.outputPath('context')));
  expect(files.map((file) => [file.name, file.mode])).toEqual([
    ['Dockerfile', 0o644],
    ['below/init', 0o755],
  ]);
  const [one, two] = await Promise.all([buffer(packContext(files)), buffer(packContext(files))]);
  expect(one.equals(two)).toBe(true);
  expect(one.length).toBeGreaterThan(1024);
});
