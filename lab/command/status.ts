import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { LabError, ObservationError, UsageError } from '../errors.ts';
import { readGuestTruth } from '../guests/guest-kinds.ts';
import { openLab } from '../lab.ts';
import { labCommand, readLabState } from '../lab-state.ts';
import { decodeUtf8 } from '../observation/decode-utf8.ts';
import { readCrmMon } from '../observation/read-crm-mon.ts';
import type { Settings } from '../settings.ts';
import { deviations } from '../steady-state/deviations.ts';
import { printError } from './error-report.ts';
import { runs, type Ending, type Run } from './run-command.ts';
import { statusReport, type StatusReport } from './status-report.ts';
import { renderStatus } from './status-table.ts';

const samplingPaceMs = 200;
const askTimeoutMs = 15_000;

const examples = `  npm run lab status
  npm run lab status -- --json
  npm run lab status -- --from saved-crm_mon.xml

It exits with 0 if the lab answers, steady or not; --json says which ("steady").`;

/** Adds `lab status`. */
export const statusCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('status')
      .description('Shows nodes, guests, resources and failed actions, and whether the lab is in its steady state.')
      .option('--json', 'print one JSON object (docs/lab.md says what is in it)')
      .option('--from <file>', 'read what "crm_mon -1 --output-as=xml" printed from a file; no lab is needed'),
    ending,
    { examples, whenInterrupted: 'leave' },
    status,
  );

const status = async (run: Run, command: Command): Promise<number> => {
  const options = command.opts<{ json?: true; from?: string }>();
  let report: StatusReport;
  try {
    report = options.from === undefined ? await reportOfLab(run) : await reportOfFile(options.from);
  } catch (error) {
    // No lab has any part in a file that can't be read.
    if (options.from === undefined || !(error instanceof ObservationError)) throw error;
    printError(error);
    return 1;
  }
  run.say(options.json ? JSON.stringify(report, null, 2) : renderStatus(report, canColour() ? 'colour' : 'plain'));
  return 0;
};

const canColour = (): boolean => process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

const reportOfFile = async (path: string): Promise<StatusReport> => {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(`The file ${path} can't be read.`, {
      cause,
      next: 'name a file with what "crm_mon -1 --output-as=xml" printed.',
    });
  });
  try {
    return statusReport(readCrmMon(decodeUtf8(bytes)), null);
  } catch (error) {
    if (!(error instanceof ObservationError)) throw error;
    throw new ObservationError(`${path} is no status of a cluster. ${error.message}`, {
      kind: error.kind,
      cause: error,
    });
  }
};

const reportOfLab = async ({ settings, signal }: Run): Promise<StatusReport> => {
  const state = await readLabState(settings);
  if (!state)
    throw new LabError(`There is no lab "${settings.labName}".`, {
      next: `bring it up: ${labCommand(settings, 'up')}`,
    });
  const lab = await openLab(settings, state);
  try {
    // Asked once by itself: a cluster that does not run says so at once here, while a stream waits for it to come.
    const { stdout } = await lab.shell.run('crm_mon -1 --output-as=xml', {
      timeoutMs: askTimeoutMs,
      accept: Array.from({ length: 256 }, (_, code) => code),
      signal,
    });
    checkConnected(stdout, settings);
    const stream = await lab.openStream(samplingPaceMs);
    try {
      const [sample, truths] = await Promise.all([stream.next(signal), readGuestTruth(lab.shell, lab.plan.guests)]);
      return statusReport(sample.status, {
        name: settings.labName,
        deviations: deviations(sample, lab.plan, state.baseline.placement),
        truths,
      });
    } finally {
      await stream.close();
    }
  } finally {
    await lab.close();
  }
};

const checkConnected = (xml: string, settings: Settings): void => {
  try {
    readCrmMon(xml);
  } catch (error) {
    if (!(error instanceof ObservationError) || error.kind !== 'not-connected') throw error;
    throw new ObservationError(`The lab "${settings.labName}" is up, but the cluster in it does not run.`, {
      kind: error.kind,
      cause: error,
      next: `look at it (${labCommand(settings, 'logs')}), or have it rebuilt (${labCommand(settings, 'up')}).`,
    });
  }
};
