import { test as setup, expect } from '@playwright/test';
import { labCommand } from './suite.ts';

// Labs that come up side by side would each make them.
setup('make the images of the labs of these tests', async () => {
  setup.setTimeout(900_000);
  const build = await labCommand('build');
  expect(build.exitCode, build.output).toBe(0);
});
