import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import {
  chooseDebianArchive,
  parseDeb822Sources,
  parseOneLineSources,
  pickAcquireSettings,
  readDebianArchive,
} from '../../../lab/images/apt-sources.ts';

const debian822 = `# what the installer wrote
Types: deb deb-src
# an old place
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
 contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
Check-Valid-Until: no

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;

test('deb822 sources are read with comments and continued lines', () => {
  expect(parseDeb822Sources(debian822)[0]).toEqual({
    uri: 'http://mirror.example/debian/',
    suites: ['bookworm', 'bookworm-updates'],
    components: ['main', 'contrib'],
    signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    options: ['check-valid-until=no'],
  });
});

test('disabled and source-only paragraphs are left out', () => {
  expect(parseDeb822Sources('Types: deb\nEnabled: no\nURIs: http://a/debian\nSuites: x\nComponents: main\n')).toEqual(
    [],
  );
  expect(parseDeb822Sources('Types: deb-src\nURIs: http://a/debian\nSuites: x\nComponents: main\n')).toEqual([]);
});

test('a key that stands in the file itself is no path', () => {
  const inline =
    'Types: deb\nURIs: http://a/debian\nSuites: x\nComponents: main\nSigned-By:\n -----BEGIN PGP\n .\n abc\n';
  expect(parseDeb822Sources(inline)[0]?.signedBy).toBeNull();
});

test('one-line sources are read with options and comments', () => {
  const list = [
    '# deb http://commented/debian trixie main',
    'deb-src http://a/debian trixie main',
    'deb [ arch=amd64 signed-by=/k.gpg check-valid-until=no ] http://a/debian trixie main contrib # here',
    'deb http://b/debian trixie main',
  ].join('\n');
  expect(parseOneLineSources(list)).toEqual([
    {
      uri: 'http://a/debian',
      suites: ['trixie'],
      components: ['main', 'contrib'],
      signedBy: '/k.gpg',
      options: ['check-valid-until=no'],
    },
    { uri: 'http://b/debian', suites: ['trixie'], components: ['main'], signedBy: null, options: [] },
  ]);
});

test('the main archive is chosen, not the security one nor one of others', () => {
  const others = parseOneLineSources(
    'deb [signed-by=/k] https://packages.example/apt bookworm main\ndeb http://a/debian-security bookworm main',
  );
  expect(chooseDebianArchive([...others, ...parseDeb822Sources(debian822)], 'debian')).toEqual({
    uri: 'http://mirror.example/debian',
    options: ['check-valid-until=no'],
  });
});

test('the security archive is not the main one, though the same key signs it and it comes first', () => {
  const [main, security] = parseDeb822Sources(debian822);
  expect(main && security && chooseDebianArchive([security, main], 'debian')?.uri).toBe('http://mirror.example/debian');
  expect(security && chooseDebianArchive([security], 'debian')).toBeNull();
});

test('the key of Debian’s archive says more than an address that ends in debian', () => {
  const lists = parseOneLineSources(
    'deb [signed-by=/k.gpg] https://packages.example/debian bookworm main\n' +
      'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://artifacts.example/deb12 bookworm main',
  );
  expect(chooseDebianArchive(lists, 'other')?.uri).toBe('http://artifacts.example/deb12');
});

test('a mirror with an odd name counts on Debian alone', () => {
  const odd = parseOneLineSources('deb http://artifacts.example/deb12 bookworm main');
  expect(chooseDebianArchive(odd, 'debian')?.uri).toBe('http://artifacts.example/deb12');
  expect(chooseDebianArchive(odd, 'other')).toBeNull();
});

test('Ubuntu’s own archive is never taken for Debian’s', () => {
  const ubuntu = parseOneLineSources('deb http://mirror.example/ubuntu noble main');
  expect(chooseDebianArchive(ubuntu, 'other')).toBeNull();
});

test('a file that lists mirrors, as in Debian’s cloud images, is followed', async ({}, info) => {
  const root = info.outputPath('root');
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  await write('etc/os-release', 'NAME="Debian GNU/Linux"\nID=debian\n');
  await write('etc/apt/mirrors/debian.list', 'https://first.example/debian\nhttps://second.example/debian\n');
  await write(
    'etc/apt/sources.list.d/debian.sources',
    'Types: deb\nURIs: mirror+file:///etc/apt/mirrors/debian.list\nSuites: trixie\nComponents: main\n',
  );
  await write('etc/apt/sources.list.d/off.list.save', 'deb http://wrong/debian trixie main\n');
  expect((await readDebianArchive(root))?.uri).toBe('https://first.example/debian');
});

test('of apt’s settings those that reach and check an archive are kept', () => {
  const dump = [
    'APT::Architecture "amd64";',
    'Acquire "";',
    'Acquire::http::Proxy "http://proxy:3128";',
    'Acquire::https::Proxy::deb.example "DIRECT";',
    'Acquire::http::Proxy-Auto-Detect "/usr/bin/detect";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Languages:: "none";',
    'Acquire::Retries "";',
  ].join('\n');
  expect(pickAcquireSettings(dump)).toEqual([
    'Acquire::http::Proxy "http://proxy:3128";',
    'Acquire::https::Proxy::deb.example "DIRECT";',
    'Acquire::Check-Valid-Until "false";',
  ]);
});
