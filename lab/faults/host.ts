import { clusterDaemons as everyClusterDaemon } from '../cluster/daemons.ts';
import { networkPrefix, type Plan } from '../plan.ts';
import { quote } from '../transport/host-shell.ts';
import type { FaultSite } from './fault.ts';
import { processFunctions } from './processes.ts';
import { scriptedFault, type FaultScripts } from './scripted-fault.ts';

type HostFault = Omit<FaultScripts, 'family' | 'place'>;
const onHost = (fault: HostFault): FaultScripts => ({ family: 'host', place: 'host', ...fault });

const clusterDaemons = everyClusterDaemon.join(' ');
const clusterUnits = 'corosync pacemaker';

const clusterIsThere = `
is_there() {
  local unit daemon
  for unit in ${clusterUnits}; do systemctl is-active --quiet $unit || { echo "$unit is not active"; return 1; }; done
  for daemon in ${clusterDaemons}; do [ "$(processes_of $daemon)" ] || { echo "$daemon does not run"; return 1; }; done
}`;

/**
 * Waits for what the cluster starts again by itself. Where it does not get all of its daemons back it can end, and stay down,
 * as late as when a DC is elected (dc-deadtime); so it is started anew then, with the guests running on.
 */
const bringClusterBack = `${processFunctions}${clusterIsThere}
for _ in {1..30}; do ! is_there || exit 0; sleep 0.1; done
systemctl kill --signal=KILL pacemaker 2>/dev/null || true
for _ in {1..30}; do [ "$(processes_of pacemakerd)" ] || break; sleep 0.1; done
systemctl reset-failed ${clusterUnits} 2>/dev/null || true
systemctl start corosync
systemctl start pacemaker
for _ in {1..100}; do ! is_there || exit 0; sleep 0.1; done
exit 1`;

/** Chooses the process of that executable on the host as the one to watch. */
const watchDaemon = (daemon: string): string => `
${processFunctions}
watch_process "$(processes_of ${daemon} | head -n1)" ${daemon} || return
target="${daemon} (process $process) on $HOSTNAME"`;

const processIsGone = `
is_gone && proof="process $process is gone"`;

/** A daemon that whoever started it starts again: pacemakerd its children, systemd the others. */
const killed = (daemon: string): FaultScripts =>
  onHost({
    name: `${daemon}-killed`,
    description: `kill -9 of ${daemon} on the host`,
    inject: () => `${watchDaemon(daemon)}
      kill -KILL "$process" 2>&1`,
    proof: () => processIsGone,
  });

const frozen = (daemon: string): FaultScripts =>
  onHost({
    name: `${daemon}-frozen`,
    description: `SIGSTOP for ${daemon} on the host: it is there, and does not answer`,
    inject: () => `${watchDaemon(daemon)}
      kill -STOP "$process" 2>&1`,
    proof: () => `is_stopped && proof="process $process is stopped"`,
    heal: () => `${processFunctions}
      for process in $(processes_of ${daemon}); do kill -CONT "$process" || true; done`,
    healed: () => `${processFunctions}
      for process in $(processes_of ${daemon}); do ! stopped "$process" || { echo "process $process is stopped"; exit 1; }; done`,
  });

/** What systemd has to be asked for so that libvirt is there, or is not: a socket alone would start it again. */
const libvirtUnits = 'libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service';

/** The engine binds /etc/hosts from outside, so it can only be written in place; it is kept here meanwhile. */
const keptHosts = ({ guest }: FaultSite): string => `/run/guest-drills-hosts-${guest.name}`;

const addressOf = ({ guest }: FaultSite): string => `$(getent ahostsv4 ${guest.name} | awk '{ print $1; exit }')`;

/** The guest's line in the host's /etc/hosts becomes another one, or none (empty). */
const renamed = (
  name: string,
  description: string,
  line: (site: FaultSite) => string,
  proof: (site: FaultSite) => string,
  needs: Pick<FaultScripts, 'needs'> = {},
): FaultScripts =>
  onHost({
    name,
    description,
    ...needs,
    inject: (site) => `
      target='the name ${site.guest.name} in /etc/hosts'
      [ ! -e ${keptHosts(site)} ] || { echo '${keptHosts(site)} is there already'; return 1; }
      cp /etc/hosts ${keptHosts(site)} &&
        awk -v name=${site.guest.name} -v line=${quote(line(site))} \\
          '$2 == name { if (line != "") print line; next } { print }' ${keptHosts(site)} >/etc/hosts`,
    proof,
    heal: (site) => `[ ! -e ${keptHosts(site)} ] || { cat ${keptHosts(site)} >/etc/hosts && rm ${keptHosts(site)}; }`,
    healed: (site) => `[ "${addressOf(site)}" = ${site.guest.address} ]`,
  });

