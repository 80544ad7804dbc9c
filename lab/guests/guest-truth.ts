import { LabError } from '../errors.ts';
import type { GuestPlan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** What the machine itself says of a guest, without asking the cluster. */
export interface GuestTruth {
  /** libvirt's id of the running domain, or null if it does not run. */
  readonly domainId: string | null;
  /** The guest's boot id; each boot has one of its own. */
  readonly bootId: string | null;
  /** The pacemaker_remoted in the guest: its process id as the host sees it and its start time in clock ticks. */
  readonly daemon: { readonly processId: number; readonly startTicks: number } | null;
  /** Ids of the resources whose agents left a state file in the guest's /run. */
  readonly stateFiles: readonly string[];
}

/**
 * Shell functions that find an LXC guest's processes from the host: `init_of NAME` prints the process id of its init,
 * `daemon_of INIT` that of its pacemaker_remoted, found by its executable and its PID namespace, and `start_of PID` a
 * process's start time, which tells it from a later one with the same id.
 */
export const lxcProcessFunctions = `
init_of() {
  local pid init
  pid=$(cat "/run/libvirt/lxc/$1.pid" 2>/dev/null) && read -r init _ <"/proc/$pid/task/$pid/children" || [ "$init" ]
  echo "$init"
}
daemon_of() {
  local pid namespace
  namespace=$(readlink "/proc/$1/ns/pid") || return 1
  for pid in $(pgrep pacemaker-remot); do
    [ "$(readlink "/proc/$pid/ns/pid")" = "$namespace" ] && [ "$(readlink "/proc/$pid/exe")" = /usr/sbin/pacemaker-remoted ] &&
      echo "$pid" && return
  done
  return 1
}
start_of() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- \${stat##*) }
  case $1 in Z | X) return 1 ;; esac
  echo "\${20}"
}
`;

/**
 * Asks the machine about the guests: libvirt for the domain ids, the process table and the guests' own files for the
 * rest. Throws a LabError if what comes back makes no sense.
 */
export const readGuestTruth = async (
  shell: HostShell,
  guests: readonly GuestPlan[],
): Promise<ReadonlyMap<string, GuestTruth>> => {
  const { stdout } = await shell.run(
    `${lxcProcessFunctions}
    domains=$(virsh -c lxc:/// list | awk 'NR > 2 && NF { print $2 "=" $1 }')
    for guest in ${guests.map((guest) => guest.name).join(' ')}; do
      id=$(printf '%s\\n' "$domains" | sed -n "s/^$guest=//p")
      init=$(init_of "$guest" 2>/dev/null) daemon= start= boot= files=
      if [ "$init" ]; then
        boot=$(cat "/proc/$init/root/proc/sys/kernel/random/boot_id" 2>/dev/null)
        daemon=$(daemon_of "$init") && start=$(start_of "$daemon")
        files=$(cd "/proc/$init/root/run" 2>/dev/null && ls -d *-*.state 2>/dev/null | sed 's/^[^-]*-//; s/\\.state$//' | paste -sd,)
      fi
      echo "$guest|$id|$boot|$daemon|$start|$files"
    done`,
  );
  const truths = new Map<string, GuestTruth>();
  for (const line of stdout.trim().split('\n')) {
    const [name, domainId, bootId, daemon, start, files] = line.split('|');
    if (name === undefined || domainId === undefined || bootId === undefined || files === undefined)
      throw new LabError(`${shell.hostName} says of its guests what can't be understood: ${line}`);
    truths.set(name, {
      domainId: domainId === '' ? null : domainId,
      bootId: bootId === '' ? null : bootId,
      daemon: daemon && start ? { processId: Number(daemon), startTicks: Number(start) } : null,
      stateFiles: files ? files.split(',').sort() : [],
    });
  }
  return truths;
};
