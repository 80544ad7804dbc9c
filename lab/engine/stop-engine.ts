import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import { startTicksOf } from '../process-lock.ts';
import type { Settings } from '../settings.ts';
import { runLocal } from './local-command.ts';
import { childrenOf, daemonFiles, daemonServants, runningDaemon, type DaemonFiles } from './private-daemon-files.ts';
import { lockDaemon } from './private-daemon.ts';

/** dockerd itself gives its containers 15 s before it kills them. */
const gracefulMs = 30_000;
const killedMs = 5000;

/** What stopping found. */
export interface StoppedEngine {
  /** Whether a private daemon was running. */
  readonly wasRunning: boolean;
}

/**
 * Stops the private daemon of this cache folder with all its containers, and removes what it left: processes, mounts,
 * sockets. An engine that is not ours is never touched. Harmless where none runs.
 * @param options.remove `runtime` (the default) keeps the images for the next start; `data` removes them too.
 * @throws LabError when something of it cannot be ended or unmounted.
 */
export const stopEngine = async (
  settings: Settings,
  options: { readonly remove?: 'runtime' | 'data'; readonly signal?: AbortSignal } = {},
): Promise<StoppedEngine> => {
  const files = daemonFiles(settings);
  const signal = options.signal ?? new AbortController().signal;
  // None was ever started here.
  if (!existsSync(files.folder)) return { wasRunning: false };
  await using _lock = await lockDaemon(files, 'stopping the private engine', signal);
  const daemon = await runningDaemon(files);
  if (daemon !== null) await endProcess(daemon, gracefulMs);
  await endServants(files);
  await unmountBelow(files.folder);
  await Promise.all(
    [files.exec, files.socket, files.pidFile].map((path) => rm(path, { recursive: true, force: true, maxRetries: 3 })),
  );
  if (options.remove === 'data') {
    await Promise.all([files.data, files.log].map((path) => rm(path, { recursive: true, force: true, maxRetries: 3 })));
  }
  return { wasRunning: daemon !== null };
};

/** A daemon that had to be killed leaves its containerd and its containers: end those too. */
const endServants = async (files: DaemonFiles): Promise<void> => {
  const servants = await daemonServants(files);
  for (const servant of servants) {
    // A shim's children are the first processes of containers: with one of those goes all that runs in it.
    for (const child of await childrenOf(servant)) if (!servants.includes(child)) await endProcess(child, 0);
  }
  for (const servant of servants) await endProcess(servant, 0);
};

const endProcess = async (pid: number, politeMs: number): Promise<void> => {
  const started = await startTicksOf(pid);
  if (started === null) return;
  const isGone = async (withinMs: number): Promise<boolean> => {
    const until = performance.now() + withinMs;
    do {
      if ((await startTicksOf(pid)) !== started || (await isZombie(pid))) return true;
      await delay(50);
    } while (performance.now() < until);
    return false;
  };
  if (politeMs > 0) {
    send(pid, 'SIGTERM');
    if (await isGone(politeMs)) return;
  }
  send(pid, 'SIGKILL');
  if (await isGone(killedMs)) return;
  throw new LabError(`Process ${pid} of the private engine does not end.`, {
    next: `Look at it (ps -fp ${pid}) and run the command again.`,
  });
};

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

const isZombie = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
};

const unmountBelow = async (folder: string): Promise<void> => {
  const mounts = (await mountPoints()).filter((path) => path.startsWith(`${folder}/`));
  // The last mounted first: it may be inside an earlier one.
  for (const path of mounts.reverse()) {
    await runLocal('umount', ['--lazy', path], { timeoutMs: 10_000, signal: new AbortController().signal }).catch(
      () => undefined,
    );
  }
  const left = (await mountPoints()).filter((path) => path.startsWith(`${folder}/`));
  if (left.length === 0) return;
  throw new LabError(`Mounts of the private engine are left: ${left.join(', ')}.`, {
    next: `Unmount them (umount --lazy) and run the command again.`,
  });
};

const mountPoints = async (): Promise<string[]> =>
  (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    // A space in a path is written as \040 there.
    .map((path) => path.replace(/\\([0-7]{3})/gu, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8))));
