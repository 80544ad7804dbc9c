import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { gateRules, type PastMetrics } from './allure/gate-rules.ts';
import { defaultHistory, historyBefore } from './allure/history.ts';
import { metricsFile, type Metric } from './allure/metrics.ts';
import { allureResults, requireResults } from './allure/require-results.ts';
import { runAllure } from './allure/run-allure.ts';
import { runOrExplain } from './usage.ts';

const defaultSlowerPercent = 50;

/** Runs Allure's quality gate on the metrics of the last run, against the runs before it. Returns 0 if it lets them pass, else 1. */
async function gate(historyFile: string, slowerPercent: number): Promise<number> {
  requireResults('npm run gate');
  const file = path.join(allureResults, metricsFile);
  const metrics = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Metric[]) : [];
  const before = historyBefore(path.resolve(historyFile), allureResults)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly metrics?: PastMetrics }).metrics ?? {});
  const rules = gateRules(metrics, before, slowerPercent);
  if (rules.length === 0) {
    process.stdout.write('The gate has nothing to look at: no drill of the last run measured a recovery.\n');
    return 1;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'drills-gate.'));
  try {
    // Allure itself has no need of the history, and must not add to it.
    const changes = { historyPath: path.join(folder, 'none.jsonl'), output: folder, qualityGate: { rules } };
    const status = await runAllure(['quality-gate', allureResults], changes);
    if (status === 0) process.stdout.write(`The gate is passed: ${rules.length} rules hold.\n`);
    return status;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0))
    throw new InvalidArgumentError('It has to be a number of percent, 0 or more.');
  return value;
}

interface Options {
  readonly history: string;
  readonly slower: number;
}

await runOrExplain(
  new Command('npm run gate --')
    .description('Checks the recoveries of the last run: within their budgets, and not much slower than usual.')
    .option(
      '--history <file>',
      'where the runs before are kept (also DRILLS_HISTORY)',
      process.env.DRILLS_HISTORY ?? defaultHistory,
    )
    .option(
      '--slower <percent>',
      'how much slower than usual a recovery may be (also DRILLS_SLOWER)',
      percent,
      percent(process.env.DRILLS_SLOWER ?? String(defaultSlowerPercent)),
    )
    .action(async ({ history, slower }: Options) => {
      process.exitCode = await gate(history, slower);
    }),
);