const anotherGuest = ({ guest, plan }: FaultSite) => plan.guests.find(({ name }) => name !== guest.name);

/** Runs a command for each `$interface` of a guest that is on no bridge. */
const eachWithoutBridge = (plan: Plan, command: string): string => `
for connection in lxc:/// qemu:///system; do
  for domain in $(virsh -c $connection list --name); do
    for interface in $(virsh -c $connection domiflist "$domain" | awk -v network=${plan.network.name} '$3 == network { print $1 }'); do
      [ -e "/sys/class/net/$interface/master" ] || ${command}
    done
  done
done`;

/** The queue of the host's side of the bridge, which every packet to a guest goes through. */
const bridgeQueueHandle = '3122:';
const bridgeDelayMs = 500;
const bridgeLossPercent = 20;

/** What the kernel's netem (tc-netem(8)) makes of the packets from the host to all of its guests. */
const bridgeQueue = ({
  netem,
  ...fault
}: Pick<FaultScripts, 'name' | 'description' | 'proof'> & { readonly netem: string }): FaultScripts =>
  onHost({
    needs: () =>
      `unshare --net tc qdisc add dev lo root netem ${netem} >/dev/null 2>&1 || { echo 'the kernel has no netem (delay and loss of packets)'; exit 1; }`,
    inject: ({ plan }) => `
      target='the bridge ${plan.network.bridge} on '$HOSTNAME
      tc qdisc add dev ${plan.network.bridge} root handle ${bridgeQueueHandle} netem ${netem} 2>&1`,
    proofTimeoutMs: 10_000,
    heal: ({ plan }) =>
      `tc qdisc del dev ${plan.network.bridge} root handle ${bridgeQueueHandle} 2>/dev/null || ! tc qdisc show dev ${plan.network.bridge} | grep -q 'netem ${bridgeQueueHandle}'`,
    healed: ({ plan }) => `! tc qdisc show dev ${plan.network.bridge} | grep 'netem ${bridgeQueueHandle}'`,
    ...fault,
  });

const neighbour = 'guest-drills-neighbour';
const neighbourLoops = 4;
/** How long the cluster's processes together must have waited for a processor, in nanoseconds. */
const starvedNs = 200_000_000;

const memoryNeighbour = 'guest-drills-memory';
/** What there is for all that Pacemaker's daemons, their agents and the neighbour need from the fault on, in bytes. */
const sharedMemoryBytes = 64 * 1024 * 1024;
/** What the neighbour leaves, so that it is not itself who asks for more than there is, in bytes. */
const leftMemoryBytes = 256 * 1024;

/** Shell variables of the cgroup in which memory is short: of cgroup v1 where the host has its memory controller, else of v2. */
const memoryGroup = `
if [ -d /run/cgroup1/memory ]; then
  controllers=/run/cgroup1/memory limit=memory.limit_in_bytes usage=memory.usage_in_bytes kills=memory.oom_control unlimited=-1
else
  controllers=/sys/fs/cgroup limit=memory.max usage=memory.current kills=memory.events unlimited=max
fi
group=$controllers/${memoryNeighbour}
kills_so_far() { sed -n 's/^oom_kill //p' "$group/$kills"; }
`;

/** A Perl program (systemd would take the name of its own process, two dollars, for one) that joins the cgroup, takes what is left of its memory, and is the first to be killed when somebody needs more. */
const takeMemory = `
my ($group, $usage, $limit, $left) = @ARGV;
my $put = sub { open my $file, ">", $_[0] or die; print $file $_[1]; close $file or die };
$put->("$group/cgroup.procs", 0);
$put->("/proc/self/oom_score_adj", 1000);
my @taken;
while (1) {
  open my $file, "<", "$group/$usage" or die;
  my $used = <$file>;
  if ($limit - $used > 2 * $left) { push @taken, "x" x $left } else { select undef, undef, undef, 0.02 }
}`;

