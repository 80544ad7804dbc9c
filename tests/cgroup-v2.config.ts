import { defineConfig } from '@playwright/test';

/** A container lab on an engine with cgroup v2 alone (`npm run test:cgroup-v2`): half an hour, since its machine is emulated. */
export default defineConfig({
  outputDir: '../results/tests-cgroup-v2',
  reporter: [['list'], ['json', { outputFile: '../results/tests-cgroup-v2.json' }]],
  retries: 0,
  fullyParallel: false,
  workers: 1,
  timeout: 3_600_000,
  projects: [{ name: 'cgroup v2', testDir: 'lab/cgroup-v2' }],
});
