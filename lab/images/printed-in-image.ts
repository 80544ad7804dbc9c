import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { runToEnd } from '../engine/exec-stream.ts';
import { LabError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { contentHash } from './content-hash.ts';
import { suiteLabel } from './image-tags.ts';

const timeoutMs = 120_000;

/**
 * Runs a bash script in a container of an image and returns what it printed. The same script prints the same of the same image:
 * what it printed once is kept in the cache folder, and the engine is not asked again.
 * @param findEngine Returns the engine with the image.
 * @throws LabError with the script's standard error if it fails.
 */
export const printedInImage = async (
  findEngine: () => Promise<Docker>,
  image: string,
  script: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<string> => {
  const folder = join(settings.cacheDir, 'printed');
  const path = join(folder, contentHash([], { image, script }));
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known !== null) return known;
  const docker = await findEngine();
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ['sleep', 'infinity'],
    Cmd: [],
    Labels: { [suiteLabel]: 'printed' },
    StopSignal: 'SIGKILL',
    HostConfig: { NetworkMode: 'none' },
  });
  try {
    await container.start();
    const { stdout, stderr, exitCode } = await runToEnd(container, ['bash', '-c', script], { timeoutMs, signal });
    if (exitCode !== 0)
      throw new LabError(`A script in a container of ${image} ended with exit status ${exitCode}:\n${stderr.trim()}`, {
        next: '"npm run lab doctor" looks at the engine.',
      });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(`${path}.${process.pid}`, stdout);
    await rename(`${path}.${process.pid}`, path);
    return stdout;
  } finally {
    await container.remove({ force: true });
  }
};
