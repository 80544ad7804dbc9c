import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The unit tests of the pure core, as Stryker runs them. */
export default defineConfig({
  resolve: { alias: { '@playwright/test': fileURLToPath(new URL('./playwright-test.ts', import.meta.url)) } },
  test: {
    include: [
      'tests/unit/{drill,findings,observation,observer,steady-state}/**/*.spec.ts',
      'tests/unit/fuzz/{read,damaged}-crm-mon.spec.ts',
      'tests/unit/reporters/qualification/{statistics,timings,standings,changes,judge}.spec.ts',
      'tests/unit/fuzz/{frames,pacemaker-log}.spec.ts',
    ],
    // The first runs Playwright itself; the second takes a minute, and there are thousands of mutants.
    exclude: ['tests/unit/drill/{tell-phases,recorded-bundles}.spec.ts'],
    // A mutant is killed or survives the same way every time.
    env: { FUZZ_SEED: '1', FUZZ_RUNS: '25' },
    testTimeout: 60_000,
    // What a module holds is never changed, so no file of tests needs it anew.
    isolate: false,
  },
});
