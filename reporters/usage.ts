import type { Command } from 'commander';
import { UsageError } from '../lab/errors.ts';

/** Runs a command on the process's arguments; one that was used wrongly says so and ends with 2. */
export async function runOrExplain(command: Command): Promise<void> {
  try {
    await command.parseAsync();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.name}: ${error.message}\n`);
    process.exitCode = 2;
  }
}
