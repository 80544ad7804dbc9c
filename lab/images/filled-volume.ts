import type Docker from 'dockerode';
import { LabError } from '../errors.ts';
import { pause } from '../pause.ts';
import type { Report } from '../progress/progress.ts';
import { statusOf, suiteLabel } from './image-tags.ts';

const fillTimeoutMs = 300_000;
const pollMs = 100;

/** A volume and the script, run in a container of an image, that fills it. */
export interface VolumeRecipe {
  readonly volume: string;
  /** Value of the suite's label. */
  readonly kind: 'guest-root' | 'kvm-guest' | 'host-vm';
  readonly image: string;
  /** Where the volume is in the container. */
  readonly target: string;
  /** Run by /bin/sh; has to start from scratch whatever an interrupted one left in the volume. */
  readonly script: string;
  /** Another volume, which the script reads, and where it is in the container. */
  readonly reads?: { readonly volume: string; readonly target: string };
  /** What it does, for people who wait for it. */
  readonly title: string;
}

/**
 * Makes sure that a volume holds what its recipe says. The container that fills it stays until that is done: a volume
 * whose container is still there is not complete, and is waited for or filled again.
 * @throws LabError with the end of the script's output when it fails.
 */
export const ensureFilledVolume = async (
  docker: Docker,
  recipe: VolumeRecipe,
  report: Report,
  signal: AbortSignal,
): Promise<void> => {
  const name = `${recipe.volume}-copy`;
  const container = docker.getContainer(name);
  if ((await stateOf(container)) === null) {
    if (await hasVolume(docker, recipe.volume)) return;
    await createFilling(docker, recipe, name);
  }
  const until = performance.now() + fillTimeoutMs;
  let starts = 0;
  for (;;) {
    signal.throwIfAborted();
    const state = await stateOf(container);
    // Another run has waited for the same volume, and was quicker.
    if (state === null) return;
    if (state.Running) {
      report(recipe.title);
    } else if (state.Status !== 'created' && state.ExitCode === 0) {
      await ignoring([404, 409], container.remove());
      return;
    } else if (starts === 0) {
      starts += 1;
      await ignoring([304], container.start());
    } else {
      throw await failed(container, recipe, `it ended with ${state.ExitCode}`);
    }
    if (performance.now() > until)
      throw await failed(container, recipe, `it takes longer than ${fillTimeoutMs / 1000} s`);
    await pause(pollMs, signal);
  }
};

const createFilling = async (docker: Docker, recipe: VolumeRecipe, name: string): Promise<void> => {
  const creation = docker.createContainer({
    name,
    Image: recipe.image,
    Entrypoint: ['/bin/sh', '-c', recipe.script],
    Cmd: [],
    Labels: { [suiteLabel]: `${recipe.kind}-copy` },
    StopSignal: 'SIGKILL',
    HostConfig: {
      NetworkMode: 'none',
      Mounts: [
        {
          Type: 'volume',
          Source: recipe.volume,
          Target: recipe.target,
          VolumeOptions: {
            NoCopy: true,
            Labels: { [suiteLabel]: recipe.kind },
            DriverConfig: { Name: 'local', Options: {} },
          },
        },
        ...(recipe.reads
          ? [{ Type: 'volume' as const, Source: recipe.reads.volume, Target: recipe.reads.target, ReadOnly: true }]
          : []),
      ],
    },
  });
  await ignoring([409], creation);
};

interface FillingState {
  readonly Status: string;
  readonly Running: boolean;
  readonly ExitCode: number;
}

const stateOf = async (container: Docker.Container): Promise<FillingState | null> =>
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

const failed = async (container: Docker.Container, recipe: VolumeRecipe, why: string): Promise<LabError> => {
  const log = await ignoring([404, 409], container.logs({ stdout: true, stderr: true, tail: 15 }));
  // Each line of a log starts with the eight bytes of the engine's framing.

  const end = (log ?? Buffer.alloc(0)).toString().replace(/[\u0000-\u0008\u000E-\u001F\uFFFD]/gu, '');
  return new LabError(
    `The volume ${recipe.volume} could not be filled from ${recipe.image} (${recipe.title}): ${why}.\n${end.trimEnd()}`,
    { next: 'See whether the engine has space left ("npm run lab doctor"), then run "npm run lab build".' },
  );
};
