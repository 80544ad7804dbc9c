import { defineConfig } from '@playwright/test';

// Bystanders are needed, and machines are not.
process.env.LAB_PLAN ??= 'lxc';

/** Every sabotage of the catalogue (`npm run sabotage`): half an hour and more on a lab. */
export default defineConfig({
  outputDir: '../results/tests-sabotage',
  reporter: [['list'], ['./sabotage/sabotage-reporter.ts', { outputFile: 'results/sabotage.json' }]],
  retries: 0,
  fullyParallel: false,
  workers: 1,
  projects: [
    { name: 'sabotage', testDir: 'sabotage', teardown: 'lab down' },
    { name: 'lab down', testDir: 'lab', testMatch: 'lab-down.ts' },
  ],
});
