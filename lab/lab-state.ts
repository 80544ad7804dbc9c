import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { LabError } from './errors.ts';
import { hostKindName, hostState } from './host/host-kind.ts';
import type { Settings } from './settings.ts';

/** Version of this suite; a lab made by another one is not touched but for taking it down. */
export const suiteVersion = '0.1.0';

const labState = z.object({
  suiteVersion: z.string(),
  name: z.string(),
  hostKind: hostKindName,
  release: z.string(),
  guestRelease: z.string(),
  planName: z.string(),
  plan: z.unknown(),
  /** What the lab was built from; another value means that it no longer is what the settings ask for. */
  builtFrom: z.string(),
  createdAt: z.string(),
  hosts: z.array(hostState),
  facts: z.object({
    pacemaker: z.string(),
    os: z.string(),
    kernel: z.string(),
    libvirt: z.string(),
    corosync: z.string(),
    resourceAgents: z.string(),
    /** Of pacemaker_remote in the guests. */
    guestPacemaker: z.string(),
  }),
  /** How KVM guests are run and why; null if the plan has none. */
  accelerator: z.object({ accelerator: z.enum(['kvm', 'tcg']), reason: z.string() }).nullable(),
  /** Guests of the plan that this lab can't have, with the reason. */
  leftOut: z.record(z.string(), z.string()),
  /** How long each guest took to boot and connect when the lab came up, in milliseconds. */
  bootMs: z.record(z.string(), z.number()),
  /** What a reset goes back to. */
  baseline: z.object({
    configuration: z.string(),
    /** The node of each resource of the plan when the lab was ready. */
    placement: z.record(z.string(), z.string()),
    /** What faults could change on the machine. */
    machine: z.array(z.string()).readonly(),
  }),
});
/** A lab that is up, as it is remembered between runs. */
export type LabState = z.infer<typeof labState>;

export const labDirectory = (settings: Settings): string => join(settings.cacheDir, 'labs', settings.labName);
const statePath = (settings: Settings): string => join(labDirectory(settings), 'state.json');
const keyPath = (settings: Settings): string => join(labDirectory(settings), 'id_ed25519');

/**
 * Returns what is remembered of the lab, or null if there is none that was completed.
 * Throws a LabError if it can't be understood or was made by another version of this suite.
 */
export const readLabState = async (settings: Settings): Promise<LabState | null> => {
  const path = statePath(settings);
  const next = `take the lab down, which finds what belongs to it by label: ${labCommand(settings, 'down')}`;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new LabError(`The state of the lab "${settings.labName}" can't be read (${path}).`, { cause: error, next });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new LabError(`The state of the lab "${settings.labName}" is corrupt (${path}).`, { cause: error, next });
  }
  const version = z.object({ suiteVersion: z.string() }).safeParse(json);
  if (version.success && version.data.suiteVersion !== suiteVersion)
    throw new LabError(
      `The lab "${settings.labName}" was made by version ${version.data.suiteVersion} of this suite; this is ${suiteVersion}.`,
      { next },
    );
  const parsed = labState.safeParse(json);
  if (!parsed.success)
    throw new LabError(`The state of the lab "${settings.labName}" is corrupt (${path}).`, {
      cause: parsed.error,
      next,
    });
  return parsed.data;
};

/** Remembers the lab: written aside and renamed, so that an interruption leaves the old state or the new one. */
export const writeLabState = async (settings: Settings, state: LabState): Promise<void> => {
  await writePrivately(statePath(settings), `${JSON.stringify(state, null, 2)}\n`);
};

export const readLabKey = (settings: Settings): Promise<string> => readFile(keyPath(settings), 'utf8');
export const writeLabKey = (settings: Settings, key: string): Promise<void> => writePrivately(keyPath(settings), key);

/** Forgets the lab: state and key. */
export const forgetLab = (settings: Settings): Promise<void> =>
  rm(labDirectory(settings), { recursive: true, force: true });

const writePrivately = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, text, { mode: 0o600 });
  await chmod(aside, 0o600);
  await rename(aside, path);
};

/** The lab's own command as the person would type it for this lab. */
export const labCommand = (settings: Settings, command: string): string =>
  `${settings.labName === 'default' ? '' : `LAB_NAME=${settings.labName} `}npm run lab ${command}`;
