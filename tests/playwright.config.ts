import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';

/** The suite's own tests. `npm test` runs them all; `npm test -- --project unit` those that need no lab. */
export default defineConfig({
  outputDir: '../results/tests',
  reporter: [['list'], ['json', { outputFile: '../results/tests.json' }]],
  retries: 0,
  projects: [
    { name: 'unit', testDir: 'unit', fullyParallel: true, timeout: 60_000 },
    { name: 'images', testDir: 'lab', testMatch: 'images.ts', dependencies: ['unit'] },
    // The tests of a file share a lab, and most of them break it. Where there are processors for it, two labs are up side by side.
    {
      name: 'lab',
      testDir: 'lab',
      testIgnore: ['drills/**', 'bare-metal/**', 'cgroup-v2/**', 'faults.spec.ts'],
      fullyParallel: false,
      workers: availableParallelism() < 4 ? 1 : 2,
      timeout: 300_000,
      dependencies: ['images'],
      teardown: 'lab down',
    },
    { name: 'lab down', testDir: 'lab', testMatch: 'lab-down.ts' },
  ],
});
