import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { UsageError } from '../../lab/errors.ts';
import { findRelease } from '../../lab/find-release.ts';
import { releases } from '../../lab/releases.ts';
import { readSettings } from '../../lab/settings.ts';

const newest = releases.at(-1)?.version ?? '';

test('a version of the table is its row', () => {
  expect(findRelease('2.1.5')).toMatchObject({ name: '2.1.5', suite: 'bookworm', packages: null });
});

test('a source package of a suite has the version of its row, and all else of the suite that it is built on', () => {
  const release = findRelease('debsrc:sid@bookworm');
  expect(release).toMatchObject({ name: 'debsrc:sid@bookworm', version: '3.0.3', suite: 'bookworm' });
  expect(release.packages).toEqual({ kind: 'debsrc', suite: 'sid' });
  expect(release.hostPackages).toEqual(findRelease('2.1.5').hostPackages);
  expect(release.quirks).toEqual(findRelease('2.1.5').quirks);
});

test("without a base it is built on the default release's suite", () => {
  expect(findRelease('debsrc:sid')).toMatchObject({ name: 'debsrc:sid', suite: 'trixie' });
});

test('of a suite that is not in the table the most is expected', () => {
  expect(findRelease('debsrc:experimental').version).toBe(newest);
});

test('the version of a folder of packages is read off their names', ({}, testInfo) => {
  const folder = testInfo.outputPath('debs@1');
  mkdirSync(folder);
  expect(findRelease(`debs:${folder}`).version).toBe(newest);
  writeFileSync(path.join(folder, 'pacemaker-remote_2.1.8~rc4-1_amd64.deb'), '');
  writeFileSync(path.join(folder, 'pacemaker-cli-utils_9.9.9-1_amd64.deb'), '');
  const release = findRelease(`debs:${folder}@bookworm`);
  expect(release).toMatchObject({ name: `debs:${folder}@bookworm`, version: '2.1.8', suite: 'bookworm' });
  expect(release.packages).toEqual({ kind: 'debs', folder });
});

test("the version of sources is the tree's own, or that in a tarball's name", ({}, testInfo) => {
  const tree = testInfo.outputPath('tree-9.9.9');
  mkdirSync(path.join(tree, 'm4'), { recursive: true });
  writeFileSync(path.join(tree, 'm4/version.m4'), 'm4_define([VERSION_NUMBER], [3.0.2])\n');
  expect(findRelease(`src:${tree}`)).toMatchObject({ version: '3.0.2', packages: { kind: 'src', path: tree } });
  expect(findRelease('src:/x/Pacemaker-2.1.10-rc1.tar.gz').version).toBe('2.1.10');
  expect(findRelease('src:/x/pacemaker-main.tar.gz').version).toBe(newest);
});

test('a path is made absolute, so that it means the same wherever it is read', () => {
  expect(findRelease('src:some/tree@sid').name).toBe(`src:${path.resolve('some/tree')}@sid`);
  expect(readSettings({ LAB_RELEASE: 'debs:here' }).release).toBe(`debs:${path.resolve('here')}`);
});

for (const [asked, says] of [
  ['debsrc:sid@focal', /is to be built on focal, which is no suite of the table[^]*Next: choose one of: bullseye, /],
  ['debsrc:Sid', /"debsrc:Sid" does not name a suite of Debian[^]*debsrc:sid@trixie/],
  ['debs:', /"debs:" is not known[^]*debs:DIR\[@SUITE\], debsrc:SUITE\[@BASE\] or src:PATH\[@BASE\]/],
] as const) {
  test(`"${asked}" is refused with what can be asked for`, () => {
    expect(() => findRelease(asked)).toThrow(UsageError);
    expect(() => findRelease(asked)).toThrow(says);
  });
}
