import { homedir } from 'node:os';
import { isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import { UsageError } from './errors.ts';
import { findRelease, ownReleaseForms } from './find-release.ts';
import { parseSshAddress } from './host/bare-metal/address.ts';
import { defaultRelease } from './releases.ts';

/** What the environment (or a flag of the same meaning) says about a run. */
export interface Settings {
  readonly labName: string;
  /** Where hosts come from. */
  readonly host: 'container' | 'vm' | `ssh://${string}`;
  /** The Pacemaker under test: the version of a row of the table of releases, or where its packages come from. */
  readonly release: string;
  /** The same of pacemaker_remote in the guests; the host's release unless another one is asked for. */
  readonly guestRelease: string;
  /** Name of a built-in plan, or path of a JSON file that holds one. */
  readonly plan: string;
  /** Whether missing packages may be installed, and a missing engine started, on this machine. */
  readonly install: 'auto' | 'never';
  /** When a lab that a run brought up is left up at the end of that run. */
  readonly keep: 'none' | 'failed' | 'always';
  /** Which drills leave evidence: those that did not pass, or all. */
  readonly evidence: 'failed' | 'always';
  /** Absolute path of the folder that holds what outlives a run. */
  readonly cacheDir: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Values of flags, under the name of the variable that each stands for. A flag wins. */
export type SettingOverrides = Readonly<Partial<Record<SettingName, string | undefined>>>;

export type SettingName = keyof typeof rules;

const rules = {
  LAB_NAME: {
    allowed: '1 to 32 of the characters a-z, 0-9 and -',
    schema: z.string().regex(/^[a-z0-9-]{1,32}$/u),
  },
  LAB_HOST: {
    allowed: 'container, vm or ssh://[user@]host[:port]',
    schema: z.union([z.enum(['container', 'vm']), z.templateLiteral(['ssh://', z.string().min(1)])]),
  },
  LAB_RELEASE: { allowed: `a release of the table, ${ownReleaseForms}`, schema: z.string() },
  LAB_GUEST_RELEASE: { allowed: `a release of the table, ${ownReleaseForms}`, schema: z.string() },
  LAB_PLAN: { allowed: 'the name of a plan or the path of a JSON file', schema: z.string().min(1) },
  LAB_INSTALL: { allowed: 'auto or never', schema: z.enum(['auto', 'never']) },
  LAB_KEEP: { allowed: 'none, failed or always', schema: z.enum(['none', 'failed', 'always']) },
  LAB_EVIDENCE: { allowed: 'failed or always', schema: z.enum(['failed', 'always']) },
  LAB_CACHE_DIR: { allowed: 'an absolute path', schema: z.string().refine(isAbsolute) },
} as const;

/**
 * Reads the settings of a run.
 * @param environment The environment, usually `process.env`. A variable set to nothing counts as not set.
 * @param overrides Values given as flags.
 * @returns All settings, with their defaults filled in.
 * @throws UsageError that names the variable, its value and what is allowed.
 */
export const readSettings = (environment: Environment, overrides: SettingOverrides = {}): Settings => {
  const read = <Name extends SettingName>(name: Name, fallback: string): z.infer<(typeof rules)[Name]['schema']> => {
    const value = overrides[name] ?? nonEmpty(environment[name]) ?? fallback;
    const result = rules[name].schema.safeParse(value);
    if (!result.success) throw refused(name, value);
    return result.data as z.infer<(typeof rules)[Name]['schema']>;
  };
  const { name: release } = findRelease(read('LAB_RELEASE', defaultRelease));
  const { name: guestRelease } = findRelease(read('LAB_GUEST_RELEASE', release));
  const host = read('LAB_HOST', 'container');
  if (host.startsWith('ssh://')) parseSshAddress(host, 'LAB_HOST');
  return Object.freeze({
    labName: read('LAB_NAME', 'default'),
    host,
    release,
    guestRelease,
    plan: read('LAB_PLAN', 'default'),
    install: read('LAB_INSTALL', 'auto'),
    keep: read('LAB_KEEP', 'none'),
    evidence: read('LAB_EVIDENCE', 'failed'),
    cacheDir: normalize(read('LAB_CACHE_DIR', defaultCacheDir(environment))),
  });
};

const refused = (name: SettingName, value: string): UsageError => {
  return new UsageError(`${name} is "${value}", which is not allowed.`, {
    next: `Set ${name} to ${rules[name].allowed}, or leave it out.`,
  });
};

const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

const defaultCacheDir = (environment: Environment): string => {
  // The XDG Base Directory Specification says to ignore a relative path.
  const xdg = environment.XDG_CACHE_HOME;
  const home = nonEmpty(environment.HOME) ?? homedir();
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.cache'), 'pacemaker-guest-drills');
};
