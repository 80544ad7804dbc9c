import type Docker from 'dockerode';
import { LabError } from '../errors.ts';
import type { Progress, Report } from '../progress/progress.ts';
import type { Release } from '../releases.ts';
import type { Settings } from '../settings.ts';
import { bootstrapBase, bootstrapRecipe } from './bootstrap-base.ts';
import { contentHash } from './content-hash.ts';
import { describeEvent, followEngine } from './engine-events.ts';
import { hasImage, imageTag } from './image-tags.ts';

/** A registry that says nothing for this long counts as none. */
const registrySilenceMs = 15_000;

/** Engines (by connection) whose registry did not answer in this process. */
const withoutRegistry = new WeakSet<Docker>();

/** Name of a release's base image. It says what goes in; where that was fetched from makes no other image. */
export const baseTag = (release: Release): string =>
  imageTag('base', release.version, contentHash([], { suite: release.suite, recipe: bootstrapRecipe(release) }));

/**
 * Makes sure that the engine has Debian's base for a release: pulled where a registry answers and the release has no quirk
 * that forbids it, bootstrapped otherwise.
 * @returns Its tag.
 */
export const ensureBase = async (
  docker: Docker,
  release: Release,
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> => {
  const tag = baseTag(release);
  if (await hasImage(docker, tag)) return tag;
  const source = `debian:${release.suite}-slim`;
  const pulled =
    mayBePulled(release) &&
    (await progress.task(`Pull ${source}`, (report) => pull(docker, source, tag, report, signal)));
  if (!pulled) await bootstrapBase(docker, release, tag, settings, progress, signal);
  if (await hasImage(docker, tag)) return tag;
  throw new LabError(`The engine does not have the base image ${tag} that was just made.`, {
    next: 'Run "npm run lab build" again; "npm run lab doctor" looks at the engine.',
  });
};

/** Says whether a registry's image can be the base of a release. */
export const mayBePulled = ({ quirks }: Release): boolean => quirks.every(({ base }) => base !== 'bootstrapped');

/** Pulls and tags an image. Returns whether a registry gave it. */
const pull = async (
  docker: Docker,
  source: string,
  tag: string,
  report: Report,
  signal: AbortSignal,
): Promise<boolean> => {
  if (withoutRegistry.has(docker)) return false;
  const silence = new AbortController();
  const fall = (): void => {
    silence.abort(new Error(`no answer for ${registrySilenceMs / 1000} s`));
  };
  let timer = setTimeout(fall, registrySilenceMs);
  try {
    const stream = await docker.pull(source, {
      abortSignal: AbortSignal.any([signal, silence.signal]),
    });
    await followEngine(stream, (event) => {
      clearTimeout(timer);
      timer = setTimeout(fall, registrySilenceMs);
      report(describeEvent(event));
    });
    const colon = tag.lastIndexOf(':');
    await docker.getImage(source).tag({ repo: tag.slice(0, colon), tag: tag.slice(colon + 1) });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    withoutRegistry.add(docker);
    report(`no registry: ${error instanceof Error ? error.message.trim() : String(error)}`);
    return false;
  } finally {
    clearTimeout(timer);
  }
};
