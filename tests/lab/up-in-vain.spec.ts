import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { labCommand, labNameOf } from './suite.ts';

/** More memory than libvirt can write down: it refuses the domain, and the guest's start fails for good. */
const refused = {
  name: 'refused',
  hosts: [{ name: 'example-host', address: '127.0.0.1' }],
  network: {},
  guests: [
    {
      name: 'lxc1',
      kind: 'lxc',
      resource: 'container1',
      address: '192.168.122.11',
      memoryMiB: Number.MAX_SAFE_INTEGER,
    },
  ],
  resources: [],
  properties: { 'stonith-enabled': 'false', 'no-quorum-policy': 'ignore' },
};

test('"lab up" ends when the cluster gives a guest up, says why and where the logs are, and leaves nothing', async ({}, testInfo) => {
  const lab = ['--name', `${labNameOf(0)}-refused`];
  const plan = testInfo.outputPath('refused.json');
  await writeFile(plan, JSON.stringify(refused));
  const startedAt = performance.now();
  const up = await labCommand('up', ...lab, '--plan', plan);
  expect(up.exitCode, up.output).toBe(3);
  expect(up.output).toContain('LabError: The cluster has given up what the plan refused promises:');
  expect(up.output).toMatch(/start of container1 on example-host failed for good: exit code 1, .*"/);
  expect(performance.now() - startedAt).toBeLessThan(120_000);
  const [folder = 'none'] = /(?<=libvirt-domains\.log first: ).+/.exec(up.output) ?? [];
  expect(await readFile(join(folder, 'example-host', 'journal.log'), 'utf8')).toContain('error');
  await rm(folder, { recursive: true });
  expect((await labCommand('down', ...lab)).output).toContain('There is no lab');
});
