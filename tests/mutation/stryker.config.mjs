/** Mutants of the pure core, from the reader of crm_mon to the verdict, against the unit tests: `npm run mutate`. */
export default {
  mutate: [
    'lab/observation/{xml,xml-attributes,read-crm-mon,read-resources,read-actions,look-up,decode-utf8}.ts',
    'lab/observation/{frame-header,frame-reader,read-frames,write-frames,pacemaker-log}.ts',
    'lab/steady-state/{contradictions,deviations}.ts',
    'fixtures/observer/*.ts',
    'fixtures/evidence/judge.ts',
    'fixtures/{excuse,expect,outcome,budgets,timings}.ts',
    'fixtures/findings/{forgotten-fencing,counted-twice,not-respawned,find-by-chance}.ts',
    'reporters/qualification/{statistics,timings,standings,changes,judge}.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'tests/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // What is reached only while modules load (constants, mostly) would take every test anew for each mutant: hours.
  ignoreStatic: true,
  // What never ends is killed by this.
  timeoutMS: 10_000,
  ignorePatterns: ['results', 'docs', 'scenarios'],
  tempDirName: 'results/mutation/sandbox',
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: 'results/mutation/report.html' },
  jsonReporter: { fileName: 'results/mutation/report.json' },
  clearTextReporter: { allowColor: false, reportTests: false, skipFull: true },
  thresholds: { high: 95, low: 90, break: 85 },
};
