import { LabError } from '../errors.ts';

/** What the machine itself says of a guest, without asking the cluster. */
export interface GuestTruth {
  /** libvirt's id of the running domain, or null if it does not run. */
  readonly domainId: string | null;
  /** The guest's boot id; each boot has one of its own. Null if the guest does not answer. */
  readonly bootId: string | null;
  /**
   * The pacemaker_remoted in the guest: its process id, as the host sees it for LXC and as the guest sees it for KVM, and
   * its start time in clock ticks: since the boot of the host for LXC, and since the epoch for KVM, where the same process
   * id and ticks may come again in each boot.
   */
  readonly daemon: { readonly processId: number; readonly startTicks: number } | null;
  /** Ids of the resources whose agents left a state file in the guest's /run. */
  readonly stateFiles: readonly string[];
}

/** A shell function that prints the ids of the resources whose agents left a state file in the directory $1, joined by commas. */
export const stateFilesFunction = `
state_files() {
  (cd "$1" 2>/dev/null && ls -d *-*.state 2>/dev/null) | sed 's/^[^-]*-//; s/\\.state$//' | paste -sd, -
}
`;

/** A shell function that prints the start time of process $1, which tells it from a later one with the same id. */
export const startOfFunction = `
start_of() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- \${stat##*) }
  case $1 in Z | X) return 1 ;; esac
  shift 19
  echo "$1"
}
`;

/**
 * Parses a line that tells of a guest: name, domain id, boot id, the daemon's process id and start time, and state files,
 * joined by "|" and empty where there is none. Throws a LabError if it is no such line.
 */
export const parseGuestTruth = (hostName: string, line: string): readonly [string, GuestTruth] => {
  const [name, domainId, bootId, processId, startTicks, files] = line.split('|');
  if (name === undefined || domainId === undefined || bootId === undefined || files === undefined)
    throw new LabError(`${hostName} says of its guests what can't be understood: ${line}`);
  return [
    name,
    {
      domainId: domainId === '' ? null : domainId,
      bootId: bootId === '' ? null : bootId,
      daemon: processId && startTicks ? { processId: Number(processId), startTicks: Number(startTicks) } : null,
      stateFiles: files === '' ? [] : files.split(',').sort(),
    },
  ];
};
