import type Docker from 'dockerode';
import { LabError } from '../errors.ts';
import type { Report } from '../progress/progress.ts';
import { statusOf, suiteLabel } from './image-tags.ts';
import { pause } from '../engine/pause.ts';

const target = '/root-of-guest';
const copyTimeoutMs = 300_000;
const pollMs = 100;

/** Copies the container's own file system, from scratch whatever an interrupted copy left, without what the engine put there. */
const copyScript = `set -eu
find ${target} -mindepth 1 -delete
cd /
for entry in $(ls -A); do
  case $entry in proc | sys | dev | .dockerenv | ${target.slice(1)}) continue ;; esac
  cp -a --one-file-system "$entry" ${target}/
done
mkdir ${target}/proc ${target}/sys ${target}/dev
for file in hosts hostname resolv.conf; do : >${target}/etc/$file; done`;

/** Name of the volume with the file system of a guest image. */
export const guestRootName = (hash: string): string => `${suiteLabel}-root-${hash}`;

/**
 * Makes sure that a volume holds the file system of a guest image. The container that copies it stays until the copy is
 * whole: a volume whose copying container is still there is not complete, and the copy is waited for or done again.
 * @throws LabError with the end of the copy's output when it fails.
 */
export const ensureGuestRoot = async (
  docker: Docker,
  guestImage: string,
  volume: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> => {
  const name = `${volume}-copy`;
  const container = docker.getContainer(name);
  if ((await stateOf(container)) === null) {
    if (await hasVolume(docker, volume)) return;
    await createCopy(docker, guestImage, volume, name);
  }
  const until = performance.now() + copyTimeoutMs;
  let starts = 0;
  for (;;) {
    signal.throwIfAborted();
    const state = await stateOf(container);
    // Another run has waited for the same copy, and was quicker.
    if (state === null) return;
    if (state.Running) {
      report('copying the file system');
    } else if (state.Status !== 'created' && state.ExitCode === 0) {
      await ignoring([404, 409], container.remove());
      return;
    } else if (starts === 0) {
      starts += 1;
      await ignoring([304], container.start());
    } else {
      throw await failed(container, guestImage, `it ended with ${state.ExitCode}`);
    }
    if (performance.now() > until)
      throw await failed(container, guestImage, `it takes longer than ${copyTimeoutMs / 1000} s`);
    await pause(pollMs, signal);
  }
};

const createCopy = async (docker: Docker, image: string, volume: string, name: string): Promise<void> => {
  const creation = docker.createContainer({
    name,
    Image: image,
    Entrypoint: ['/bin/sh', '-c', copyScript],
    Cmd: [],
    Labels: { [suiteLabel]: 'guest-root-copy' },
    StopSignal: 'SIGKILL',
    HostConfig: {
      NetworkMode: 'none',
      Mounts: [
        {
          Type: 'volume',
          Source: volume,
          Target: target,
          VolumeOptions: {
            NoCopy: true,
            Labels: { [suiteLabel]: 'guest-root' },
            DriverConfig: { Name: 'local', Options: {} },
          },
        },
      ],
    },
  });
  await ignoring([409], creation);
};

interface CopyState {
  readonly Status: string;
  readonly Running: boolean;
  readonly ExitCode: number;
}

const stateOf = async (container: Docker.Container): Promise<CopyState | null> =>
  (await ignoring([404], container.inspect()))?.State ?? null;

const hasVolume = async (docker: Docker, name: string): Promise<boolean> =>
  (await ignoring([404], docker.getVolume(name).inspect())) !== undefined;

const ignoring = async <Result>(statuses: readonly number[], work: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (statuses.includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
};

const failed = async (container: Docker.Container, image: string, why: string): Promise<LabError> => {
  const log = await ignoring([404, 409], container.logs({ stdout: true, stderr: true, tail: 15 }));
  // Each line of a log starts with the eight bytes of the engine's framing.

  const end = (log ?? Buffer.alloc(0)).toString().replace(/[\u0000-\u0008\u000E-\u001F\uFFFD]/gu, '');
  return new LabError(`The file system of ${image} could not be copied to its volume: ${why}.\n${end.trimEnd()}`, {
    next: 'See whether the engine has space left ("npm run lab doctor"), then run "npm run lab build".',
  });
};
