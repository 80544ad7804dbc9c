import { defineConfig } from '@playwright/test';

/** What every kind of host promises, on one of each (`npm run test:hosts`): some minutes where a machine is emulated. */
export default defineConfig({
  outputDir: '../results/tests-hosts',
  reporter: [['list'], ['json', { outputFile: '../results/tests-hosts.json' }]],
  retries: 0,
  fullyParallel: false,
  workers: 1,
  timeout: 600_000,
  testDir: 'hosts',
});