/** Faults of the host that runs the guest: libvirt, its network, names, the cluster's own daemons, a neighbour. */
export const hostScripts: readonly FaultScripts[] = [
  onHost({
    name: 'libvirtd-restarted',
    description: 'systemctl restart of libvirtd',
    inject: () => `${watchDaemon('libvirtd')}
      systemctl restart libvirtd 2>&1`,
    proof: () => `
      now=$(systemctl show --property=MainPID --value libvirtd)
      is_gone && [ "\${now:-0}" != 0 ] && proof="process $now has taken the place of process $process"`,
  }),
  onHost({
    name: 'libvirtd-stopped',
    description: 'libvirtd and its sockets are stopped',
    inject: () => `${watchDaemon('libvirtd')}
      systemctl stop ${libvirtUnits} 2>&1`,
    proof: (site) =>
      `is_gone && ! virsh -c lxc:/// list >/dev/null 2>&1 && proof="process $process is gone, and virsh reaches nobody on ${site.shell.hostName}"`,
    heal: () => `systemctl start ${libvirtUnits}`,
    healed: () => `
      for unit in ${libvirtUnits}; do systemctl is-active --quiet $unit || { echo "$unit is not active"; exit 1; }; done
      virsh -c lxc:/// list`,
  }),
  killed('libvirtd'),
  frozen('libvirtd'),
  onHost({
    name: 'bridge-down',
    description: 'the bridge of libvirt’s network is down, for all guests',
    inject: ({ plan }) => `
      target='${plan.network.bridge} on '$HOSTNAME
      ip link set ${plan.network.bridge} down 2>&1`,
    proof: ({ guest, plan }) =>
      `[[ $(ip -o link show ${plan.network.bridge}) != *[\\<,]UP[,\\>]* ]] && ! ip route get ${guest.address} && proof='it is down, and there is no route to ${guest.address}'`,
    heal: ({ plan }) => `ip link set ${plan.network.bridge} up`,
    healed: ({ guest, plan }) => `ip route get ${guest.address} | grep ' dev ${plan.network.bridge} '`,
  }),
  onHost({
    name: 'network-destroyed',
    description: 'virsh net-destroy of libvirt’s network: its bridge goes, and the guests’ interfaces hang in the air',
    inject: ({ plan }) => `
      target='the network ${plan.network.name} on '$HOSTNAME
      virsh net-destroy ${plan.network.name} 2>&1`,
    proof: ({ plan }) => `! ip link show ${plan.network.bridge} && proof='its bridge ${plan.network.bridge} is gone'`,
    // libvirt itself leaves them where they are when the network starts again.
    heal: ({ plan }) => `
      [ -e /sys/class/net/${plan.network.bridge} ] || virsh net-start ${plan.network.name}
      ${eachWithoutBridge(plan, `ip link set "$interface" master ${plan.network.bridge}`)}`,
    healed: ({ plan }) => `
      virsh net-info ${plan.network.name} | grep -E '^Active: +yes$' || exit
      ${eachWithoutBridge(plan, `{ echo "$interface of $domain is on no bridge"; exit 1; }`)}`,
  }),
  bridgeQueue({
    name: 'bridge-delayed',
    description: `packets from the host to every guest arrive ${bridgeDelayMs} ms late`,
    netem: `delay ${bridgeDelayMs}ms`,
    proof: ({ guest }) => `
      answer=$(ping -c 1 -W 5 ${guest.address})
      [[ $answer =~ time=([0-9]+) ]] && ((BASH_REMATCH[1] >= ${bridgeDelayMs})) &&
        proof="an answer of ${guest.name} takes \${BASH_REMATCH[1]} ms"`,
  }),
  bridgeQueue({
    name: 'bridge-lossy',
    description: `${bridgeLossPercent} % of the packets from the host to every guest get lost`,
    netem: `loss ${bridgeLossPercent}%`,
    proof: ({ guest, plan }) => `
      ping -q -c 20 -i 0.01 -W 1 ${guest.address}
      [[ $(tc -s qdisc show dev ${plan.network.bridge} root) =~ dropped[[:space:]]([0-9]+) ]] && ((BASH_REMATCH[1] > 0)) &&
        proof="the queue has dropped \${BASH_REMATCH[1]} packets"`,
  }),
  renamed(
    'guest-name-gone',
    'the guest’s name has no address on the host any more',
    () => '',
    (site) => `[ ! "${addressOf(site)}" ] && proof='the name has no address'`,
  ),
  renamed(
    'guest-name-misleading',
    'the guest’s name has the address of another guest on the host',
    (site) => `${anotherGuest(site)?.address ?? networkPrefix(site.plan.network)} ${site.guest.name}`,
    (site) =>
      `[ "${addressOf(site)}" = ${anotherGuest(site)?.address ?? ''} ] && proof='the name leads to ${anotherGuest(site)?.name ?? ''}'`,
    { needs: (site) => (anotherGuest(site) ? ':' : `echo 'the plan has no other guest'; exit 1`) },
  ),
  ...everyClusterDaemon.flatMap((daemon) => [
    {
      ...killed(daemon),
      heal: () => bringClusterBack,
      healed: () => `${processFunctions}${clusterIsThere}
        is_there`,
    },
    frozen(daemon),
  ]),
  onHost({
    name: 'host-cpu-starved',
    description: 'the cluster’s daemons share one processor with a neighbour that takes nearly all of it',
    needs: () => `
      command -v taskset >/dev/null || { echo 'the host has no taskset'; exit 1; }
      read -r _ waited _ </proc/1/schedstat && [ "$waited" -gt 0 ] || { echo 'this kernel does not count how long processes wait'; exit 1; }`,
    inject: () => `${processFunctions}
      target="the cluster's daemons on $HOSTNAME"
      processor=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
      processes=$(for daemon in ${clusterDaemons}; do processes_of $daemon; done)
      waited() { cat $(printf '/proc/%s/schedstat ' $processes) 2>/dev/null | awk '{ sum += $2 } END { printf "%d", sum }'; }
      for process in $processes; do taskset -acp "$processor" "$process" >/dev/null 2>&1 || true; done
      had=$(waited)
      systemd-run --quiet --collect --unit=${neighbour} --nice=-10 --property=CPUWeight=10000 --property=CPUAffinity="$processor" \\
        /bin/bash -c 'for _ in {1..${neighbourLoops}}; do while :; do :; done & done; wait' 2>&1`,
    // Somebody has to ask them for something, or they want no processor.
    proof: () => `
      timeout 2 cibadmin --query
      more=$(($(waited) - had))
      [ "$more" -ge ${starvedNs} ] && proof="they have waited $((more / 1000000)) ms for a processor"`,
    proofTimeoutMs: 10_000,
    heal: () => `${processFunctions}
      ! systemctl is-active --quiet ${neighbour} || systemctl stop ${neighbour}
      # Those of the host, which may be fewer than the machine's.
      everywhere=$(taskset -cp 1 | sed 's/.*: //')
      for daemon in ${clusterDaemons}; do
        for process in $(processes_of $daemon); do
          taskset -acp "$everywhere" "$process" >/dev/null 2>&1 || true
        done
      done`,
    healed: () => `! systemctl is-active ${neighbour}`,
  }),
  onHost({
    name: 'host-memory-starved',
    description:
      'Pacemaker’s daemons and agents are short of memory: a neighbour takes what is left, as often as the kernel kills it for that',
    needs: () => `${memoryGroup}
      command -v perl >/dev/null || { echo 'the host has no perl'; exit 1; }
      [ $controllers != /sys/fs/cgroup ] || grep -qw memory /sys/fs/cgroup/cgroup.subtree_control ||
        { echo 'the host has no memory controller of cgroups'; exit 1; }`,
    inject: () => `${processFunctions}${memoryGroup}
      target="the memory of Pacemaker's daemons on $HOSTNAME"
      mkdir "$group" && echo ${sharedMemoryBytes} >"$group/$limit" || return
      for swap in memory.swappiness memory.swap.max; do [ ! -e "$group/$swap" ] || echo 0 >"$group/$swap"; done
      # The kernel kills the largest, and that would be corosync by far, whatever it has been given before.
      for daemon in ${clusterDaemons}; do
        [ $daemon != corosync ] || continue
        for process in $(processes_of $daemon); do echo "$process" >"$group/cgroup.procs" || return; done
      done
      systemd-run --quiet --collect --unit=${memoryNeighbour} --property=Restart=always --property=RestartSec=500ms \\
        --property=StartLimitIntervalSec=0 perl -e ${quote(takeMemory)} \\
        "$group" $usage ${sharedMemoryBytes} ${leftMemoryBytes} 2>&1`,
    // Somebody has to ask them for something, or they need no memory; their agents do at the next monitor (10 s).
    proof: () => `
      timeout 2 cibadmin --query
      killed=$(kills_so_far)
      [ "\${killed:-0}" -gt 0 ] && proof="the kernel counts $killed OOM kill where they and the neighbour share ${sharedMemoryBytes} bytes"`,
    proofTimeoutMs: 20_000,
    heal: () => `${memoryGroup}
      ! systemctl list-units --plain --no-legend ${memoryNeighbour}.service | grep -q . || systemctl stop ${memoryNeighbour}
      [ -d "$group" ] || exit 0
      echo $unlimited >"$group/$limit"
      home=$controllers
      [ $controllers != /sys/fs/cgroup ] || home+=$(systemctl show --property=ControlGroup --value pacemaker)
      # Agents start while the daemons are being moved.
      for _ in {1..50}; do
        for process in $(cat "$group/cgroup.procs"); do echo "$process" >"$home/cgroup.procs" || true; done
        ! rmdir "$group" 2>/dev/null || break
        sleep 0.1
      done
      [ ! -d "$group" ] || exit 1
      ${bringClusterBack}`,
    healed: () => `${memoryGroup}${processFunctions}${clusterIsThere}
      ! systemctl is-active ${memoryNeighbour} && [ ! -d "$group" ] && is_there`,
  }),
];

export const hostFaults = hostScripts.map(scriptedFault);
