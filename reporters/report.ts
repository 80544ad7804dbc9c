import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { UsageError } from '../lab/errors.ts';
import { allureEnvironment } from './allure-environment.ts';
import { drillsDocument } from './drill-record.ts';
import { withoutTracking } from './without-tracking.ts';

const configFile = path.resolve(import.meta.dirname, '../allurerc.mjs');
const report = path.join('results', 'report', 'index.html');

/** Throws a UsageError where the folder `allureResults` holds no result of a test. */
function requireResults(allureResults: string): void {
  const isThere = existsSync(allureResults) && readdirSync(allureResults).some((name) => name.endsWith('-result.json'));
  if (isThere) return;
  throw new UsageError(`There are no results in ${allureResults} yet.`, {
    next: 'npx playwright test --grep guest-failure, then npm run report again.',
  });
}

/** Writes the environment beside Allure's results, as far as `drills.json` tells it; an older or broken one tells none. */
function describeEnvironment(drillsFile: string, allureResults: string): void {
  if (!existsSync(drillsFile)) return;
  const parsed = drillsDocument.safeParse(JSON.parse(readFileSync(drillsFile, 'utf8')));
  if (!parsed.success) return;
  writeFileSync(path.join(allureResults, 'environment.properties'), allureEnvironment(parsed.data));
}

/** Runs Allure's command with what belongs to the terminal; returns its exit status, 130 for one ended by a signal. */
async function allure(...args: readonly string[]): Promise<number> {
  const cli = path.join(path.dirname(createRequire(import.meta.url).resolve('allure')), '..', 'cli.js');
  const { exitCode, isTerminated } = await execa(process.execPath, [cli, ...args, '--config', configFile], {
    stdio: 'inherit',
    reject: false,
  });
  return isTerminated ? 130 : (exitCode ?? 1);
}

/** Makes the report from `results/` in the current folder; returns the exit status of Allure's command. */
async function makeReport(): Promise<number> {
  const allureResults = path.join('results', 'allure-results');
  requireResults(allureResults);
  describeEnvironment(path.join('results', 'drills.json'), allureResults);
  const status = await allure('generate', allureResults);
  if (status !== 0) return status;
  writeFileSync(report, withoutTracking(readFileSync(report, 'utf8')));
  process.stdout.write(`Report: ${report}\n`);
  return 0;
}

const command = new Command('npm run report --')
  .description('Makes the Allure report results/report/index.html from the results of the last run.')
  .option('--open', "serve the report and open it in this machine's browser, until Ctrl-C")
  .action(async ({ open }: { open?: true }) => {
    process.exitCode = await makeReport();
    if (process.exitCode === 0 && open) process.exitCode = await allure('open', path.dirname(report));
  });

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 2;
}
