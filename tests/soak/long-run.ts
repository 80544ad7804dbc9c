import { LabError, UsageError } from '../../lab/errors.ts';

/** Aborts when somebody wants such a command to end: what it began is put right first. */
export const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    stop.abort(new LabError('Interrupted.'));
  });

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Reads the value of a flag. Throws a UsageError if it is no whole number. */
export const wholeNumber = (command: 'soak' | 'contention', flag: string, text: string): number => {
  if (!/^\d{1,9}$/.test(text))
    throw new UsageError(`--${flag} is "${text}", and has to be a whole number.`, {
      next: `see npm run ${command} -- --help`,
    });
  return Number(text);
};

/** Runs a command to its exit status: 2 for wrong usage and 3 for lab trouble, which are told. */
export const runToExit = async (command: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 3;
  }
};
