import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a machine gets its packages from: one archive, with one or several suites. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | null;
  /** Options that change how the archive is checked, as they are written in one-line form. */
  readonly options: readonly string[];
}

/** An archive of Debian that packages can be installed from. */
export interface DebianArchive {
  readonly uri: string;
  readonly options: readonly string[];
}

/** Options of a source that say how it is checked; others, like its architectures, are about that machine. */
const checkingOptions = ['trusted', 'check-valid-until', 'check-date', 'allow-insecure', 'allow-weak'];

/** Reads a list in one-line form (sources.list(5)): `deb [option=value] uri suite component…`. */
export const parseOneLineSources = (content: string): AptSource[] =>
  content.split('\n').flatMap((line): AptSource[] => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)\s*(?:#.*)?$/u.exec(line);
    const [, bracket = '', uri, suite, components = ''] = match ?? [];
    if (uri === undefined || suite === undefined) return [];
    const options = words(bracket).map((option) =>
      option.toLowerCase().startsWith('signed-by') ? option : option.toLowerCase(),
    );
    return [
      {
        uri,
        suites: [suite],
        components: words(components),
        signedBy: options.find((option) => option.startsWith('signed-by='))?.slice('signed-by='.length) ?? null,
        options: options.filter((option) => checkingOptions.includes(option.split('=')[0] ?? '')),
      },
    ];
  });

/** Reads a list in deb822 form: paragraphs of `Field: value`, where a line that starts with a space goes on. */
export const parseDeb822Sources = (content: string): AptSource[] =>
  content
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/u)
    .flatMap((paragraph): AptSource[] => {
      const fields = new Map<string, string>();
      for (const [, name = '', value = ''] of paragraph.matchAll(/^([A-Za-z0-9-]+)[ \t]*:((?:.*(?:\n[ \t].*)*))/gmu)) {
        fields.set(name.toLowerCase(), value.replace(/\s+/gu, ' ').trim());
      }
      const list = (name: string): string[] => words(fields.get(name) ?? '');
      if (!list('types').includes('deb') || isNo(fields.get('enabled'))) return [];
      const signedBy = fields.get('signed-by') ?? '';
      const options = checkingOptions.flatMap((name) => {
        const value = fields.get(name);
        return value === undefined ? [] : [`${name}=${isNo(value) ? 'no' : 'yes'}`];
      });
      return list('uris').map((uri) => ({
        uri,
        suites: list('suites'),
        components: list('components'),
        // A key may stand in the file itself instead of a path; then there is no path to hand on.
        signedBy: signedBy.startsWith('/') ? signedBy : null,
        options,
      }));
    });

/**
 * Chooses the archive of Debian's main packages among a machine's sources: what a mirror is called differs, so the key
 * that signs it counts first, the end of its address next.
 * @param isDebian Without which a source whose name says nothing cannot be Debian's.
 * @returns The archive, or null where no source can be it.
 */
export const chooseDebianArchive = (
  sources: readonly AptSource[],
  machine: 'debian' | 'other',
): DebianArchive | null => {
  const ranked = sources
    .filter((source) => source.components.includes('main') && /^(https?|ftp|copy|file):/u.test(source.uri))
    .filter((source) => source.suites.some((suite) => /^[a-z]+$/u.test(suite)))
    .filter((source) => !/ubuntu\/?$/u.test(source.uri))
    .map((source) => ({ source, rank: rankOf(source, machine) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank);
  const best = ranked[0]?.source;
  return best === undefined ? null : { uri: best.uri.replace(/\/+$/u, ''), options: best.options };
};

const rankOf = (source: AptSource, machine: 'debian' | 'other'): number => {
  if (source.signedBy?.includes('debian-archive') === true) return 3;
  if (/\/debian\/?$/u.test(source.uri)) return 2;
  return machine === 'debian' && source.signedBy === null ? 1 : 0;
};

/**
 * Reads the archive that this machine gets Debian's packages from, or null where it gets none.
 * @param root Where to look, `/` but for tests.
 */
export const readDebianArchive = async (root = '/'): Promise<DebianArchive | null> => {
  const folder = join(root, 'etc/apt/sources.list.d');
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const names = (await readdir(folder).catch(() => [])).sort();
  const sources = parseOneLineSources(await read(join(root, 'etc/apt/sources.list')));
  for (const name of names) {
    const content = await read(join(folder, name));
    if (name.endsWith('.sources')) sources.push(...parseDeb822Sources(content));
    if (name.endsWith('.list')) sources.push(...parseOneLineSources(content));
  }
  // Debian's cloud images name a file that lists mirrors (apt-transport-mirror(1)).
  const resolved = await Promise.all(
    sources.map(async (source) => {
      const list = /^mirror\+file:(?:\/\/)?(\/.*)$/u.exec(source.uri)?.[1];
      const first = list === undefined ? undefined : words(await read(join(root, list)))[0];
      return first === undefined ? source : { ...source, uri: first };
    }),
  );
  const release = await read(join(root, 'etc/os-release'));
  return chooseDebianArchive(resolved, /^ID="?debian"?$/mu.test(release) ? 'debian' : 'other');
};

/** Settings of apt that decide whether and how an archive is reached; a build needs the same. */
const neededSettings =
  /^Acquire::(https?|ftp)::(Proxy|Timeout|Verify-(Peer|Host))(::|$)|^Acquire::(Check-(Valid-Until|Date)|Retries|ForceIPv[46]|Max-ValidTime|Max-FutureTime|AllowInsecureRepositories|http::Pipeline-Depth)$/iu;

/** Picks those settings out of what `apt-config dump` prints, as lines of an apt.conf. */
export const pickAcquireSettings = (dump: string): string[] =>
  dump.split('\n').filter((line) => {
    const [, name, value] = /^(\S+) "(.*)";$/u.exec(line) ?? [];
    return name !== undefined && value !== '' && neededSettings.test(name);
  });

const words = (line: string): string[] => line.split(/\s+/u).filter((word) => word !== '');

const isNo = (value: string | undefined): boolean =>
  ['no', 'false', '0', 'off', 'without'].includes((value ?? '').toLowerCase());
