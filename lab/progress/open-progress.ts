import type { Writable } from 'node:stream';
import { plainProgress } from './plain.ts';
import type { Progress } from './progress.ts';
import { terminalProgress } from './terminal.ts';

/** Where progress goes and how. */
export interface ProgressOptions {
  /** Default: standard output. */
  readonly stream?: Writable;
  /** Default: the process's. `CI` and `TERM=dumb` choose plain lines; `NO_COLOR` is respected. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Opens the progress of a run, in the form that suits where it is shown. */
export const openProgress = (options: ProgressOptions = {}): Progress => {
  const stream = options.stream ?? process.stdout;
  const environment = options.environment ?? process.env;
  // A terminal that does not know its width would wrap after every character.
  const isTerminal = stream === process.stdout && process.stdout.isTTY && process.stdout.columns > 0;
  return isTerminal && !environment.CI && environment.TERM !== 'dumb' ? terminalProgress() : plainProgress(stream);
};
