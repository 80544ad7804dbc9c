import { startOfFunction } from '../guests/guest-truth.ts';
import { lxcProcessFunctions } from '../guests/lxc/processes.ts';
import type { Fault, FaultSite } from './fault.ts';
import { scriptedFault, type FaultScripts } from './scripted-fault.ts';

const unit = 'pacemaker_remote.service';
const unitFolder = '/etc/systemd/system';
const unitFile = `${unitFolder}/${unit}`;
const dropIn = `${unitFile}.d/drill.conf`;

/** Ends with 0 while the process $1 that began at $2 is there; see `start_of`. Starts no process. */
const runsFunction = `
runs() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -- "$2" \${stat##*) }
  case $2 in Z | X) return 1 ;; esac
  [ "\${21}" = "$1" ]
}`;

/** From where the daemon is reached. `find` defines `find_daemon`, which prints its process id, and `start_of`. */
interface Reach extends Pick<FaultScripts, 'place' | 'kinds'> {
  readonly find: (site: FaultSite) => string;
}

const fromInside: Reach = {
  place: 'guest',
  find: () => `${startOfFunction}
find_daemon() { pidof -s pacemaker-remoted; }`,
};

/** Only an LXC guest's processes are the host's too. */
const fromTheHost: Reach = {
  place: 'host',
  kinds: ['lxc'],
  find: ({ guest }) => `${lxcProcessFunctions}
find_daemon() { local init; init=$(init_of ${guest.name} 2>/dev/null) && daemon_of "$init"; }`,
};

/** Sets `daemon` and `start`, which tell this very process from any later one, and `target`. */
const aim = ({ find }: Reach, site: FaultSite): string => `${runsFunction}
${find(site)}
    daemon=$(find_daemon) && start=$(start_of "$daemon") || { echo 'there is no pacemaker_remoted to kill in ${site.guest.name}'; return 1; }
    target="pacemaker_remoted (process $daemon) in ${site.guest.name}"
    aimed=\${EPOCHREALTIME/[.,]/}`;

/** Ends with 0 if the process that `aim` found is gone. */
const gone = '[ "$daemon" ] && ! runs "$daemon" "$start"';
const goneAfter = (what: string): string =>
  `proof="process $daemon was gone $(((\${EPOCHREALTIME/[.,]/} - aimed) / 1000)) ms after ${what}"`;

interface Signal extends Pick<FaultScripts, 'name' | 'description'> {
  readonly signal: 'KILL' | 'SEGV' | 'ABRT';
  readonly reach: Reach;
}

/** A signal that ends the daemon. To recover it is the cluster's task, so there is nothing to undo. */
const ended = ({ name, description, signal, reach }: Signal): FaultScripts => ({
  name,
  family: 'daemon',
  description,
  place: reach.place,
  ...(reach.kinds && { kinds: reach.kinds }),
  // Without a core: many of them would fill the guest's disk.
  inject: (site) => `
    ${aim(reach, site)}
    ${signal === 'KILL' ? '' : 'prlimit --core=0 --pid "$daemon"'}
    kill -${signal} "$daemon"`,
  proof: () => `${gone} && ${goneAfter(`SIG${signal}`)}`,
});

/**
 * Kills pacemaker_remoted in an LXC guest with SIGKILL from the host, as the LXC walk-through does. Proven by that very
 * process (its id and start time) being gone.
 */
export const pacemakerRemotedKilled = scriptedFault(
  ended({
    name: 'pacemaker-remoted-killed',
    description: 'kill -9 of pacemaker_remoted in the guest, from the host',
    signal: 'KILL',
    reach: fromTheHost,
  }),
);

/** Kills pacemaker_remoted in a guest with SIGKILL from inside, as the KVM walk-through does, with the same proof. */
export const pacemakerRemotedKilledInside = scriptedFault(
  ended({
    name: 'pacemaker-remoted-killed-inside',
    description: 'kill -9 of pacemaker_remoted, from inside the guest',
    signal: 'KILL',
    reach: fromInside,
  }),
);

const frozen: FaultScripts = {
  name: 'pacemaker-remoted-frozen',
  family: 'daemon',
  description: 'SIGSTOP of pacemaker_remoted: it neither runs nor ends, and its connections stay open',
  place: 'guest',
  inject: (site) => `
    ${aim(fromInside, site)}
    kill -STOP "$daemon"`,
  proof: () => `
    state=$(ps -o stat= -p "$daemon")
    [[ $state == T* ]] && proof="process $daemon is in state $state"`,
  heal: () => `
    for daemon in $(pidof pacemaker-remoted); do kill -CONT "$daemon"; done`,
  healed: () => `! ps -o pid=,stat= -C pacemaker-remot | grep T`,
};

