import { test as teardown, expect } from '@playwright/test';
import { labCommand, labNameOf } from './suite.ts';

teardown('take the labs of these tests down', async ({}, { config }) => {
  for (let worker = 0; worker < config.workers; worker++) {
    const down = await labCommand('down', '--name', labNameOf(worker));
    expect(down.exitCode, down.output).toBe(0);
  }
});
