import { expect, test } from '@playwright/test';
import { findRelease } from '../../lab/find-release.ts';
import { baseTag, mayBePulled } from '../../lab/images/base-image.ts';
import { mmdebstrapArguments } from '../../lab/images/bootstrap-base.ts';
import { defaultRelease, releases, type Quirk } from '../../lab/releases.ts';

const archive = { uri: 'http://archive.example/debian', options: [] };

const argumentsOf = ({ apt = [], setUp }: Quirk): readonly string[] => [
  ...apt.map((line) => `--aptopt=${line}`),
  ...(setUp === undefined ? [] : [`--setup-hook=${setUp}`]),
];

test('five releases are known, oldest first, each of a suite of its own', () => {
  expect(releases.map(({ version, suite }) => `${version} ${suite}`)).toEqual([
    '2.0.5 bullseye',
    '2.1.5 bookworm',
    '3.0.0 trixie',
    '3.0.1 forky',
    '3.0.3 sid',
  ]);
});

test('the default is a release of the table, whatever is added to it', () => {
  expect(findRelease(defaultRelease)).toMatchObject({ version: '3.0.0', suite: 'trixie' });
});

for (const release of releases) {
  test(`${release.version}: each package is named once`, () => {
    for (const packages of [release.hostPackages, release.guestPackages])
      expect(packages.filter((name, at) => packages.indexOf(name) !== at)).toEqual([]);
  });

  test(`${release.version} is bootstrapped from the main archive of its suite`, () => {
    const sources = mmdebstrapArguments(release, archive, []).filter((argument) => argument.startsWith('deb '));
    expect(sources).toEqual([
      `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://archive.example/debian ${release.suite} main`,
    ]);
  });

  test(`${release.version} is bootstrapped with what its quirks ask for, and with nothing of others`, () => {
    const ofAnyQuirk = releases.flatMap(({ quirks }) => quirks).flatMap(argumentsOf);
    const given = mmdebstrapArguments(release, archive, []).filter((argument) => ofAnyQuirk.includes(argument));
    expect(given).toEqual(release.quirks.flatMap(argumentsOf));
  });
}

test("a registry's image is no base where the release has a quirk against it", () => {
  expect(releases.filter((release) => !mayBePulled(release)).map(({ version }) => version)).toEqual(['2.0.5']);
});

test('quirks are part of the name of a base, so that one that is new makes it again', () => {
  const release = findRelease('3.0.0');
  const quirky = { ...release, quirks: [{ because: 'of a test', apt: ['Acquire::Retries "1"'] }] };
  expect(baseTag(quirky)).not.toBe(baseTag(release));
  expect(baseTag({ ...release, quirks: [{ because: 'of a test' }] })).toBe(baseTag(release));
});
