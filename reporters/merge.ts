import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { UsageError } from '../lab/errors.ts';
import { isBad } from './attention.ts';
import { drillsDocument } from './drill-record.ts';
import { runOrExplain } from './usage.ts';

const drills = path.join('results', 'drills.json');

/** Has Playwright merge the shards' blobs into `results/`. Returns 0 if all drills went as they should, else 1. */
async function merge(folder: string): Promise<number> {
  if (!existsSync(folder) || !readdirSync(folder).some((name) => name.endsWith('.zip')))
    throw new UsageError(`There are no blob reports in ${folder}.`, {
      next: 'bring those of all shards together in one folder and name it: npm run merge -- FOLDER.',
    });
  const cli = path.join(path.dirname(createRequire(import.meta.url).resolve('@playwright/test')), 'cli.js');
  const args = [cli, 'merge-reports', '--config', 'playwright.config.ts', folder];
  const { exitCode } = await execa(process.execPath, args, { stdio: 'inherit', reject: false });
  if (exitCode !== 0) return exitCode ?? 1;
  // Playwright's own exit status says how the merge went, not the drills.
  const document = drillsDocument.parse(JSON.parse(readFileSync(drills, 'utf8')));
  return document.errors.length > 0 || document.drills.some(isBad) ? 1 : 0;
}

await runOrExplain(
  new Command('npm run merge --')
    .description('Merges the blob reports of several shards into results/, as if one run had made them.')
    .argument('[folder]', 'where the shards’ report-*.zip are', 'blob-report')
    .action(async (folder: string) => {
      process.exitCode = await merge(folder);
    }),
);