const stateOfUnit = `state=$(systemctl show --property=ActiveState --value ${unit})`;
const startAgain = `
    systemctl reset-failed ${unit} 2>/dev/null
    systemctl is-active --quiet ${unit} || systemctl start --no-block ${unit}`;
const unitIsActive = `systemctl is-active ${unit}`;

const stopped: FaultScripts = {
  name: 'pacemaker-remote-stopped',
  family: 'daemon',
  description: 'systemctl stop pacemaker_remote in the guest: an orderly leave that the cluster did not ask for',
  place: 'guest',
  inject: (site) => `
    ${aim(fromInside, site)}
    systemctl stop --no-block ${unit}`,
  // It leaves when the cluster has taken everything off the guest.
  proof: () => `
    ${stateOfUnit}
    [ "$state" = inactive ] && ${gone} && ${goneAfter('the order to stop')}`,
  proofTimeoutMs: 20_000,
  heal: () => startAgain,
  healed: () => unitIsActive,
};

const restarted: FaultScripts = {
  name: 'pacemaker-remote-restarted',
  family: 'daemon',
  description: 'systemctl restart pacemaker_remote in the guest, as the upgrade of its package does',
  place: 'guest',
  inject: (site) => `
    ${aim(fromInside, site)}
    systemctl restart --no-block ${unit}`,
  proof: () => `
    ${gone} && later=$(find_daemon) && [ "$later" ] && ${goneAfter('the order to restart')} && proof+=", process $later is there instead"`,
  proofTimeoutMs: 20_000,
};

// What a guest changes on its disk is synchronised: the cluster may cut its power at once.

const masked: FaultScripts = {
  name: 'pacemaker-remote-masked',
  family: 'daemon',
  description: 'pacemaker_remote.service masked in the guest and its daemon killed: no boot brings it back',
  place: 'guest',
  healReaches: 'the disk',
  inject: (site) => `
    ${aim(fromInside, site)}
    systemctl mask --quiet ${unit} 2>&1 && sync ${unitFolder} || return
    [ "$(systemctl is-enabled ${unit})" = masked ] || { echo 'the unit is not masked'; return 1; }
    aimed=\${EPOCHREALTIME/[.,]/}
    kill -KILL "$daemon"`,
  proof: () => `${gone} && ${goneAfter('SIGKILL')} && proof+=', and its unit is masked'`,
  heal: () => `
    [ "$(readlink ${unitFile})" != /dev/null ] || rm -f ${unitFile}
    sync ${unitFolder}
    [ -d /run/systemd/system ] || exit 0
    systemctl daemon-reload
    ${startAgain}`,
  healed: () => `[ "$(systemctl is-enabled ${unit})" = enabled ] && ${unitIsActive}`,
};

const crashLoop: FaultScripts = {
  name: 'pacemaker-remoted-crash-loop',
  family: 'daemon',
  description:
    'pacemaker_remoted is killed now and right after each start, until systemd gives it up; at every boot again',
  place: 'guest',
  healReaches: 'the disk',
  inject: (site) => `
    ${aim(fromInside, site)}
    mkdir -p ${unitFile}.d
    printf '%s\\n' '[Service]' 'ExecStartPost=/bin/kill -KILL $MAINPID' >${dropIn} && sync ${dropIn} ${unitFile}.d ${unitFolder} || return
    systemctl daemon-reload 2>&1 || return
    [[ $(systemctl show --property=DropInPaths --value ${unit}) == *${dropIn}* ]] || { echo 'the unit is as it was'; return 1; }
    aimed=\${EPOCHREALTIME/[.,]/}
    kill -KILL "$daemon"`,
  proof: () => `${gone} && ${goneAfter('SIGKILL')} && proof+=', and its unit kills the next one'`,
  heal: () => `
    rm -f ${dropIn}
    rmdir --ignore-fail-on-non-empty ${unitFile}.d 2>/dev/null || [ ! -d ${unitFile}.d ]
    sync ${unitFolder}
    [ -d /run/systemd/system ] || exit 0
    systemctl daemon-reload
    ${startAgain}`,
  healed: () => `[ ! -e ${dropIn} ] && ${unitIsActive}`,
};

const secondKillSeconds = 25;

const killedReconnecting: FaultScripts = {
  name: 'pacemaker-remoted-killed-reconnecting',
  family: 'daemon',
  description: 'kill -9 of pacemaker_remoted, and of the next one as soon as the host has connected to it again',
  place: fromTheHost.place,
  kinds: ['lxc'],
  inject: (site) => `
    ${aim(fromTheHost, site)}
    first=$daemon first_init=$(init_of ${site.guest.name})
    kill -KILL "$first" || return
    connected() { [ "$(ss -Hnt state established dst ${site.guest.address} dport = 3121)" ]; }
    rebooted() { local init; init=$(init_of ${site.guest.name} 2>/dev/null) && [ "$init" ] && [ "$init" != "$first_init" ]; }
    until rebooted && connected && daemon=$(find_daemon) && start=$(start_of "$daemon"); do
      (($(now_us) - aimed < ${secondKillSeconds}000000)) || { echo 'the host did not connect again within ${secondKillSeconds} s'; return 1; }
      sleep 0.01
    done
    target="pacemaker_remoted (process $first, then $daemon) in ${site.guest.name}"
    aimed=$(now_us)
    kill -KILL "$daemon"`,
  proof: () => `${gone} && ${goneAfter('SIGKILL')} && proof+=', while the host was connecting to it'`,
};

