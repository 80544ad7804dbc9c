import { mkdir } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { labDirectory, readLabState, suiteVersion, writeLabState } from '../../../lab/lab-state.ts';
import { readSettings } from '../../../lab/settings.ts';
import { runLab } from './run-lab.ts';

test('a lab on a machine that is somebody’s is not made as new, and stays', async ({}, info) => {
  const environment = { LAB_NAME: 'mine', LAB_CACHE_DIR: info.outputPath('cache') };
  const settings = readSettings(environment);
  await mkdir(labDirectory(settings), { recursive: true });
  await writeLabState(settings, {
    ...{ suiteVersion, name: 'mine', hostKind: 'bare-metal', release: '3.0.0', guestRelease: '3.0.0' },
    ...{ planName: 'single', plan: {}, builtFrom: 'abc', createdAt: '2026-11-21T22:00:00.000Z' },
    hosts: [{ name: 'h', at: 'ssh://root@192.0.2.1', hostPublicKey: 'ssh-ed25519 AAAA', timeFactor: 1 }],
    facts: {
      ...{ pacemaker: '3.0.0', guestPacemaker: '3.0.0', corosync: 'c' },
      ...{ libvirt: 'l', resourceAgents: 'r', os: 'o', kernel: 'k' },
    },
    ...{ accelerator: null, leftOut: {}, bootMs: {} },
    baseline: { configuration: '', placement: {}, machine: [] },
  });
  const { exitCode, stderr } = await runLab(['reset', '--as-new'], environment);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^UsageError: A machine that is somebody’s .*\nNext: give it back.* down, then .* up$/);
  expect(await readLabState(settings)).not.toBeNull();
});

test('a lab that is not there is not made as new', async ({}, info) => {
  const { exitCode, stderr } = await runLab(['reset', '--as-new'], { LAB_CACHE_DIR: info.outputPath('cache') });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('There is no lab "default"');
});
