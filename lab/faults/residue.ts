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
  echo "name $(</proc/sys/kernel/hostname), from its next boot on $(</etc/hostname)"
  sha256sum /etc/hosts /etc/pacemaker/authkey | awk '{ print ($2 == "/etc/hosts" ? "names" : "authkey") " " substr($1, 1, 12) }'
}
`;

const hostScript = (plan: Plan): string => `${machineScript}
machine
for bridge in ${plan.network.bridge}; do ip -o link show "$bridge" 2>/dev/null | grep -q '[<,]UP[,>]' || echo "bridge $bridge is down"; done
units=(corosync pacemaker libvirtd libvirtd.socket nftables)
systemctl is-active "\${units[@]}" | while read -r state; do
  [ "$state" = active ] || echo "unit \${units[0]} is $state"
  units=("\${units[@]:1}")
done
for interface in /sys/class/net/vnet*; do [ -e "$interface/master" ] || [ ! -e "$interface" ] || echo "interface of a guest without its bridge"; done
systemctl list-units --plain --no-legend 'guest-drills-*' | awk '$1 !~ /^guest-drills-lease-/ { print "unit " $1 " of a fault" }'
cat /proc/1/status $(pgrep --ns $$ --nslist pid '^(corosync|pacemaker)' | sed 's,.*,/proc/&/status,') 2>/dev/null | awk '
  $1 == "Name:" { name = $2 }
  $1 == "Cpus_allowed_list:" && !everywhere { everywhere = $2 }
  $1 == "Cpus_allowed_list:" && $2 != everywhere { print "process " name " bound to processors " $2 }'
find /run -maxdepth 1 -name 'guest-drills-*-*' -not -name 'guest-drills-sampler.*' -printf 'kept for a fault %p\\n'
# A virsh for each question would take as long as all the rest.
for connection in lxc:/// qemu:///system; do
  virsh -c $connection 'list --state-paused --name; echo =persistent; list --all --persistent --name; echo =running; list --name; echo =networks; net-list --name' 2>/dev/null |
    awk -v connection=$connection '
      BEGIN { about = "paused" }
      sub(/^=/, "") { about = $1; next }
      !NF || about == "running" && $1 ~ /^(${plan.guests.map(({ name }) => name).join('|')})$/ { next }
      about == "networks" { active = active || $1 == "${plan.network.name}" }
      about == "running" { print "domain " $1 }
      about == "paused" || about == "persistent" { print about " domain " $1 " on " connection }
      END { if (connection == "lxc:///" && !active) print "network ${plan.network.name} is not active" }'
done
shopt -s nullglob
configs=(/root/lxc/*.xml /etc/pacemaker/*.xml)
[ \${#configs[@]} = 0 ] || sha256sum "\${configs[@]}" | awk '{ print "domain XML " $2 " " substr($1, 1, 12) }'
for config in /root/lxc/*.xml.kept /etc/pacemaker/*.xml.kept; do echo "domain XML kept in $config"; done
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
