import path from 'node:path';
import { defineConfig } from '@playwright/test';
import drills from '../../playwright.config.ts';

const results = path.resolve(process.env.DRILLS_RESULTS ?? 'results');

/** The drills that test the drills: run on a real lab by drill.spec.ts, most of them to see them fail. */
export default defineConfig({
  ...drills,
  testDir: 'drills',
  outputDir: path.join(results, 'playwright'),
  globalSetup: '../../fixtures/global-setup.ts',
  reporter: [['list'], ['../../reporters/drills-reporter.ts', { outputDir: results }]],
});
