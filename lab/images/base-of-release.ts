import { join } from 'node:path';
import type Docker from 'dockerode';
import type { Progress } from '../progress/progress.ts';
import { releases, type Release } from '../releases.ts';
import type { Settings } from '../settings.ts';
import { baseTag, ensureBase } from './base-image.ts';
import { buildImage, type ImageRecipe } from './build-image.ts';
import { contentHash, readContext } from './content-hash.ts';
import { hasImage, imageTag, labelOf } from './image-tags.ts';
import { packagesRecipe } from './own-packages.ts';

/** The image that a release's host and guest are built on. */
export interface Base {
  readonly tag: string;
  /** All that it is made of, itself included. */
  readonly images: readonly string[];
  /** Makes sure that the engine has it. Throws a LabError if it can't be had. */
  readonly ensure: (progress: Progress, signal: AbortSignal) => Promise<void>;
}

/**
 * What host and guest of a release are built on: the base of its suite, and on top of that an archive of the packages that it
 * brings along, which apt prefers to the suite's of the same name.
 * @param needed The package of Pacemaker that is to be installed from it.
 * @throws UsageError if the release's own packages can't be had from where they are said to be.
 */
export const baseOf = async (
  docker: Docker,
  release: Release,
  needed: 'pacemaker' | 'pacemaker-remote',
  settings: Settings,
): Promise<Base> => {
  const { packages: source, suite } = release;
  // Whatever is put on it, a suite's base is one.
  const row = releases.find((each) => each.suite === suite) ?? release;
  const suiteBase = baseTag(row);
  const ensureSuite: Base['ensure'] = async (progress, signal) => {
    await ensureBase(docker, row, settings, progress, signal);
  };
  if (source === null) return { tag: suiteBase, images: [suiteBase], ensure: ensureSuite };
  const { Arch: machine } = await docker.version();
  const packages = await packagesRecipe(machine, { ...release, packages: source }, needed, suiteBase, settings);
  const files = await readContext(join(import.meta.dirname, 'base-with-packages'));
  const buildArguments = { BASE: suiteBase, PACKAGES_IMAGE: packages.tag };
  const hash = contentHash(files, { buildArguments });
  const recipe: ImageRecipe = { tag: imageTag('base', labelOf(release), hash), kind: 'base', files, buildArguments };
  return {
    tag: recipe.tag,
    images: [suiteBase, packages.tag, recipe.tag],
    ensure: async (progress, signal) => {
      if (await hasImage(docker, recipe.tag)) return;
      await ensureSuite(progress, signal);
      if (!(await hasImage(docker, packages.tag)))
        await progress.task(packages.title, (report) => buildImage(docker, packages, report, signal));
      await progress.task('The base with these packages', (report) => buildImage(docker, recipe, report, signal));
    },
  };
};
