import { test as teardown, expect } from '@playwright/test';
import { labCommand } from './suite.ts';

teardown('take the lab of these tests down', async () => {
  const down = await labCommand('down');
  expect(down.exitCode, down.output).toBe(0);
});
