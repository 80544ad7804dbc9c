import { defineConfig } from '@playwright/test';

/** A plain machine becomes a lab's host and is one no more (`npm run test:bare-metal`): 25 minutes and more where it has to be emulated. */
export default defineConfig({
  outputDir: '../results/tests-bare-metal',
  reporter: [['list'], ['json', { outputFile: '../results/tests-bare-metal.json' }]],
  retries: 0,
  fullyParallel: false,
  workers: 1,
  timeout: 3_600_000,
  projects: [{ name: 'bare metal', testDir: 'lab/bare-metal' }],
});
