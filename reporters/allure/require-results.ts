import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../lab/errors.ts';

/** Allure's results of the last run, from the project's folder. */
export const allureResults = path.join('results', 'allure-results');

/** Throws a UsageError where there is no result of a test; `command` is what to try again then. */
export function requireResults(command: string): void {
  const isThere = existsSync(allureResults) && readdirSync(allureResults).some((name) => name.endsWith('-result.json'));
  if (isThere) return;
  throw new UsageError(`There are no results in ${allureResults} yet.`, {
    next: `npx playwright test --grep guest-failure, then ${command} again.`,
  });
}
