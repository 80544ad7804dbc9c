import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestInfo } from '@playwright/test';
import { execa } from 'execa';
import { drillsDocument } from '../../../reporters/drill-record.ts';
import type { DrillRecord, DrillsDocument } from '../../../reporters/drill-record.ts';

/** Which reporters a project has: Playwright's `list` before the drills reporter, none but that, or those that drills have. */
export type Reporters = 'with list' | 'drills alone' | 'as configured';

const project = path.resolve(import.meta.dirname, '../../..');

/** Stands in for the drills' own `test`: `drill` attaches a record at the end, with what the test put into it. */
const standIn = `
import { test as base, expect } from '@playwright/test';
import { drillId, drillRecordAttachment } from '${project}/reporters/drill-record.ts';
export { phaseStepTitle } from '${project}/reporters/phase-step.ts';
export { expect };
export class LabError extends Error { override name = 'LabError'; }
export const test = base.extend<{ drill: Record<string, unknown> }>({
  drill: async ({}, use, testInfo) => {
    const own = {};
    await use(own);
    const phases = { injected: 0, detected: 40 + testInfo.repeatEachIndex, stopped: 180, restarted: 2600, reconnected: 4300, recovered: null };
    const record = {
      id: drillId(testInfo.titlePath), title: testInfo.title, tags: testInfo.tags, repeat: testInfo.repeatEachIndex,
      verdict: 'passed', reason: '', release: '3.0.0', guest: { name: 'lxc1', kind: 'lxc' }, fault: null, injectedAtMs: null, phases, budgets: {},
      failedActions: [], relocations: [], sampling: null, durationMs: 7000.4, resetMs: null, seed: null, lab: null, ...own,
    };
    await testInfo.attach(drillRecordAttachment, { body: JSON.stringify(record), contentType: 'application/json' });
  },
});
`;

const others: Readonly<Record<Reporters, string>> = {
  'with list': "['list'],",
  'drills alone': '',
  'as configured': `['${project}/reporters/progress-reporter.ts'],
    ['${project}/reporters/allure/allure-reporter.ts', { resultsDir: 'results/allure-results', detail: true }],`,
};

const config = (settings: string, reporters: Reporters): string => `
import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: 'scenarios', outputDir: 'out', fullyParallel: true, ${settings}
  reporter: [${others[reporters]} ['${project}/reporters/drills-reporter.ts', { outputDir: 'results' }]],
});
`;

interface InlineOptions {
  /** More of the config, as properties each with its comma. */
  readonly settings?: string;
  /** More files of the project, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly reporters?: Reporters;
}

/** Writes a Playwright project of its own, for a test or whatever has a folder for it, whose one spec file has `spec` as its body. */
export function inlineProject(
  place: Pick<TestInfo, 'outputPath'>,
  spec: string,
  { settings = '', files = {}, reporters = 'with list' }: InlineOptions = {},
) {
  const folder = place.outputPath('project');
  mkdirSync(path.join(folder, 'scenarios'), { recursive: true });
  symlinkSync(path.join(project, 'node_modules'), path.join(folder, 'node_modules'));
  const all = {
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': config(settings, reporters),
    'stand-in.ts': standIn,
    'scenarios/guest.spec.ts': `import { test, expect, LabError, phaseStepTitle } from '../stand-in.ts';\n${spec}`,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
  const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    execa(process.execPath, args, {
      cwd: folder,
      // Without the variables by which one Playwright talks to another.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      extendEnv: false,
      reject: false,
    });
  return {
    folder,
    text: (name: string): string => readFileSync(path.join(folder, name), 'utf8'),
    /** Runs one of the reporters' own commands in it, such as `report`. */
    command: (name: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) =>
      run(['--import', import.meta.resolve('tsx'), path.join(project, `reporters/${name}.ts`), ...args], environment),
    /** Starts Playwright in it. */
    start: (args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) =>
      run([path.join(project, 'node_modules/@playwright/test/cli.js'), 'test', ...args], environment),
    document: (): DrillsDocument =>
      drillsDocument.parse(JSON.parse(readFileSync(path.join(folder, 'results/drills.json'), 'utf8'))),
  };
}

/** Interrupts a run, as Ctrl-C does, once it prints `text`; returns how it ended. */
export async function interruptAt(run: ReturnType<ReturnType<typeof inlineProject>['start']>, text: string) {
  for await (const line of run) {
    if (line.includes(text)) run.kill('SIGINT');
  }
  return run;
}

/** Returns the one record with that title. */
export function recordOf(document: DrillsDocument, title: string): DrillRecord {
  const [found, another] = document.drills.filter((drill) => drill.title === title);
  if (found === undefined || another !== undefined) throw new Error(`Not exactly one record of "${title}".`);
  return found;
}
