import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { colourFor } from '../colour.ts';

const configFile = path.resolve(import.meta.dirname, '../../allurerc.mjs');
const forOlderNode = path.resolve(import.meta.dirname, 'iterator-to-array.mjs');

/** Settings of Allure's that take the place of those in `allurerc.mjs`. */
export type AllureChanges = Readonly<Record<string, unknown>>;

/**
 * Runs Allure's own command with what belongs to the terminal, configured by `allurerc.mjs` and the changes to it. Returns
 * its exit status, 130 for one ended by a signal.
 */
export async function runAllure(args: readonly string[], changes: AllureChanges): Promise<number> {
  const cli = path.join(path.dirname(createRequire(import.meta.url).resolve('allure')), '..', 'cli.js');
  const folder = mkdtempSync(path.join(tmpdir(), 'drills-report.'));
  const config = path.join(folder, 'allurerc.mjs');
  const base = JSON.stringify(pathToFileURL(configFile).href);
  writeFileSync(config, `import base from ${base};\nexport default { ...base, ...${JSON.stringify(changes)} };\n`);
  try {
    const { exitCode, isTerminated } = await execa(
      process.execPath,
      ['--import', pathToFileURL(forOlderNode).href, cli, ...args, '--config', config],
      {
        stdio: 'inherit',
        reject: false,
        env: colourFor(process.stderr, process.env) === 'plain' ? { NO_COLOR: '1' } : {},
      },
    );
    return isTerminated ? 130 : (exitCode ?? 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
