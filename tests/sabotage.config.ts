import { defineConfig } from '@playwright/test';

// Bystanders are needed, and machines are not.
process.env.LAB_PLAN ??= 'lxc';

/** Every sabotage of the catalogue (`npm run sabotage`): an hour on one lab, less with `-- --workers 2` on two. */
export default defineConfig({
  outputDir: '../results/tests-sabotage',
  reporter: [['list'], ['./sabotage/sabotage-reporter.ts', { outputFile: 'results/sabotage.json' }]],
  retries: 0,
  fullyParallel: true,
  workers: 1,
  projects: [
    { name: 'images', testDir: 'lab', testMatch: 'images.ts' },
    { name: 'sabotage', testDir: 'sabotage', dependencies: ['images'], teardown: 'lab down' },
    { name: 'lab down', testDir: 'lab', testMatch: 'lab-down.ts' },
  ],
});