const memoryLimit = `/sys/fs/cgroup/system.slice/${unit}/memory.max`;

const oomKilled: FaultScripts = {
  name: 'pacemaker-remoted-oom-killed',
  family: 'daemon',
  description:
    "the kernel's OOM killer ends pacemaker_remoted, whose unit may have no memory any more; from inside the guest",
  place: 'guest',
  needs: () => `
    [ -e ${memoryLimit} ] || { echo 'the guest limits no memory: its cgroups have no memory controller'; exit 1; }`,
  inject: (site) => `
    ${aim(fromInside, site)}
    # The kernel counts those of a unit in its slice, too, which outlives it.
    kills_so_far() { local what; while read -r what kills; do [ "$what" != oom_kill ] || return 0; done </sys/fs/cgroup/system.slice/memory.events; }
    kills_so_far && before=$kills
    # The order blocks until the kernel has got the memory.
    { echo 0 >${memoryLimit}; } &`,
  proof: () => `
    kills_so_far && ((kills > before)) && ${gone} && ${goneAfter('the limit')} && proof+=", the kernel counts one more OOM kill"`,
  heal: () => `
    [ ! -e ${memoryLimit} ] || echo max >${memoryLimit}
    ${startAgain}`,
  healed: () => `
    [ ! -e ${memoryLimit} ] || ! grep -vx max ${memoryLimit}`,
};

const memoryCgroups = '/run/cgroup1/memory';

const oomKilledFromTheHost: FaultScripts = {
  name: 'pacemaker-remoted-oom-killed-by-host',
  family: 'daemon',
  description: "the kernel's OOM killer ends pacemaker_remoted, put into a cgroup without memory; from the host",
  place: fromTheHost.place,
  kinds: ['lxc'],
  needs: () => `[ -d ${memoryCgroups} ] || { echo 'the host has no memory controller of cgroup v1'; exit 1; }`,
  inject: (site) => `
    ${aim(fromTheHost, site)}
    group=${memoryCgroups}$(sed -n 's/^[0-9]*:memory://p' "/proc/$daemon/cgroup")/drill-oom
    mkdir -p "$group" && echo "$daemon" >"$group/cgroup.procs" && echo 0 >"$group/memory.limit_in_bytes" || return
    # Whoever calls makes it ask for memory.
    (timeout 1 bash -c 'exec 3<>/dev/tcp/${site.guest.address}/3121 && printf x >&3') >/dev/null 2>&1 &`,
  proof: () => `
    kills=$(sed -n 's/^oom_kill //p' "$group/memory.oom_control")
    [ "\${kills:-0}" -gt 0 ] && ${gone} && ${goneAfter('the limit')} && proof+=", the kernel counts $kills OOM kill"`,
  // The cgroup lies in the guest's own, which goes when the guest does.
  heal: ({ guest }) => `
    for group in ${memoryCgroups}/machine/lxc-*-${guest.name}.libvirt-lxc/drill-oom; do
      [ -d "$group" ] || continue
      while read -r process; do echo "$process" >"$group/../cgroup.procs" || :; done <"$group/cgroup.procs"
      rmdir "$group" || [ ! -d "$group" ]
    done`,
  healed: ({ guest }) => `! ls -d ${memoryCgroups}/machine/lxc-*-${guest.name}.libvirt-lxc/drill-oom 2>/dev/null`,
};

/** Faults of pacemaker_remoted and its unit. */
export const daemonFaults: readonly Fault[] = [
  pacemakerRemotedKilled,
  pacemakerRemotedKilledInside,
  ...[
    ended({
      name: 'pacemaker-remoted-segfault',
      description: 'SIGSEGV to pacemaker_remoted: it ends as if it had crashed, without a core',
      signal: 'SEGV',
      reach: fromInside,
    }),
    ended({
      name: 'pacemaker-remoted-aborted',
      description: 'SIGABRT to pacemaker_remoted, as when it fails an assertion of its own, without a core',
      signal: 'ABRT',
      reach: fromInside,
    }),
    killedReconnecting,
    crashLoop,
    frozen,
    oomKilled,
    oomKilledFromTheHost,
    stopped,
    restarted,
    masked,
  ].map(scriptedFault),
];
