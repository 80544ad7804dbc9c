import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { LabError } from '../../lab/errors.ts';
import {
  forgetLab,
  labCommand,
  labDirectory,
  readLabKey,
  readLabState,
  suiteVersion,
  writeLabKey,
  writeLabState,
  type LabState,
} from '../../lab/lab-state.ts';
import { readSettings, type Settings } from '../../lab/settings.ts';

const state: LabState = {
  suiteVersion,
  name: 'mine',
  hostKind: 'container',
  release: '3.0.0',
  guestRelease: '2.1.5',
  planName: 'default',
  plan: { guests: [{ name: 'lxc1' }] },
  builtFrom: 'abc',
  createdAt: '2026-11-21T22:00:00.000Z',
  hosts: [{ name: 'example-host', at: 'c0ffee', hostPublicKey: 'ssh-ed25519 AAAA', timeFactor: 1 }],
  facts: {
    pacemaker: '3.0.0',
    os: 'o',
    kernel: 'k',
    libvirt: 'l',
    corosync: 'c',
    resourceAgents: 'r',
    guestPacemaker: '2.1.5',
  },
  accelerator: { accelerator: 'tcg', reason: 'there is no /dev/kvm' },
  leftOut: {},
  bootMs: { lxc1: 2000 },
  baseline: {
    configuration: '<configuration/>\n',
    placement: { FAKE1: 'lxc1' },
    machine: ['example-host: name example-host'],
  },
};
const { hosts: _, ...withoutHosts } = state;

const test = base.extend<{ settings: Settings; file: string }>({
  settings: async ({}, use, info) => {
    await use(readSettings({ LAB_NAME: 'mine', LAB_CACHE_DIR: info.outputPath('cache') }));
  },
  file: async ({ settings }, use) => {
    const file = join(labDirectory(settings), 'state.json');
    await mkdir(dirname(file), { recursive: true });
    await use(file);
  },
});

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test('what is written is read again, and the newer one wins', async ({ settings }) => {
  await writeLabState(settings, state);
  expect(await readLabState(settings)).toEqual(state);
  await writeLabState(settings, { ...state, builtFrom: 'def' });
  expect(await readLabState(settings)).toEqual({ ...state, builtFrom: 'def' });
});

test('the state and the key are for their owner alone, and nothing is left beside them', async ({ settings }) => {
  await writeLabState(settings, state);
  await writeLabKey(settings, 'SECRET\n');
  const folder = labDirectory(settings);
  expect(await readLabKey(settings)).toBe('SECRET\n');
  expect((await readdir(folder)).sort()).toEqual(['id_ed25519', 'state.json']);
  const modes = [folder, join(folder, 'id_ed25519'), join(folder, 'state.json')].map(modeOf);
  expect(await Promise.all(modes)).toEqual(['700', '600', '600']);
});

test('a key is closed to others even where an interrupted run left the file open', async ({ settings, file }) => {
  const aside = join(dirname(file), `id_ed25519.${process.pid}`);
  await writeFile(aside, 'half');
  await chmod(aside, 0o666);
  await writeLabKey(settings, 'SECRET\n');
  expect(await modeOf(join(dirname(file), 'id_ed25519'))).toBe('600');
});

test('a lab that there is not reads as none', async ({ settings }) => {
  expect(await readLabState(settings)).toBeNull();
});

test('a forgotten lab is gone, key and all, and can be forgotten again', async ({ settings }) => {
  await writeLabState(settings, state);
  await writeLabKey(settings, 'SECRET\n');
  await forgetLab(settings);
  expect(await readLabState(settings)).toBeNull();
  await expect(readLabKey(settings)).rejects.toThrow('ENOENT');
  await forgetLab(settings);
});

for (const [what, text, words] of [
  ['is empty', '', /^The state of the lab "mine" is corrupt \(.*state\.json\)\./],
  ['is cut off', JSON.stringify(state).slice(0, 80), /^The state of the lab "mine" is corrupt/],
  ['is no object', 'null', /^The state of the lab "mine" is corrupt/],
  ['lacks a field', JSON.stringify(withoutHosts), /^The state of the lab "mine" is corrupt/],
  ['has a field of another type', JSON.stringify({ ...state, hosts: 'h' }), /^The state of the lab "mine" is corrupt/],
  [
    'is of another version',
    JSON.stringify({ ...state, suiteVersion: '0.0.9' }),
    `The lab "mine" was made by version 0.0.9 of this suite; this is ${suiteVersion}.`,
  ],
  [
    'is of another version with other fields',
    JSON.stringify({ suiteVersion: '9.0.0' }),
    `The lab "mine" was made by version 9.0.0 of this suite; this is ${suiteVersion}.`,
  ],
] as const)
  test(`a state that ${what} is refused, with the way out`, async ({ settings, file }) => {
    await writeFile(file, text);
    await expect(readLabState(settings)).rejects.toThrow(LabError);
    await expect(readLabState(settings)).rejects.toThrow(words);
    await expect(readLabState(settings)).rejects.toThrow(
      /\nNext: take the lab down.*: LAB_NAME=mine npm run lab down$/,
    );
  });

test('a state that can’t be read is told from one that is not there', async ({ settings, file }) => {
  await mkdir(file);
  await expect(readLabState(settings)).rejects.toThrow(/^The state of the lab "mine" can't be read/);
});

test('a command names the lab, unless it is the default one', () => {
  expect(labCommand(readSettings({ LAB_NAME: 'mine' }), 'status')).toBe('LAB_NAME=mine npm run lab status');
  expect(labCommand(readSettings({}), 'status')).toBe('npm run lab status');
});
