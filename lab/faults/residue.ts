import { runInGuest } from '../guests/guest-kinds.ts';
import { CommandError } from '../errors.ts';
import type { GuestPlan, Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { listLeases } from './lease.ts';

/**
 * Shell functions that print what faults change on a machine, a line each, without anything that changes by itself
 * (counters, process ids, names that libvirt makes up). They hold for a host and for the inside of a guest.
 */
const machineScript = `
packet_filter() {
  nft -s list ruleset 2>/dev/null | awk '
    /^table/ { table = $2 " " $3; next }
    /^\\tchain/ { chain = $2; next }
    /^\\t\\t/ { sub(/^[\\t ]+/, ""); print "packet filter " table " " chain ": " $0 }
    /^\\t(counter|set|map|quota|limit)/ { print "packet filter " table ": " $1 " " $2 }'
}
masked_units() {
  find /etc/systemd/system /run/systemd/system -maxdepth 1 -lname /dev/null -printf 'masked unit %f\\n' | sort -u
}
drop_ins() {
  find /etc/systemd/system -path '*.d/*' -type f -printf 'drop-in %P\n'
}
stopped_processes() {
  ps -eo stat=,comm= | awk '$1 ~ /^[Tt]/ { print "stopped process " $2 }'
}
full_file_systems() {
  df --output=pcent,ipcent,target -x overlay -x squashfs / /run /tmp /var 2>/dev/null |
    awk 'NR > 1 && ($1 + 0 >= 98 || $2 + 0 >= 98) { print "full file system " $3 }'
}
queueing() {
  tc qdisc show 2>/dev/null | awk '$2 !~ /^(noqueue|fq_codel|pfifo_fast|mq)$/ { print "qdisc " $2 " on " $5 }'
}
machine() {
  packet_filter
  masked_units
  drop_ins
  stopped_processes
  full_file_systems
  queueing
  awk '$2 == "/run" && $4 ~ /(^|,)ro(,|$)/ { print "read-only file system /run" }' /proc/mounts
  echo "name $(cat /proc/sys/kernel/hostname), from its next boot on $(cat /etc/hostname)"
  echo "names $(sha256sum </etc/hosts | cut -c1-12)"
  echo "authkey $(sha256sum </etc/pacemaker/authkey | cut -c1-12)"
}
`;

const hostScript = (plan: Plan): string => `${machineScript}
machine
for bridge in ${plan.network.bridge}; do ip -o link show "$bridge" 2>/dev/null | grep -q '[<,]UP[,>]' || echo "bridge $bridge is down"; done
for unit in corosync pacemaker libvirtd libvirtd.socket nftables; do
  state=$(systemctl is-active $unit)
  [ "$state" = active ] || echo "unit $unit is $state"
done
virsh net-list --name 2>/dev/null | grep -qxF '${plan.network.name}' || echo "network ${plan.network.name} is not active"
for interface in /sys/class/net/vnet*; do [ -e "$interface/master" ] || [ ! -e "$interface" ] || echo "interface of a guest without its bridge"; done
systemctl list-units --plain --no-legend 'guest-drills-*' | awk '$1 !~ /^guest-drills-lease-/ { print "unit " $1 " of a fault" }'
everywhere=$(taskset -cp 1 2>/dev/null | sed 's/.*: //')
for process in $(pgrep --ns $$ --nslist pid '^(corosync|pacemaker)'); do
  bound=$(taskset -cp "$process" 2>/dev/null | sed 's/.*: //') name=$(cat "/proc/$process/comm" 2>/dev/null) || continue
  [ "$bound" = "$everywhere" ] || echo "process $name bound to processors $bound"
done
find /run -maxdepth 1 -name 'guest-drills-*-*' -not -name 'guest-drills-sampler.*' -printf 'kept for a fault %p\\n'
for connection in lxc:/// qemu:///system; do
  virsh -c $connection list --state-paused --name 2>/dev/null | awk -v c=$connection 'NF { print "paused domain " $1 " on " c }'
  virsh -c $connection list --all --persistent --name 2>/dev/null | awk -v c=$connection 'NF { print "persistent domain " $1 " on " c }'
  virsh -c $connection list --name 2>/dev/null | awk 'NF { print "domain " $1 }' |
    grep -vxE 'domain (${plan.guests.map(({ name }) => name).join('|')})'
done
for config in /root/lxc/*.xml /etc/pacemaker/*.xml; do
  [ -e "$config" ] && echo "domain XML $config $(sha256sum <"$config" | cut -c1-12)"
done
for config in /root/lxc/*.xml.kept /etc/pacemaker/*.xml.kept; do [ -e "$config" ] && echo "domain XML kept in $config"; done
:`;

const guestScript = `${machineScript}
machine
echo "agents $(cat /usr/lib/ocf/resource.d/pacemaker/* | sha256sum | cut -c1-12)"
find /run /etc /usr/lib/ocf/resource.d -xdev '(' -name 'guest-drills-*' -o -name '*.kept' ')' -printf 'kept for a fault %p\\n' 2>/dev/null
:`;

/**
 * Describes what faults could have changed on a host and in its guests: packet filter, units, processes, domains, files.
 * Two descriptions are the same if nothing has been left. A guest that does not answer is described as such.
 */
export const describeMachine = async (shell: HostShell, plan: Plan): Promise<readonly string[]> => {
  const linesOf = (place: string, printed: string): string[] =>
    printed
      .trim()
      .split('\n')
      .map((line) => `${place}: ${line}`);
  const guestLines = async (guest: GuestPlan): Promise<string[]> => {
    try {
      return linesOf(guest.name, (await runInGuest(shell, guest, guestScript)).stdout);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return [`${guest.name}: does not answer`];
    }
  };
  const [host, leases, ...guests] = await Promise.all([
    shell.run(hostScript(plan)),
    listLeases(shell),
    ...plan.guests.map(guestLines),
  ]);
  return [
    ...linesOf(shell.hostName, host.stdout),
    ...leases.map((id) => `${shell.hostName}: lease ${id}`),
    ...guests.flat(),
  ];
};

/** Compares two descriptions of a machine and returns in words what is there that was not, and what is missing. */
export const residue = (before: readonly string[], now: readonly string[]): readonly string[] => {
  const count = (lines: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  };
  const was = count(before);
  const is = count(now);
  return [
    ...[...is].flatMap(([line, times]) => (times > (was.get(line) ?? 0) ? [`left behind on ${line}`] : [])),
    ...[...was].flatMap(([line, times]) => (times > (is.get(line) ?? 0) ? [`missing on ${line}`] : [])),
  ];
};
