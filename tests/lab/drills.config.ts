import { defineConfig } from '@playwright/test';
import drills from '../../playwright.config.ts';

/** The drills that test the drills: run on a real lab by drill.spec.ts, most of them to see them fail. */
export default defineConfig({
  ...drills,
  testDir: 'drills',
  outputDir: '../../results/test-drills/playwright',
  globalSetup: '../../fixtures/global-setup.ts',
  reporter: [['list'], ['../../reporters/drills-reporter.ts', { outputDir: '../../results/test-drills' }]],
});
