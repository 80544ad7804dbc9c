import { execa } from 'execa';
import { CommandError } from '../errors.ts';
import type { HostShell } from './host-shell.ts';

/** Runs a bash script on this very machine, with the same promises as on a host. */
export const runHere: HostShell['run'] = async (script, options = {}) => {
  const { accept = [0], timeoutMs = 30_000, input, signal } = options;
  const { stdout, stderr, exitCode, shortMessage } = await execa('bash', ['-c', script], {
    reject: false,
    stripFinalNewline: false,
    timeout: timeoutMs,
    forceKillAfterDelay: 2_000,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ...(signal && { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  if (exitCode === undefined || !accept.includes(exitCode))
    throw new CommandError(`A command of this machine failed: ${shortMessage ?? 'it ended by a signal'}\n${stderr}`);
  return { stdout, stderr, exitCode };
};
