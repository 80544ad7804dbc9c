import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UsageError } from './errors.ts';
import { defaultRelease, releases, type PackageSource, type Release } from './releases.ts';

/** How releases are asked for that are no rows of the table. */
export const ownReleaseForms = 'debs:DIR[@SUITE], debsrc:SUITE[@BASE] or src:PATH[@BASE]';

/** Where a version stands in a name: a release candidate counts as what it is to become. */
const versionIn = (text: string): string | null => /(?<![\d.])\d+\.\d+\.\d+(?![\d.]*\d)/u.exec(text)?.[0] ?? null;

/** The version of the packages in a folder, by the name of the package of host or guest; null where there is none. */
const versionOfDebs = (folder: string): string | null =>
  namesIn(folder).flatMap((name) => /^pacemaker(?:-remote)?_(?:\d+%3a)?([^_]+)_/u.exec(name)?.[1] ?? [])[0] ?? null;

/** The version of a tree of the sources, as its build reads it, or that in the name of a tarball. */
const versionOfSources = (path: string): string | null => {
  for (const file of ['m4/version.m4', 'version.m4'])
    try {
      return versionIn(readFileSync(join(path, file), 'utf8'));
    } catch {
      // It is a tarball, or a tree of another time.
    }
  return versionIn(basename(path));
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};

const rowOfSuite = (suite: string, asked: string): Release => {
  const row = releases.find((release) => release.suite === suite);
  if (row) return row;
  throw new UsageError(`"${asked}" is to be built on ${suite}, which is no suite of the table of releases.`, {
    next: `choose one of: ${releases.map((release) => release.suite).join(', ')}.`,
  });
};

/** What a version says that is not known: that of the newest row, of which most is known. */
const orNewest = (version: string | null): string => version ?? releases.at(-1)?.version ?? defaultRelease;

const own = (
  asked: string,
  kind: PackageSource['kind'],
  rest: string,
  baseSuite: string | undefined,
): Omit<Release, 'name'> => {
  const base = baseSuite === undefined ? findRelease(defaultRelease) : rowOfSuite(baseSuite, asked);
  switch (kind) {
    case 'debs': {
      const folder = resolve(rest);
      return { ...base, version: orNewest(versionIn(versionOfDebs(folder) ?? '')), packages: { kind, folder } };
    }
    case 'debsrc': {
      if (!/^[a-z][a-z-]*$/u.test(rest))
        throw new UsageError(`"${asked}" does not name a suite of Debian.`, {
          next: 'write it like debsrc:sid@trixie.',
        });
      const version = orNewest(releases.find(({ suite }) => suite === rest)?.version ?? null);
      return { ...base, version, packages: { kind, suite: rest } };
    }
    case 'src': {
      const path = resolve(rest);
      const version = orNewest(versionOfSources(path));
      return { ...base, version, packages: { kind, path } };
    }
  }
};

/**
 * Finds a release by how it is asked for: the version of a row of the table, or `debs:DIR[@SUITE]` (a folder of packages),
 * `debsrc:SUITE[@BASE]` (the source package of a suite of Debian) or `src:PATH[@BASE]` (a tree or tarball of the sources), which are
 * installed on, or built on, the suite after the `@`; without one on the default release's. Nothing but names and the version is
 * looked at yet.
 * @returns The release. Its name has paths made absolute; its version is what expectations go by.
 * @throws UsageError with what can be asked for.
 */
export const findRelease = (asked: string): Release => {
  const row = releases.find((release) => release.version === asked);
  if (row) return row;
  const [, kind, rest, baseSuite] = /^(debs|debsrc|src):(.+?)(?:@([a-z]+))?$/u.exec(asked) ?? [];
  if (kind !== undefined && rest !== undefined) {
    const found = own(asked, kind as PackageSource['kind'], rest, baseSuite);
    const where = kind === 'debsrc' ? rest : resolve(rest);
    return { ...found, name: `${kind}:${where}${baseSuite === undefined ? '' : `@${baseSuite}`}` };
  }
  const known = releases.map((release) => `${release.version} (${release.suite})`).join(', ');
  throw new UsageError(`Pacemaker release "${asked}" is not known.`, {
    next: `Choose one of: ${known}; or ${ownReleaseForms}.`,
  });
};
