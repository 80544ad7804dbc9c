import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { defaultHistory, historyBefore } from './allure/history.ts';
import { allureResults, requireResults } from './allure/require-results.ts';
import { runAllure } from './allure/run-allure.ts';
import { replaceFile } from './drills-file.ts';
import { serveFile } from './serve-file.ts';
import { runOrExplain } from './usage.ts';
import { withoutTracking } from './without-tracking.ts';

const report = path.join('results', 'report', 'index.html');

/** Makes the report from `results/` in the current folder; returns the exit status of Allure's command. */
async function makeReport(historyFile: string): Promise<number> {
  requireResults('npm run report');
  const historyPath = path.resolve(historyFile);
  mkdirSync(path.dirname(historyPath), { recursive: true });
  replaceFile(historyPath, historyBefore(historyPath, allureResults));
  const status = await runAllure(['generate', allureResults], { historyPath });
  if (status !== 0) return status;
  writeFileSync(report, withoutTracking(readFileSync(report, 'utf8')));
  process.stdout.write(`Report: ${report}\n`);
  return 0;
}

/** Serves the report until a signal comes, and shows it where there is a browser to show it in. */
async function serveUntilSignal(): Promise<number> {
  const { server, url } = await serveFile(report);
  const signalled = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  process.stdout.write(`Serving it on ${url} until Ctrl-C.\n`);
  execa(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], { stdio: 'ignore', reject: false }).unref();
  await signalled;
  server.closeAllConnections();
  server.close();
  return 130;
}

interface Options {
  readonly open?: true;
  readonly history: string;
}

await runOrExplain(
  new Command('npm run report --')
    .description('Makes the Allure report results/report/index.html, one file, from the results of the last run.')
    .option('--open', 'serve the report to this machine and open it in its browser, until Ctrl-C')
    .option(
      '--history <file>',
      'where the runs before are kept, for trends (also DRILLS_HISTORY)',
      process.env.DRILLS_HISTORY ?? defaultHistory,
    )
    .action(async ({ open, history }: Options) => {
      process.exitCode = await makeReport(history);
      if (process.exitCode === 0 && open) process.exitCode = await serveUntilSignal();
    }),
);
