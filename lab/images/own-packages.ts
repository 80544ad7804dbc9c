import { execFile } from 'node:child_process';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../errors.ts';
import type { PackageSource, Release } from '../releases.ts';
import type { Settings } from '../settings.ts';
import type { ImageRecipe } from './build-image.ts';
import { contentHash, readContext, type ContextFile } from './content-hash.ts';
import { imageTag, labelOf } from './image-tags.ts';

/** An image that has nothing but a release's own packages, in /packages. */
export interface PackagesRecipe extends ImageRecipe {
  /** What is done for it, for people who wait. */
  readonly title: string;
}

type OwnRelease = Release & { readonly packages: PackageSource };

/** More than any tree of Pacemaker's sources; what is larger is another folder. */
const mostSourceBytes = 400 * 1024 ** 2;

/**
 * Says how a release's own packages become an image: those of a folder as they are, others by building them on the base.
 * It is named by the content of all that goes in: packages, sources, base and how they are built. What a suite of Debian has
 * under a name is not looked at: once built, its source package is not built again.
 * @param engineMachine The machine that the engine runs on, as it calls that (`amd64`).
 * @param needed The package of Pacemaker that has to be among them.
 * @param base The image of the base.
 * @throws UsageError if there are no packages or sources there, or they are for another machine.
 */
export const packagesRecipe = async (
  engineMachine: string,
  release: OwnRelease,
  needed: 'pacemaker' | 'pacemaker-remote',
  base: string,
  { cacheDir }: Settings,
): Promise<PackagesRecipe> => {
  const { packages: source, suite } = release;
  const { files, buildArguments, title } = await contextOf(engineMachine, source, needed, base, suite);
  const hash = contentHash(files, { buildArguments });
  const tag = imageTag('packages', labelOf(release), hash);
  const wholeLog = join(cacheDir, 'build-logs', `packages-${labelOf(release)}-${hash}.log`);
  return { tag, kind: 'packages', files, buildArguments, title, wholeLog };
};

type Context = Pick<PackagesRecipe, 'files' | 'buildArguments' | 'title'>;

const contextOf = async (
  engineMachine: string,
  source: PackageSource,
  needed: string,
  base: string,
  suite: string,
): Promise<Context> => {
  if (source.kind === 'debs') {
    const files = await readPackages(source.folder, needed, architectureOf(engineMachine));
    return { files, buildArguments: {}, title: `Packages of ${source.folder}` };
  }
  const recipe = await readContext(join(import.meta.dirname, 'packages'));
  if (source.kind === 'debsrc')
    return {
      files: recipe,
      buildArguments: { BASE: base, SUITE: source.suite },
      title: `Build Pacemaker from the source package of ${source.suite}, on ${suite}`,
    };
  const content = await packSources(source.path);
  return {
    files: [...recipe, { name: 'source.tar', mode: 0o644, content }],
    buildArguments: { BASE: base, SUITE: suite },
    title: `Build Pacemaker from ${source.path}, in the packaging of ${suite}`,
  };
};

/** Debian's name of a machine. */
const architectureOf = (engineMachine: string): string =>
  ({ arm: 'armhf', '386': 'i386', ppc64le: 'ppc64el' })[engineMachine] ?? engineMachine;

/** Reads a folder of packages as the context of a build that does nothing but take them. */
const readPackages = async (folder: string, needed: string, machine: string): Promise<readonly ContextFile[]> => {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UsageError(`The folder of packages ${folder} can't be read.`, {
      cause,
      next: 'name a folder with .deb files after "debs:".',
    });
  });
  const debs = names.filter((name) => name.endsWith('.deb')).sort();
  const own = debs.filter((name) => name.startsWith(`${needed}_`));
  if (own.length === 0)
    throw new UsageError(
      `There is no .deb of ${needed} in ${folder}${debs.length === 0 ? ', nor any other' : ` (but ${debs.length} others)`}.`,
      { next: `put it there under its usual name (${needed}_VERSION_${machine}.deb), with those that it depends on.` },
    );
  const foreign = debs.filter((name) => !new RegExp(`_(${machine}|all)\\.deb$`, 'u').test(name));
  if (foreign.length > 0)
    throw new UsageError(
      `The engine runs on ${machine}, and ${foreign.join(', ')} in ${folder} is for something else.`,
      {
        next: `take it away, and put packages for ${machine} there.`,
      },
    );
  if (own.length > 1)
    throw new UsageError(`There are several packages of ${needed} in ${folder}: ${own.join(', ')}.`, {
      next: 'leave the one that is to be tested.',
    });
  const dockerfile = Buffer.from('FROM scratch\nCOPY packages /packages\n');
  return [
    { name: 'Dockerfile', mode: 0o644, content: dockerfile },
    ...(await Promise.all(
      debs.map(async (name): Promise<ContextFile> => ({
        name: `packages/${name}`,
        mode: 0o644,
        content: await readFile(join(folder, name)),
      })),
    )),
  ];
};

const run = promisify(execFile);

/**
 * Reads sources as a tar: a tarball as it is, of a checkout what git knows and does not ignore, else all of a folder. The same
 * sources give the same bytes.
 */
const packSources = async (path: string): Promise<Buffer> => {
  const next = 'name a tarball, or the folder of a tree with its configure.ac, after "src:".';
  const found = await stat(path).catch((cause: unknown) => {
    throw new UsageError(`The sources ${path} can't be read.`, { cause, next });
  });
  if (found.isFile()) return await readFile(path);
  if (!(await stat(join(path, 'configure.ac')).catch(() => null)))
    throw new UsageError(`${path} is no tree of Pacemaker's sources: it has no configure.ac.`, { next });
  const options = { encoding: 'buffer', maxBuffer: mostSourceBytes } as const;
  const alike = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w'];
  try {
    const isCheckout = (await stat(join(path, '.git')).catch(() => null)) !== null;
    const listed = isCheckout
      ? (await run('git', ['-C', path, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], options)).stdout
      : Buffer.from('.\0');
    const packing = run(
      'tar',
      [...alike, '-C', path, '--null', '--ignore-failed-read', '-T', '-', '-cf', '-'],
      options,
    );
    packing.child.stdin?.end(listed);
    return (await packing).stdout;
  } catch (cause) {
    throw new UsageError(`The sources in ${basename(path)} could not be packed.`, {
      cause,
      next: `see whether "tar -C ${path} -cf /dev/null ." works; more than ${mostSourceBytes / 1024 ** 2} MiB is too much.`,
    });
  }
};
