import { LabError } from '../errors.ts';

interface SystemError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly path?: unknown;
  readonly statusCode?: unknown;
}

const full = {
  what: 'There is no space left on a disk',
  next: 'Free some ("npm run lab doctor" says how much is there and needed), then run the command again.',
};

/** What a machine says when it, and not this suite, is at fault; by the code of Node's error. */
const machineTrouble: Readonly<Record<string, { readonly what: string; readonly next: string }>> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: { what: 'A file system is read-only', next: 'Set LAB_CACHE_DIR to a folder that can be written to.' },
  EACCES: {
    what: 'This user may not do that',
    next: 'Run it as a user who may (often root), or set LAB_CACHE_DIR to a folder of your own.',
  },
  EPERM: {
    what: 'The system forbids that',
    next: 'Run it as root; "npm run lab doctor" says what this machine allows.',
  },
  ENOTDIR: { what: 'A folder is needed where a file is', next: 'Set LAB_CACHE_DIR to a folder.' },
  EMFILE: { what: 'Too many files are open', next: 'Raise the limit (ulimit -n), then run the command again.' },
  ENOMEM: { what: 'There is no memory left', next: '"npm run lab doctor" says how much is there and needed.' },
};

const engineGone = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Turns what Node or the engine throws when the machine or the engine is at fault (a full disk, missing rights, an engine
 * that went away) into a LabError that says what to do. Returns anything else as it is.
 */
export const asKnownTrouble = (error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof LabError) return error;
  const { code, syscall, statusCode } = error as Error & SystemError;
  const message = error.message.trim();
  if (/no space left on device|disk quota exceeded/iu.test(message) || code === 'ENOSPC')
    return new LabError(`${full.what}: ${message}.`, { cause: error, next: full.next });
  if (typeof statusCode === 'number') {
    return new LabError(`The engine refused: ${message}.`, {
      cause: error,
      next: '"npm run lab doctor" looks at the engine; its own log says more.',
    });
  }
  const isConnection = syscall === 'connect' || syscall === 'read' || syscall === 'write';
  if (message === 'socket hang up' || (isConnection && (engineGone.has(String(code)) || code === 'ENOENT'))) {
    return new LabError(`The engine went away: ${message}.`, {
      cause: error,
      next: 'Run the command again: "npm run lab up" starts or finds an engine, "npm run lab doctor" looks at it.',
    });
  }
  const known = typeof code === 'string' && syscall !== undefined ? machineTrouble[code] : undefined;
  return known ? new LabError(`${known.what}: ${message}.`, { cause: error, next: known.next }) : error;
};
