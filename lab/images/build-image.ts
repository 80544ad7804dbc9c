import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type Docker from 'dockerode';
import { LabError } from '../errors.ts';
import { outputTail } from '../progress/output-tail.ts';
import type { Report } from '../progress/progress.ts';
import { packContext, type ContextFile } from './content-hash.ts';
import { describeEvent, followEngine } from './engine-events.ts';
import { hasImage, suiteLabel, type ImageKind } from './image-tags.ts';

/** What an image is built from. */
export interface ImageRecipe {
  readonly tag: string;
  /** Value of the suite's label. */
  readonly kind: ImageKind;
  readonly files: readonly ContextFile[];
  readonly buildArguments: Readonly<Record<string, string>>;
  /** A file that gets all that the build prints, where that is long. */
  readonly wholeLog?: string;
}

/** Variables by which programs find a proxy; the engine knows them too and keeps them out of its cache and the image. */
const proxyVariables = ['http_proxy', 'https_proxy', 'no_proxy', 'ftp_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

/** The proxies of an environment, as arguments of a build. */
export const proxyArguments = (environment: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    proxyVariables.flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );

/**
 * Builds an image with the engine's own builder.
 * @throws LabError that names the failing step and ends with its output.
 */
export const buildImage = async (
  docker: Docker,
  recipe: ImageRecipe,
  report: Report,
  signal: AbortSignal,
): Promise<void> => {
  let step = 'the start of the build';
  let stepOutput = outputTail();
  const { wholeLog } = recipe;
  if (wholeLog !== undefined) mkdirSync(dirname(wholeLog), { recursive: true });
  const log = wholeLog === undefined ? null : createWriteStream(wholeLog);
  try {
    const stream = await docker.buildImage(packContext(recipe.files), {
      t: recipe.tag,
      version: '1',
      rm: true,
      forcerm: true,
      // The machine's own network: a private engine has no bridge, and a proxy may listen on the loopback interface.
      networkmode: 'host',
      labels: { [suiteLabel]: recipe.kind },
      buildargs: { ...proxyArguments(process.env), ...recipe.buildArguments },
      abortSignal: signal,
    });
    await followEngine(stream, (event) => {
      const said = describeEvent(event);
      log?.write(stripVTControlCharacters(said));
      stepOutput.add(said, (line) => {
        if (/^Step \d+\/\d+ : /u.test(line)) {
          step = line;
          stepOutput = outputTail();
        }
        report(line);
      });
    });
  } catch (error) {
    signal.throwIfAborted();
    const output = stepOutput.lines().slice(-30).join('\n');
    throw new LabError(
      `The ${recipe.kind} image could not be built: ${reasonOf(error)}, in ${brief(step)}\n${output}`,
      { cause: error, next: nextAfter(recipe, output) },
    );
  } finally {
    log?.end();
  }
  if (await hasImage(docker, recipe.tag)) return;
  throw new LabError(`The engine ended the build of ${recipe.tag} without an error and without an image.`, {
    next: 'Look at the engine\'s own log, then run "npm run lab build" again.',
  });
};

const nextAfter = ({ kind, wholeLog }: ImageRecipe, output: string): string => {
  if (output.includes('No space left on device'))
    return 'Make room where the engine keeps its data (a lab needs 2.5 GB), then run "npm run lab build".';
  if (wholeLog !== undefined && /Failed to fetch|Unable to find a source package/u.test(output))
    return `Find an archive that has what is missing (a mirror can be without sources), or have them at hand and use src:PATH. The whole log is in ${wholeLog}.`;
  if (wholeLog !== undefined)
    return `Read the whole log in ${wholeLog}; then mend the sources or their packaging, or choose another base (the suite after the @).`;
  return kind === 'packages'
    ? 'See whether the packages can be read, then run "npm run lab build".'
    : `Mend lab/images/${imageFolder[kind]}/Dockerfile or the way to the package archive, then run "npm run lab build".`;
};

const imageFolder = {
  base: 'base-with-packages',
  host: 'host',
  guest: 'guest',
  'kvm-guest': 'kvm-guest',
  'host-vm': 'host-vm',
} as const;

/** The engine repeats the whole command before it says how that ended. */
const reasonOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message.trim() : String(error);
  const status = /returned a non-zero code: (\d+)$/u.exec(message)?.[1];
  return status === undefined ? message : `exit status ${status}`;
};

const brief = (step: string): string => (step.length > 100 ? `${step.slice(0, 100)} …` : step);
