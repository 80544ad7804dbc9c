import { inspect } from 'node:util';
import { ZodError } from 'zod';
import { LabError, UsageError } from '../errors.ts';
import { asKnownTrouble } from './known-trouble.ts';

const longestCause = 300;

/** The exit status that an error ends the command with: 2 for wrong usage, 3 for lab trouble, 1 for a bug. */
export const exitStatus = (error: unknown): number => {
  const known = asKnownTrouble(error);
  if (known instanceof UsageError) return 2;
  return known instanceof LabError ? 3 : 1;
};

/**
 * Says an error as a person reads it: the class and what happened, the error underneath in one line, and last what to do
 * next. Anything but a LabError is a bug and comes with its stack. LAB_DEBUG=1 shows stack and causes of every error.
 */
export const reportOf = (error: unknown, environment: Readonly<Record<string, string | undefined>>): string => {
  const known = asKnownTrouble(error);
  const debug = Boolean(environment.LAB_DEBUG);
  if (!(known instanceof LabError)) {
    return `${inspect(error)}\nThis is a bug in the suite.\nNext: report it, with all of the above.`;
  }
  const at = known.message.lastIndexOf('\nNext: ');
  const happened = at < 0 ? known.message : known.message.slice(0, at);
  const next = at < 0 ? [] : [known.message.slice(at + 1)];
  const cause = known.cause === undefined ? '' : oneLine(known.cause);
  // Many messages quote their cause already.
  const causes = cause === '' || happened.includes(cause) ? [] : [`Cause: ${cause}`];
  const stack = debug ? [inspect(error)] : [];
  return [`${known.name}: ${happened}`, ...causes, ...stack, ...next].join('\n');
};

const oneLine = (cause: unknown): string => {
  const text = messageOf(cause).replace(/\s+/gu, ' ').trim();
  return text.length > longestCause ? `${text.slice(0, longestCause - 1)}…` : text;
};

const messageOf = (cause: unknown): string => {
  if (cause instanceof ZodError)
    return cause.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; ');
  if (!(cause instanceof Error)) return String(cause);
  // Where both addresses of a name refuse, Node leaves the message empty.
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(messageOf).join('; ');
  return cause.message.split('\nNext: ')[0] ?? '';
};

/** Prints an error to standard error; see {@link reportOf}. */
export const printError = (error: unknown): void => {
  process.stderr.write(`${reportOf(error, process.env)}\n`);
};
