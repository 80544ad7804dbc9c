import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { UsageError } from '../../../lab/errors.ts';
import { findRelease } from '../../../lab/find-release.ts';
import { packagesRecipe, type PackagesRecipe } from '../../../lab/images/own-packages.ts';
import { readSettings } from '../../../lab/settings.ts';

const recipeOf = (asked: string, needed: 'pacemaker' | 'pacemaker-remote' = 'pacemaker'): Promise<PackagesRecipe> => {
  const { packages, ...release } = findRelease(asked);
  if (packages === null) throw new Error(`${asked} has no packages of its own`);
  const settings = readSettings({ LAB_CACHE_DIR: '/cache' });
  return packagesRecipe('amd64', { ...release, packages }, needed, 'base:1', settings);
};

const test = base.extend<{ folder: string; write: (name: string, content?: string) => void }>({
  folder: async ({}, use, testInfo) => {
    mkdirSync(testInfo.outputPath('in'));
    await use(testInfo.outputPath('in'));
  },
  write: async ({ folder }, use) => {
    await use((name, content = '') => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    });
  },
});

test('packages of a folder go in as they are, and name the image', async ({ folder, write }) => {
  write('pacemaker_3.0.3-1_amd64.deb', 'one');
  write('pacemaker-common_3.0.3-1_all.deb', 'other');
  write('notes.txt');
  const before = await recipeOf(`debs:${folder}`);
  expect(before.files.map(({ name }) => name)).toEqual([
    'Dockerfile',
    'packages/pacemaker-common_3.0.3-1_all.deb',
    'packages/pacemaker_3.0.3-1_amd64.deb',
  ]);
  expect(before.tag).toMatch(/^pacemaker-guest-drills\/packages:debs-3\.0\.3-[0-9a-f]{12}$/);
  expect((await recipeOf(`debs:${folder}`)).tag).toBe(before.tag);
  write('pacemaker_3.0.3-1_amd64.deb', 'another');
  expect((await recipeOf(`debs:${folder}`)).tag).not.toBe(before.tag);
});

test('a folder without the package that is needed is refused', async ({ folder, write }) => {
  await expect(recipeOf(`debs:${folder}`)).rejects.toThrow(
    /There is no \.deb of pacemaker in .*, nor any other\.\nNext: put it there .*pacemaker_VERSION_amd64\.deb/,
  );
  write('pacemaker_3.0.3-1_amd64.deb');
  await expect(recipeOf(`debs:${folder}`, 'pacemaker-remote')).rejects.toThrow(
    /no \.deb of pacemaker-remote in .* \(but 1 others\)/,
  );
});

test('packages for another machine are refused', async ({ folder, write }) => {
  write('pacemaker_3.0.3-1_amd64.deb');
  write('libcib54_3.0.3-1_arm64.deb');
  await expect(recipeOf(`debs:${folder}`)).rejects.toThrow(
    /runs on amd64, and libcib54_3\.0\.3-1_arm64\.deb in .* is for something else/,
  );
});

test('of two packages of one name it is not guessed which is meant', async ({ folder, write }) => {
  write('pacemaker_3.0.3-1_amd64.deb');
  write('pacemaker_3.0.2-1_amd64.deb');
  await expect(recipeOf(`debs:${folder}`)).rejects.toThrow(/several packages of pacemaker in .*Next: leave the one/s);
});

test('a folder that is not there is refused, also for sources', async ({ folder }) => {
  for (const asked of [`debs:${folder}/none`, `src:${folder}/none`, `src:${folder}`])
    await expect(recipeOf(asked)).rejects.toThrow(UsageError);
  await expect(recipeOf(`src:${folder}`)).rejects.toThrow(/it has no configure\.ac/);
});

test('sources name the image by their content, not by when they were written or where they are', async ({
  folder,
  write,
}) => {
  write('one/configure.ac', 'AC_INIT');
  const before = await recipeOf(`src:${folder}/one@bookworm`);
  expect(before.files.map(({ name }) => name)).toContain('source.tar');
  expect(before.buildArguments).toEqual({ BASE: 'base:1', SUITE: 'bookworm' });
  expect(before.wholeLog).toMatch(/^\/cache\/build-logs\/packages-src-.*\.log$/);
  write('other/configure.ac', 'AC_INIT');
  expect((await recipeOf(`src:${folder}/other@bookworm`)).tag).toBe(before.tag);
  write('other/new.c');
  expect((await recipeOf(`src:${folder}/other@bookworm`)).tag).not.toBe(before.tag);
});

test('a source package is built from the suite that is named, on the base', async () => {
  const recipe = await recipeOf('debsrc:sid@trixie');
  expect(recipe.buildArguments).toEqual({ BASE: 'base:1', SUITE: 'sid' });
  expect(recipe.title).toBe('Build Pacemaker from the source package of sid, on trixie');
});
