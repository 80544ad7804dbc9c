import { Command, CommanderError } from 'commander';
import { suiteVersion } from '../lab-state.ts';
import { buildCommand } from './build.ts';
import { doctorCommand } from './doctor.ts';
import { downCommand } from './down.ts';
import { exitStatus, printError } from './error-report.ts';
import { faultsCommand } from './faults.ts';
import { healCommand } from './heal.ts';
import { injectCommand } from './inject.ts';
import { logsCommand } from './logs.ts';
import { pruneCommand } from './prune.ts';
import { resetCommand } from './reset.ts';
import { addSettings, type Ending } from './run-command.ts';
import { shellCommand } from './shell.ts';
import { statusCommand } from './status.ts';
import { upCommand } from './up.ts';

const overview = `
Examples:
  npm run lab up
  npm run lab -- --name second up
  npm run lab -- status --json

Exit status: 0 done, 1 failed, 2 wrong usage, 3 lab trouble. docs/lab.md has the whole reference.`;

/**
 * Runs the lab's own command with the given arguments, and returns the exit status that the process is to end with. Takes
 * what adds further commands from above the lab.
 * Never throws: whatever went wrong has been printed to standard error.
 */
export const runCommandLine = async (
  args: readonly string[],
  more: readonly ((program: Command, ending: Ending) => Command)[] = [],
): Promise<number> => {
  survivePipes();
  const ending: Ending = { status: 0 };
  const program = new Command('lab')
    .description('Brings labs up and down, and looks into them.')
    .version(suiteVersion)
    .helpCommand('help [command]', 'display help for a command')
    .showHelpAfterError('(--help shows what can be given)')
    .showSuggestionAfterError()
    // What stands after the name of a command belongs to that command: "shell" passes it on as it is.
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', overview);
  addSettings(program);
  for (const make of [
    upCommand,
    downCommand,
    statusCommand,
    resetCommand,
    shellCommand,
    logsCommand,
    doctorCommand,
    buildCommand,
    pruneCommand,
    faultsCommand,
    injectCommand,
    healCommand,
    ...more,
  ])
    make(program, ending);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return ending.status;
  } catch (error) {
    // Commander has printed its own errors, and calls it one when help was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    printError(error);
    return exitStatus(error);
  }
};

/** A reader that has gone away (`lab status | head -1`) is no reason to complain, nor to leave work half done. */
const survivePipes = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    });
  }
};
