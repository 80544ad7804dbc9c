import { mkdir } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { saveBundle } from '../drill/saved-bundle.ts';
import { runLab } from './run-lab.ts';

test('the command says phases and limits, and ends with the verdict', async ({}, testInfo) => {
  const folder = testInfo.outputPath('bundle');
  await mkdir(folder, { recursive: true });
  await saveBundle(folder, {
    expectations: [{ matcher: 'toRecoverInTime', given: [], passed: true, said: null }],
  });
  const passed = await runLab(['judge', folder]);
  expect(passed.stdout).toContain('lxc2 is recovered: passed');
  expect(passed.stdout).toMatch(/recovered +\d+ ms of \d+ ms/);
  expect(passed.exitCode).toBe(0);
  const failed = await runLab(['judge', folder, '--budget', 'recovered=1000', '--budget', 'detected=1']);
  expect(failed.stdout).toContain('lxc2 is recovered: failed (it was passed)');
  expect(failed.exitCode).toBe(1);
  const wrong = await runLab(['judge', folder, '--budget', 'sometime=1']);
  expect(wrong.stderr).toContain('PHASE=MILLISECONDS');
  expect(wrong.exitCode).toBe(2);
});
