import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LabError } from '../errors.ts';
import type { Progress, Report } from '../progress/progress.ts';
import type { Settings } from '../settings.ts';
import { runLocal } from './local-command.ts';

/** Where a command may be that is not on an ordinary user's path. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Finds a command of this machine. Returns its path, or null where it is not installed. */
export const findCommand = async (name: string): Promise<string | null> => {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...systemFolders]) {
    if (folder === '') continue;
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
};

/** Says why packages may not be installed here, or null where they may. */
export const whyNoInstall = async (settings: Settings): Promise<string | null> => {
  if (settings.install === 'never') return 'LAB_INSTALL=never forbids it';
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/mu.test(release)) return 'this machine is neither Debian nor Ubuntu';
  if (process.getuid?.() !== 0) return 'this takes root';
  return null;
};

/**
 * Installs packages of the distribution with apt-get, saying so in one line before it starts.
 * @param reason What they are for, as words that fit after "for".
 * @throws LabError where that is not allowed or fails, saying what to install by hand.
 */
export const installPackages = async (
  packages: readonly string[],
  reason: string,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> => {
  const list = packages.join(' ');
  const obstacle = await whyNoInstall(settings);
  if (obstacle !== null) {
    throw new LabError(`For ${reason}, ${list} must be installed, and ${obstacle}.`, { next: `Install ${list}.` });
  }
  progress.note(`Installing ${list} with apt-get, for ${reason} (LAB_INSTALL=never forbids this).`);
  await progress.task(`Install ${list}`, async (report) => {
    if (!(await allHaveCandidates(packages, signal))) await updateIndexes(report, signal);
    try {
      await install(packages, report, signal);
    } catch {
      // Most often the known versions have left the archive meanwhile.
      signal.throwIfAborted();
      await updateIndexes(report, signal);
      await install(packages, report, signal);
    }
  });
};

const aptEnvironment = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } as const;
const lockTimeout = 'DPkg::Lock::Timeout=120';

const allHaveCandidates = async (packages: readonly string[], signal: AbortSignal): Promise<boolean> => {
  const policy = await runLocal('apt-cache', ['policy', ...packages], {
    environment: aptEnvironment,
    timeoutMs: 60_000,
    signal,
  });
  return (policy.stdout.match(/^ {2}Candidate: (?!\(none\))/gmu) ?? []).length === packages.length;
};

const updateIndexes = async (report: Report, signal: AbortSignal): Promise<void> => {
  await runLocal('apt-get', ['update', '-q'], { environment: aptEnvironment, timeoutMs: 300_000, signal, report });
};

const install = async (packages: readonly string[], report: Report, signal: AbortSignal): Promise<void> => {
  await runLocal(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', '-o', lockTimeout, '-o', 'Dpkg::Use-Pty=0', ...packages],
    // dpkg cut off in the middle would leave the machine with a half-installed package: let it finish.
    { environment: aptEnvironment, timeoutMs: 600_000, signal, report, whenAborted: 'finish' },
  );
  signal.throwIfAborted();
};
