import { test as base } from '@playwright/test';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { connectLab, type Lab } from '../../lab/lab.ts';
import { readSettings } from '../../lab/settings.ts';
import { drillsDocument, type DrillRecord } from '../../reporters/drill-record.ts';

const root = new URL('../../', import.meta.url).pathname;

/** The labs of these tests: of their own, so that a lab that somebody is using stays as it is, and one for each of Playwright's workers. */
export const labNameOf = (worker: number): string => {
  const name = process.env.TEST_LAB_NAME ?? 'suite-test';
  return worker === 0 ? name : `${name}-${worker + 1}`;
};

const worker = Number(process.env.TEST_PARALLEL_INDEX ?? 0);
/** Where drills that are run here leave their results, each run in place of the one before. */
export const resultsFolder = `results/lab-tests/${worker + 1}`;
export const labEnvironment = { LAB_NAME: labNameOf(worker), DRILLS_RESULTS: resultsFolder };

/** The drills of the last run. Throws if it left none. */
export const drillsOfLastRun = (): readonly DrillRecord[] =>
  drillsDocument.parse(JSON.parse(readFileSync(path.join(root, resultsFolder, 'drills.json'), 'utf8'))).drills;

/** The folder of a drill's evidence. */
export const evidenceOf = ({ evidence }: DrillRecord): string => path.join(root, resultsFolder, evidence ?? 'none');

/** The picture of a drill, as a text. Throws if it left none. */
export const pictureOf = ({ picture }: DrillRecord): string =>
  readFileSync(path.join(root, resultsFolder, picture ?? 'none'), 'utf8');

export interface Finished {
  readonly exitCode: number;
  /** Standard output and error, as they came. */
  readonly output: string;
  readonly stdout: string;
}

/** What somebody who waits for a command may wait: an emulated machine that becomes a lab's host takes long. */
const commandLimitMs = 3_600_000;

const run = async (
  file: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Finished> => {
  const { exitCode, all, stdout } = await execa(file, args, {
    cwd: root,
    env: { ...labEnvironment, NO_COLOR: '1', ...environment },
    reject: false,
    all: true,
    timeout: commandLimitMs,
  });
  return { exitCode: exitCode ?? -1, output: all, stdout };
};

const labArguments = ['--import', 'tsx', 'fixtures/lab-command.ts'];

/** Runs the lab's own command. */
export const labCommand = (...args: readonly string[]): Promise<Finished> => run('node', [...labArguments, ...args]);

/** Runs drills as a person would, in a process of their own. */
export const runDrills = (args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> =>
  run('node', ['node_modules/@playwright/test/cli.js', 'test', ...args], environment);

/** A command that runs, in a process group of its own. */
export interface RunningCommand {
  /** What they have said so far, standard output and error as they came. */
  readonly said: () => string;
  /** Whether the runner still runs. */
  readonly runs: () => boolean;
  /** Kills the runner with everything that it started, so that nothing of it can clean up; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** Sends a signal to the runner alone, as a job that is cancelled does; resolves with its exit status when it is gone. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | undefined>;
}

const start = (args: readonly string[]): RunningCommand => {
  const child = execa('node', args, {
    cwd: root,
    env: { ...labEnvironment, NO_COLOR: '1' },
    detached: true,
    // execa would kill what has not ended 5 s after SIGTERM; a run that puts its lab right takes what it takes.
    forceKillAfterDelay: false,
    reject: false,
    all: true,
    buffer: false,
  });
  let said = '';
  child.all.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const runs = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    said: () => said,
    runs,
    async kill() {
      if (child.pid !== undefined && runs()) process.kill(-child.pid, 'SIGKILL');
      await child;
    },
    async end(signal) {
      child.kill(signal);
      return (await child).exitCode;
    },
  };
};

/** Starts drills as a person would, for somebody who does not let them end. */
export const startDrills = (args: readonly string[]): RunningCommand =>
  start(['node_modules/@playwright/test/cli.js', 'test', ...args]);

/** Starts the lab's own command, for somebody who does not let it end. */
export const startLabCommand = (args: readonly string[]): RunningCommand => start([...labArguments, ...args]);

/** Does some work on the lab, over a connection of its own. */
export const withLab = async <Result>(work: (lab: Lab) => Promise<Result>): Promise<Result> => {
  const settings = readSettings({ ...process.env, ...labEnvironment });
  const lab = await connectLab(settings);
  try {
    return await work(lab);
  } finally {
    await lab.close();
  }
};

/** Tests on a lab that is up; a worker's first one brings it up, `lab-down.ts` takes them down. */
export const test = base.extend<{ lab: Lab }, { labIsUp: undefined }>({
  labIsUp: [
    async ({}, use) => {
      const up = await labCommand('up');
      if (up.exitCode !== 0) throw new Error(`lab up ended with ${up.exitCode}:\n${up.output}`);
      await use(undefined);
    },
    { scope: 'worker', timeout: 900_000 },
  ],
  lab: async ({ labIsUp: _ }, use) => {
    await withLab(use);
  },
});
export { expect } from '@playwright/test';
