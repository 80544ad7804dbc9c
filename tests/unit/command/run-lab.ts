import { spawn } from 'node:child_process';
import path from 'node:path';
import { execa } from 'execa';

const main = path.resolve(import.meta.dirname, '../../../fixtures/lab-command.ts');

/** Runs the lab's own command as a person would, with nothing of this environment's settings. */
export const runLab = (args: readonly string[], settings: Readonly<Record<string, string>> = {}) =>
  execa(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
    env: { ...neutralEnvironment(), ...settings },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 50_000,
  });

/** Starts it and leaves it to the caller to read its output. */
export const startLab = (args: readonly string[], settings: Readonly<Record<string, string>> = {}) =>
  spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
    env: { ...neutralEnvironment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
  });

const neutralEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(LAB_|DOCKER_|FORCE_COLOR|NO_COLOR)/.test(name) ? [] : [[name, value]],
    ),
  );
