import path from 'node:path';
import { execa } from 'execa';

const main = path.resolve(import.meta.dirname, '../../../lab/command/main.ts');

/** Runs the lab's own command as a person would, with nothing of this environment's settings. */
export const runLab = (args: readonly string[], settings: Readonly<Record<string, string>> = {}) => {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(LAB_|DOCKER_|FORCE_COLOR|NO_COLOR)/.test(name));
  return execa(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
    env: { ...Object.fromEntries(inherited), ...settings },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 50_000,
  });
};
