import { access, chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { findCommand, installPackages } from '../engine/packages.ts';
import { runLocal } from '../engine/local-command.ts';
import { LabError } from '../errors.ts';
import { outputTail } from '../progress/output-tail.ts';
import type { Progress, Report } from '../progress/progress.ts';
import type { Release } from '../releases.ts';
import type { Settings } from '../settings.ts';
import { pickAcquireSettings, readDebianArchive, type DebianArchive } from './apt-sources.ts';
import { followEngine } from './engine-events.ts';
import { suiteLabel } from './image-tags.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const timeoutMs = 600_000;
/** How long it may take to unmount and remove its own folder when told to end. */
const unmountMs = 10_000;

/** What a base is bootstrapped like. dpkg's and apt's settings stay in it, for the builds on top. */
interface BootstrapRecipe {
  readonly variant: string;
  readonly dpkg: readonly string[];
  readonly apt: readonly string[];
  /** Shell commands for the new root, in `$1`, before anything is in it. */
  readonly setUp?: readonly string[];
}

const recipe: BootstrapRecipe = {
  variant: 'minbase',
  dpkg: [
    'path-exclude=/usr/share/doc/*',
    'path-exclude=/usr/share/man/*',
    'path-exclude=/usr/share/info/*',
    'path-exclude=/usr/share/locale/*',
    'path-exclude=/usr/share/lintian/*',
    'path-include=/usr/share/doc/*/copyright',
    // An image that was cut off while it was written is thrown away anyway.
    'force-unsafe-io',
  ],
  apt: ['Acquire::Languages "none"', 'APT::Install-Recommends "false"', 'Acquire::GzipIndexes "true"'],
};

/** What the base of a release is bootstrapped like, with its quirks. */
export const bootstrapRecipe = ({ quirks }: Release): BootstrapRecipe => {
  const setUp = quirks.flatMap((quirk) => quirk.setUp ?? []);
  return {
    ...recipe,
    apt: [...recipe.apt, ...quirks.flatMap((quirk) => quirk.apt ?? [])],
    ...(setUp.length > 0 && { setUp }),
  };
};

/** Makes a release's base image with mmdebstrap from this machine's own apt configuration, straight into the engine. */
export const bootstrapBase = async (
  docker: Docker,
  release: Release,
  tag: string,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> => {
  const missing = [
    ...((await findCommand('mmdebstrap')) === null ? ['mmdebstrap'] : []),
    ...((await exists(keyring)) ? [] : ['debian-archive-keyring']),
  ];
  if (missing.length > 0) {
    await installPackages(missing, 'a base image without a registry', settings, progress, signal);
  }
  await progress.task(`Bootstrap Debian ${release.suite}`, async (report) => {
    const dump = await runLocal('apt-config', ['dump'], { timeoutMs: 30_000, signal });
    const args = mmdebstrapArguments(release, await readDebianArchive(), pickAcquireSettings(dump.stdout));
    const folder = await mkdtemp(join(tmpdir(), 'guest-drills-base-'));
    try {
      // Unprivileged, mmdebstrap works as another user.
      await chmod(folder, 0o755);
      const image = await importFrom(docker, args, folder, report, signal);
      const colon = tag.lastIndexOf(':');
      await docker.getImage(image).tag({ repo: tag.slice(0, colon), tag: tag.slice(colon + 1) });
    } finally {
      await removeFolder(folder);
    }
  });
};

/**
 * The arguments of mmdebstrap for a tar of a release's suite on its standard output. Without an archive of the machine's own, as on
 * Ubuntu, mmdebstrap chooses its own.
 */
export const mmdebstrapArguments = (
  release: Release,
  archive: DebianArchive | null,
  acquireSettings: readonly string[],
): readonly string[] => {
  const { variant, dpkg, apt, setUp = [] } = bootstrapRecipe(release);
  const { suite } = release;
  return [
    `--variant=${variant}`,
    `--mode=${process.getuid?.() === 0 ? 'root' : 'unshare'}`,
    '--format=tar',
    ...[...acquireSettings.map((line) => line.replace(/;$/u, '')), ...apt].map((line) => `--aptopt=${line}`),
    ...dpkg.map((line) => `--dpkgopt=${line}`),
    ...setUp.map((command) => `--setup-hook=${command}`),
    suite,
    '-',
    ...(archive
      ? [`deb [${[`signed-by=${keyring}`, ...archive.options].join(' ')}] ${archive.uri} ${suite} main`]
      : []),
  ];
};

/** Pipes mmdebstrap into the engine. Returns the new image's id; nothing is tagged, as a cut tar can import too. */
const importFrom = async (
  docker: Docker,
  args: readonly string[],
  folder: string,
  report: Report,
  signal: AbortSignal,
): Promise<string> => {
  const { execa } = await import('execa');
  const tail = outputTail();
  const child = execa('mmdebstrap', args, {
    stdin: 'ignore',
    encoding: 'buffer',
    buffer: false,
    reject: false,
    // In a group of its own, so that all of it can be told to end: alone it would wait for its parts.
    detached: true,
    env: { LC_ALL: 'C', TMPDIR: folder },
  });
  const end = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended.
    }
  };
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    end('SIGTERM');
    killer ??= setTimeout(end, unmountMs, 'SIGKILL');
  };
  const startedAt = performance.now();
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  child.stderr.on('data', (chunk: Buffer) => {
    tail.add(chunk.toString(), report);
  });
  let image = '';
  const imported = importTar(docker, child.stdout, signal).then(
    (id) => {
      image = id;
      return null;
    },
    (error: unknown) => {
      stop();
      return error;
    },
  );
  const [result, importError] = await Promise.all([child, imported]);
  clearTimeout(timer);
  clearTimeout(killer);
  signal.removeEventListener('abort', stop);
  if (!result.failed && importError === null && image !== '') return image;
  if (image !== '')
    await docker
      .getImage(image)
      .remove({ force: true })
      .catch(() => undefined);
  signal.throwIfAborted();
  const output = tail.lines().slice(-15).join('\n');
  if (importError !== null && result.signal !== undefined) {
    throw new LabError('The engine did not import the bootstrapped base image.', {
      cause: importError,
      next: 'See whether the engine still runs and has space ("npm run lab doctor").',
    });
  }
  throw new LabError(
    `mmdebstrap ${performance.now() - startedAt >= timeoutMs ? `took longer than ${timeoutMs / 1000} s` : `failed (${result.exitCode ?? result.signal ?? 'not started'})`}:\n${output}`,
    { cause: result.cause, next: "Mend this machine's apt sources, or make a registry reachable for the engine." },
  );
};

const importTar = async (docker: Docker, tar: Readable, signal: AbortSignal): Promise<string> => {
  const stream = await docker.importImage(tar, {
    changes: [`LABEL ${suiteLabel}=base`, 'CMD ["bash"]'],
    abortSignal: signal,
  });
  let image = '';
  await followEngine(stream, (event) => {
    image = /^sha256:[0-9a-f]{64}$/u.exec(event.status ?? '')?.[0] ?? image;
  });
  if (image === '') throw new LabError('The engine ended the import without naming an image.');
  return image;
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Removes the working folder, unless something of the machine is still mounted inside: that must not be emptied. */
const removeFolder = async (folder: string): Promise<void> => {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  if (!mounts.includes(` ${folder}/`)) await rm(folder, { recursive: true, force: true });
};
