import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { execa } from 'execa';
import type { Settings } from '../../lab/settings.ts';
import { drillsDocument, type DrillRecord } from '../../reporters/drill-record.ts';

const root = new URL('../../', import.meta.url).pathname;
const playwright = path.join(path.dirname(createRequire(import.meta.url).resolve('@playwright/test')), 'cli.js');

/** A run of drills on a lab that is up, in a process group of its own. */
export interface DrillsRun {
  readonly processId: number;
  /** Resolves with the exit status when it has ended by itself or was killed (null). Rejects if it was interrupted. */
  readonly ended: Promise<number | null>;
  /** Kills the runner with all that it started, so that nothing of it can clean up. */
  readonly kill: () => Promise<void>;
}

/**
 * Starts drills as a person would. Takes the lab's settings, Playwright's arguments, the folder for the results, which
 * is made anew, the signal that interrupts it, in order, and who is told each line that it prints.
 */
export const startDrills = (
  settings: Settings,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
  onLine: (line: string) => void = () => undefined,
): DrillsRun => {
  signal.throwIfAborted();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const child = execa(process.execPath, [playwright, 'test', ...args], {
    cwd: root,
    env: {
      NO_COLOR: '1',
      LAB_NAME: settings.labName,
      LAB_PLAN: settings.plan,
      LAB_RELEASE: settings.release,
      LAB_CACHE_DIR: settings.cacheDir,
      DRILLS_RESULTS: folder,
      GITHUB_STEP_SUMMARY: '',
    },
    stdin: 'ignore',
    detached: true,
    reject: false,
    all: true,
    buffer: false,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('Playwright could not be started.');
  const interrupt = (): void => {
    child.kill('SIGINT');
  };
  signal.addEventListener('abort', interrupt);
  const file = path.join(folder, 'run.log');
  const read = (async () => {
    for await (const line of child.iterable({ from: 'all' })) {
      writeFileSync(file, `${line}\n`, { flag: 'a' });
      onLine(line);
    }
  })().catch(() => undefined);
  const ended = (async () => {
    const { exitCode } = await child;
    await read;
    signal.removeEventListener('abort', interrupt);
    signal.throwIfAborted();
    return exitCode ?? null;
  })();
  return {
    processId: pid,
    ended,
    async kill() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
      await ended.catch(() => undefined);
    },
  };
};

/** The records of a run, in the order in which the drills began; empty if it left none. */
export const recordsIn = (folder: string): readonly DrillRecord[] => {
  const file = path.join(folder, 'drills.json');
  if (!existsSync(file)) return [];
  const { drills } = drillsDocument.parse(JSON.parse(readFileSync(file, 'utf8')));
  return drills.toSorted((one, other) => (one.injectedAtMs ?? 0) - (other.injectedAtMs ?? 0));
};
