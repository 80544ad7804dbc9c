import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import type Docker from 'dockerode';
import { LabError, LockError } from '../errors.ts';
import { acquireLock, type ProcessLock } from '../process-lock.ts';
import type { Settings } from '../settings.ts';
import { socketAddress } from './address.ts';
import { tryEngine } from './engine.ts';
import {
  checkSocketPaths,
  daemonFiles,
  dataRootOption,
  runningDaemon,
  type DaemonFiles,
} from './private-daemon-files.ts';
import { pause } from '../pause.ts';

const startTimeoutMs = 60_000;
const lockTimeoutMs = 120_000;
const pollMs = 50;

/** Connects to the private daemon of this cache folder. Returns null where none answers. */
export const findPrivateDaemon = async (settings: Settings, signal: AbortSignal): Promise<Docker | null> => {
  const files = daemonFiles(settings);
  if ((await runningDaemon(files)) === null) return null;
  const engine = await tryEngine(socketAddress(files.socket), signal);
  return engine instanceof Error ? null : engine;
};

/**
 * Starts the private daemon of this cache folder, or finds it started by another run meanwhile. It outlives this process.
 * @param dockerd Path of the executable.
 * @returns The connection to it, once it answers.
 * @throws LabError with the end of its log when it ends or does not answer within a minute; then it is not left running.
 */
export const startPrivateDaemon = async (dockerd: string, settings: Settings, signal: AbortSignal): Promise<Docker> => {
  checkSocketPaths(settings);
  const files = daemonFiles(settings);
  await mkdir(files.folder, { recursive: true, mode: 0o711 });
  await using _lock = await lockDaemon(files, 'starting the private engine', signal);
  const running = await findPrivateDaemon(settings, signal);
  if (running !== null) return running;
  const pid = await runningDaemon(files);
  if (pid === null) await rm(files.pidFile, { force: true });
  // One that runs without answering may be on its way up or down: give it the time a new one would get.
  const child = pid === null ? await launch(dockerd, files) : null;
  return await answering(files, child, signal);
};

/** Takes the lock of the daemon's files, waiting for another run that starts or stops it to be done. */
export const lockDaemon = async (files: DaemonFiles, purpose: string, signal: AbortSignal): Promise<ProcessLock> => {
  const until = performance.now() + lockTimeoutMs;
  for (;;) {
    try {
      return await acquireLock(files.lock, { purpose });
    } catch (error) {
      if (!(error instanceof LockError) || performance.now() > until) throw error;
      await pause(pollMs * 4, signal);
    }
  }
};

/**
 * The daemon makes nothing on this machine outside its folder: no bridge, no packet filter rules, no forwarding.
 * Builds use the machine's own network, and a lab has none.
 */
const daemonOptions = (files: DaemonFiles): readonly string[] => [
  dataRootOption(files),
  `--exec-root=${files.exec}`,
  `--pidfile=${files.pidFile}`,
  `--host=unix://${files.socket}`,
  // Told to have no bridge, dockerd deletes docker0, even another engine's: one that is there is shared untouched.
  ...(existsSync('/sys/class/net/docker0') ? [] : ['--bridge=none']),
  '--iptables=false',
  '--ip6tables=false',
  '--ip-forward=false',
  '--ip-masq=false',
];

const launch = async (dockerd: string, files: DaemonFiles): Promise<ChildProcess> => {
  const log = await open(files.log, 'w', 0o600);
  try {
    // Without a session of its own the terminal's Ctrl-C would end it too. PATH: containerd, runc and iptables are beside it.
    const child = spawn(dockerd, daemonOptions(files), {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: '/',
      env: {
        ...process.env,
        PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
        DOCKER_HOST: undefined,
      },
    });
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    await log.close();
  }
};

const answering = async (files: DaemonFiles, child: ChildProcess | null, signal: AbortSignal): Promise<Docker> => {
  const until = performance.now() + startTimeoutMs;
  let last: Error | undefined;
  try {
    while (performance.now() < until) {
      signal.throwIfAborted();
      if (child !== null && (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)) {
        throw await notStarted(files, 'ended while it started', last);
      }
      const engine = await tryEngine(socketAddress(files.socket), signal);
      if (!(engine instanceof Error)) return engine;
      last = engine;
      await pause(pollMs, signal);
    }
    throw await notStarted(files, `does not answer after ${startTimeoutMs / 1000} s`, last);
  } catch (error) {
    child?.kill('SIGTERM');
    throw error;
  }
};

const notStarted = async (files: DaemonFiles, what: string, cause: unknown): Promise<LabError> => {
  const log = (await readFile(files.log, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-15).join('\n');
  return new LabError(`The private engine ${what}. The end of its log, ${files.log}:\n${log}`, {
    cause,
    next: 'Mend what the log names, or set DOCKER_HOST to an engine that runs.',
  });
};
