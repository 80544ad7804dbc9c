import { defineConfig } from '@playwright/test';

/** The suite's own tests. `npm test` runs them all; `npm test -- --project unit` those that need no lab. */
export default defineConfig({
  outputDir: '../results/tests',
  reporter: [['list'], ['json', { outputFile: '../results/tests.json' }]],
  retries: 0,
  projects: [
    { name: 'unit', testDir: 'unit', fullyParallel: true, timeout: 60_000 },
    // They share one lab, and most of them break it.
    {
      name: 'lab',
      testDir: 'lab',
      testIgnore: ['drills/**', 'bare-metal/**', 'faults.spec.ts'],
      fullyParallel: false,
      workers: 1,
      timeout: 300_000,
      dependencies: ['unit'],
      teardown: 'lab down',
    },
    { name: 'lab down', testDir: 'lab', testMatch: 'lab-down.ts' },
  ],
});
