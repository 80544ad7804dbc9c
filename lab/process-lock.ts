import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { LabError, LockError } from './errors.ts';

/** A lock that is held until it is released, disposed of, or its process ends. */
export interface ProcessLock extends AsyncDisposable {
  /** Gives the lock back. Doing so twice is harmless. */
  release(): Promise<void>;
}

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** Start time of the process in clock ticks since the boot, or null where there is no /proc to read it from. */
  startTicks: z.string().nullable(),
  bootId: z.string().nullable(),
  pidNamespace: z.string().nullable(),
  since: z.string(),
  purpose: z.string(),
  token: z.string(),
});

type Holder = Readonly<z.infer<typeof holderSchema>>;

const attempts = 20;

/**
 * Takes an exclusive lock between processes of one machine, as a file that names its holder.
 * The lock of a process that has ended (whatever way) is recognised and taken over.
 * @param path The lock's file; missing folders are made.
 * @param details.purpose What the lock is held for, as words that fit after "for".
 * @throws LockError at once, saying who holds it, since when and for what.
 */
export const acquireLock = async (path: string, details: { readonly purpose: string }): Promise<ProcessLock> => {
  await mkdir(dirname(path), { recursive: true });
  const mine = await describeSelf(details.purpose);
  // Written aside and linked into place, so that nobody ever reads half a lock.
  const draft = `${path}.${mine.token}`;
  await writeFile(draft, `${JSON.stringify(mine)}\n`, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (await linked(draft, path)) return lockOf(path, mine.token);
      const holder = await readHolder(path);
      if (holder === 'gone') continue;
      if (holder !== 'unreadable' && (await isAlive(holder))) throw held(path, holder);
      await removeStale(path, draft);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new LabError(`The lock ${path} could not be taken: others keep taking it over.`, {
    next: 'Try again when fewer runs start at the same time.',
  });
};

const lockOf = (path: string, token: string): ProcessLock => {
  const release = async (): Promise<void> => {
    const holder = await readHolder(path);
    if (typeof holder === 'object' && holder.token === token) await rm(path, { force: true });
  };
  return { release, [Symbol.asyncDispose]: release };
};

/** Removes a stale lock; a second lock around it keeps a slow process from removing a fresh one instead. */
const removeStale = async (path: string, draft: string): Promise<void> => {
  const takeover = `${path}.takeover`;
  if (!(await linked(draft, takeover))) {
    const other = await readHolder(takeover);
    if (other === 'unreadable' || (other !== 'gone' && !(await isAlive(other)))) await rm(takeover, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    return;
  }
  try {
    const holder = await readHolder(path);
    if (holder === 'unreadable' || (holder !== 'gone' && !(await isAlive(holder)))) await rm(path, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
};

const linked = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

const readHolder = async (path: string): Promise<Holder | 'gone' | 'unreadable'> => {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : 'unreadable';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'gone' : 'unreadable';
  }
};

const describeSelf = async (purpose: string): Promise<Holder> => ({
  pid: process.pid,
  startTicks: await startTicksOf(process.pid),
  bootId: await currentBootId(),
  pidNamespace: await currentPidNamespace(),
  since: new Date().toISOString(),
  purpose,
  token: randomUUID(),
});

const isAlive = async (holder: Holder): Promise<boolean> => {
  const bootId = await currentBootId();
  const namespace = await currentPidNamespace();
  // Process ids of another container mean nothing here: rather refuse than break in.
  if (holder.pidNamespace !== namespace && holder.bootId === bootId) return true;
  if (holder.bootId !== bootId) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return holder.startTicks === (await startTicksOf(holder.pid));
};

/**
 * Reads when a process started; with its id this names a process for good, ids alone are used again. Null if it has ended, also
 * while whoever started it has not asked how: a busy machine's init may take its time.
 */
export const startTicksOf = async (pid: number): Promise<string | null> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field is the name in parentheses, and may hold anything, parentheses too; the start is the 22nd.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
};

const currentBootId = (): Promise<string | null> =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => null,
  );

const currentPidNamespace = (): Promise<string | null> => readlink('/proc/self/ns/pid').catch(() => null);

const held = (path: string, holder: Holder): LockError =>
  new LockError(`Process ${holder.pid} holds the lock ${path} since ${holder.since}, for ${holder.purpose}.`, {
    next: 'Wait until it has ended, or end that process.',
  });

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
