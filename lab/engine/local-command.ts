import { LabError } from '../errors.ts';
import { outputTail } from '../progress/output-tail.ts';
import type { Report } from '../progress/progress.ts';

interface LocalCommand {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Where its output is shown. */
  readonly report?: Report;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether an abort ends the command (the default), or is looked at only after it has ended by itself. */
  readonly whenAborted?: 'end' | 'finish';
}

/**
 * Runs a command of this machine to its end.
 * @returns What it wrote to standard output.
 * @throws LabError with the end of its output when it fails, cannot be started or takes longer than `timeoutMs`.
 */
export const runLocal = async (
  file: string,
  args: readonly string[],
  options: LocalCommand,
): Promise<{ readonly stdout: string }> => {
  const { execa } = await import('execa');
  const tail = outputTail();
  const child = execa(file, args, {
    env: { ...options.environment },
    stdin: 'ignore',
    timeout: options.timeoutMs,
    forceKillAfterDelay: 5000,
    reject: false,
    maxBuffer: 64 * 1024 * 1024,
    // In a group of its own a command that has to finish does not get the terminal's Ctrl-C.
    detached: options.whenAborted === 'finish',
    ...(options.whenAborted === 'finish' ? {} : { cancelSignal: options.signal }),
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      tail.add(text);
      options.report?.(text);
    });
  }
  const result = await child;
  if (result.isCanceled) options.signal.throwIfAborted();
  if (!result.failed) return { stdout: result.stdout };
  const why = result.timedOut
    ? `took longer than ${options.timeoutMs / 1000} s`
    : result.exitCode === undefined
      ? `could not run (${result.originalMessage ?? result.signal ?? 'no exit status'})`
      : `failed with exit status ${result.exitCode}`;
  throw new LabError(`${[file, ...args].join(' ')} ${why}:\n${tail.lines().slice(-15).join('\n')}`, {
    cause: result.cause ?? result,
    next: 'Run it by hand to see what it needs.',
  });
};
