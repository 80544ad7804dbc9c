import { constants } from 'node:fs';
import { access, readFile, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readLabState } from '../lab-state.ts';
import { LabError } from '../errors.ts';
import { instancesOfLab, readInotifyInstances } from '../inotify.ts';
import type { Settings } from '../settings.ts';
import type { EngineExamination } from './examine-engine.ts';
import type { Finding } from './finding.ts';

const neededNode = [20, 19] as const;
const gib = 1024 ** 3;
/** Images, what they are made from, and a lab; measured with the release that needs most. */
const diskForImages = 2.5 * gib;
const diskForLab = 0.3 * gib;
const memoryForLab = 1 * gib;
/** Of a host and three LXC guests. */
const instancesForLab = instancesOfLab(4);

/** Looks at this machine: Node, who runs it, its system, memory, disk, the cache folder and the labs in it. */
export const examineMachine = async (settings: Settings, engine: EngineExamination): Promise<readonly Finding[]> => [
  node(),
  await system(),
  user(),
  await memory(engine),
  await watches(engine),
  await disk(settings, engine),
  await cacheFolder(settings),
  await labs(settings, engine),
];

const node = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [neededMajor, neededMinor] = neededNode;
  const enough = major > neededMajor || (major === neededMajor && minor >= neededMinor);
  const needs = `${neededMajor}.${neededMinor}`;
  return enough
    ? { what: 'Node', level: 'ok', says: process.versions.node }
    : {
        what: 'Node',
        level: 'problem',
        says: `${process.versions.node}, needs ${needs}`,
        next: `install Node ${needs} or newer`,
      };
};

const system = async (): Promise<Finding> => {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const name = /^PRETTY_NAME="?([^"\n]+)/mu.exec(release)?.[1] ?? process.platform;
  const kernel = await readFile('/proc/sys/kernel/osrelease', 'utf8').catch(() => 'unknown');
  return { what: 'system', level: 'ok', says: `${name}, kernel ${kernel.trim()}, ${process.arch}` };
};

const user = (): Finding => {
  const id = process.getuid?.();
  return id === 0
    ? { what: 'user', level: 'ok', says: 'root' }
    : { what: 'user', level: 'ok', says: `uid ${String(id)}: an engine that runs can be used, none can be installed` };
};

const inGib = (bytes: number): string => `${(bytes / gib).toFixed(1)} GiB`;

const memory = async ({ isLocal }: EngineExamination): Promise<Finding> => {
  const what = 'memory';
  if (!isLocal) return elsewhere(what);
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const of = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'mu').exec(text)?.[1] ?? Number.NaN) * 1024;
  const available = of('MemAvailable');
  if (Number.isNaN(available)) return { what, level: 'warning', says: 'how much there is could not be found out' };
  const says = `${inGib(available)} of ${inGib(of('MemTotal'))} available; a lab with three LXC guests takes up to ${inGib(memoryForLab)}`;
  return available >= memoryForLab
    ? { what, level: 'ok', says }
    : {
        what,
        level: available < memoryForLab / 2 ? 'problem' : 'warning',
        says,
        next: 'end something, or use LAB_PLAN=single',
      };
};

/** Guests share the kernel's limit for their user: with none left, one that boots ends at once ("Too many open files"). */
const watches = async ({ isLocal }: EngineExamination): Promise<Finding> => {
  const what = 'inotify';
  if (!isLocal) return elsewhere(what);
  const instances = await readInotifyInstances();
  if (!instances) return { what, level: 'warning', says: 'how much there is could not be found out' };
  const { limit, used } = instances;
  const says = `up to ${used} of ${limit} instances in use; a lab with three LXC guests takes ${instancesForLab}`;
  return limit - used >= instancesForLab
    ? { what, level: 'ok', says }
    : { what, level: 'warning', says, next: 'take a lab down, or raise fs.inotify.max_user_instances' };
};

const disk = async (settings: Settings, { isLocal, dataFolder, hasImages }: EngineExamination): Promise<Finding> => {
  const what = 'disk';
  if (!isLocal) return elsewhere(what);
  const folder = await existing(dataFolder ?? settings.cacheDir);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const needed = hasImages ? diskForLab : diskForImages;
  const says = `${inGib(free)} free below ${folder}; ${hasImages ? 'a lab needs' : 'images and a lab need'} about ${inGib(needed)}`;
  return free >= needed
    ? { what, level: 'ok', says }
    : { what, level: 'problem', says, next: 'free some, or set LAB_CACHE_DIR (or the engine) to a larger disk' };
};

const elsewhere = (what: string): Finding => ({
  what,
  level: 'warning',
  says: 'the engine is on another machine: not looked at from here',
});

/** The folder itself or, as long as it has not been made, the nearest one above it that exists. */
const existing = async (folder: string): Promise<string> => {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : await existing(dirname(folder));
};

const cacheFolder = async (settings: Settings): Promise<Finding> => {
  const what = 'cache folder';
  const { cacheDir } = settings;
  const there = await existing(cacheDir);
  const writable = await access(there, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable || !(await stat(there)).isDirectory())
    return {
      what,
      level: 'problem',
      says: `${cacheDir} can't be written to`,
      next: 'set LAB_CACHE_DIR to a folder of your own',
    };
  return { what, level: 'ok', says: there === cacheDir ? cacheDir : `${cacheDir}, not made yet` };
};

const labs = async (settings: Settings, engine: EngineExamination): Promise<Finding> => {
  const what = 'labs';
  if (engine.labs.length === 0) return { what, level: 'ok', says: 'none here' };
  const broken: string[] = [];
  const told = await Promise.all(
    engine.labs.map(async (labName) => {
      try {
        const state = await readLabState({ ...settings, labName });
        return state
          ? `"${labName}" (Pacemaker ${state.release}, plan ${state.planName})`
          : `"${labName}" (not completed)`;
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        broken.push(labName);
        return error.message.split('\n')[0] ?? '';
      }
    }),
  );
  return {
    what,
    level: broken.length > 0 ? 'warning' : 'ok',
    says: told.join('; '),
    ...(broken.length > 0 ? { next: `take it down: LAB_NAME=${broken[0] ?? ''} npm run lab down` } : {}),
  };
};
