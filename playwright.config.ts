import { defineConfig } from '@playwright/test';

/** Runs that go on side by side, or are to be kept, have a folder each. */
const results = process.env.DRILLS_RESULTS ?? 'results';

export default defineConfig({
  testDir: 'scenarios',
  outputDir: `${results}/playwright`,
  globalSetup: './fixtures/global-setup.ts',
  // Drills of one lab run one after another: each breaks it.
  workers: 1,
  // A verdict is not retried: a drill that is not always green is a bug in the drill or a finding.
  retries: 0,
  // The lab is to be looked into as the drill left it.
  maxFailures: process.env.LAB_KEEP === 'failed' ? 1 : 0,
  timeout: 180_000,
  reporter: [
    ['./reporters/progress-reporter.ts'],
    ['./reporters/allure/allure-reporter.ts', { resultsDir: `${results}/allure-results`, detail: true }],
    ['./reporters/drills-reporter.ts', { outputDir: results }],
  ],
});
