import type { SettingName } from '../settings.ts';

interface SettingFlag {
  /** The environment variable. */
  readonly name: SettingName;
  readonly flag: string;
  /** The flag's name in commander's result. */
  readonly property: string;
  readonly argument: string;
  readonly description: string;
}

/** A flag for every environment variable; one given as a flag wins. docs/lab.md has the same table. */
export const settingFlags: readonly SettingFlag[] = [
  { name: 'LAB_NAME', flag: 'name', property: 'name', argument: 'name', description: 'which lab; several can be up' },
  { name: 'LAB_HOST', flag: 'host', property: 'host', argument: 'kind', description: 'where hosts come from' },
  {
    name: 'LAB_RELEASE',
    flag: 'release',
    property: 'release',
    argument: 'release',
    description: "Pacemaker's version, or where its packages come from",
  },
  {
    name: 'LAB_GUEST_RELEASE',
    flag: 'guest-release',
    property: 'guestRelease',
    argument: 'release',
    description: "the same of the guests, if it is not the host's",
  },
  { name: 'LAB_PLAN', flag: 'plan', property: 'plan', argument: 'plan', description: 'what the lab is built from' },
  {
    name: 'LAB_INSTALL',
    flag: 'install',
    property: 'install',
    argument: 'auto|never',
    description: 'whether packages and an engine may be installed',
  },
  {
    name: 'LAB_KEEP',
    flag: 'keep',
    property: 'keep',
    argument: 'none|failed|always',
    description: 'when a lab that a run of drills brought up stays',
  },
  {
    name: 'LAB_EVIDENCE',
    flag: 'evidence',
    property: 'evidence',
    argument: 'failed|always',
    description: 'which drills leave evidence',
  },
  {
    name: 'LAB_CACHE_DIR',
    flag: 'cache-dir',
    property: 'cacheDir',
    argument: 'folder',
    description: 'what outlives a run',
  },
];
