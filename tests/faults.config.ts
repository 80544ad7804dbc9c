import { defineConfig } from '@playwright/test';

/** Every fault of the catalogue on every kind of guest (`npm run test:faults`): half an hour and more on a lab. */
export default defineConfig({
  outputDir: '../results/tests-faults',
  reporter: [['list'], ['json', { outputFile: '../results/tests-faults.json' }]],
  retries: 0,
  fullyParallel: false,
  workers: 1,
  timeout: 600_000,
  projects: [
    { name: 'faults', testDir: 'lab', testMatch: 'faults.spec.ts', teardown: 'lab down' },
    { name: 'lab down', testDir: 'lab', testMatch: 'lab-down.ts' },
  ],
});
