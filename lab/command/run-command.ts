import { Option, type Command } from 'commander';
import { openProgress } from '../progress/open-progress.ts';
import { type Progress } from '../progress/progress.ts';
import { readSettings, type SettingName, type SettingOverrides, type Settings } from '../settings.ts';
import { interruptedStatus, listenForInterruption, type Interruption } from './interruption.ts';
import { settingFlags } from './setting-flags.ts';

/** What a command gets to work with. */
export interface Run {
  readonly settings: Settings;
  /** Aborted when the person (or the system) asks the command to end. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Writes a line to standard output. */
  readonly say: (line: string) => void;
}

/** How the process is to end; the command that ran fills it in. */
export interface Ending {
  status: number;
}

/**
 * What an interruption does to a command: `clean-up` waits until the command itself has put away what it began, `leave`
 * ends at once, for what only looks or can be run again.
 */
export type WhenInterrupted = 'clean-up' | 'leave';

/** Adds a flag for every environment variable. They may stand before and after the command's name. */
export const addSettings = (command: Command): Command => {
  for (const { name, flag, argument, description } of settingFlags)
    command.addOption(new Option(`--${flag} <${argument}>`, `${description} (${name})`).helpGroup('Settings:'));
  return command;
};

const overridesOf = (command: Command): SettingOverrides => {
  const given: Record<string, unknown> = { ...command.parent?.opts(), ...command.opts() };
  const values = settingFlags.map(({ name, property }): [SettingName, string | undefined] => [
    name,
    typeof given[property] === 'string' ? given[property] : undefined,
  ]);
  return Object.fromEntries(values);
};

/**
 * Gives a command its settings and its example, and runs `work` when it is called; `work` returns the exit status.
 * Interrupted, the command ends as {@link WhenInterrupted} says, with 128 and the number of the signal.
 */
export const runs = (
  command: Command,
  ending: Ending,
  details: { readonly examples: string; readonly whenInterrupted: WhenInterrupted },
  work: (run: Run, command: Command) => Promise<number>,
): Command =>
  addSettings(command)
    .addHelpText('after', `\nExamples:\n${details.examples}`)
    .action(async () => {
      const settings = readSettings(process.env, overridesOf(command));
      const interruption = listenForInterruption(details.whenInterrupted);
      const run: Run = {
        settings,
        signal: interruption.signal,
        get progress() {
          return openProgress();
        },
        say: (line) => {
          process.stdout.write(`${line}\n`);
        },
      };
      ending.status = await endingOf(work(run, command), interruption, details.whenInterrupted);
    });

const endingOf = async (
  work: Promise<number>,
  interruption: Interruption,
  whenInterrupted: WhenInterrupted,
): Promise<number> => {
  try {
    return await (whenInterrupted === 'leave' ? Promise.race([work, interruption.happened]) : work);
  } catch (error) {
    // Whatever an interrupted command fails with, the interruption is the reason.
    const status = interruptedStatus(interruption.signal);
    if (status === null) throw error;
    process.stderr.write(`Interrupted by ${String(interruption.by())}.\n`);
    return status;
  } finally {
    interruption.stopListening();
  }
};
