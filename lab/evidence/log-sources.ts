import { lastBytes, lxcRoot, printNetwork, withoutRepeats } from './printing.ts';
import { kinds } from '../guests/guest-kinds.ts';
import { consoleLog } from '../guests/kvm/domain-xml.ts';
import type { GuestPlan } from '../plan.ts';

/** One thing to gather: the file that it goes to, and a script for the host that prints it. */
export interface LogSource {
  readonly file: string;
  readonly script: string;
}

const pacemakerLog = '/var/log/pacemaker/pacemaker.log';
const printPacemakerLog = (file: string): string => `cat ${file} | ${withoutRepeats}`;

/** The newest part is kept of what is longer than this. */
export const longestLogBytes = 16 * 1024 * 1024;

const capped = (command: string): string => lastBytes(command, longestLogBytes);

const files = (pattern: string): string =>
  // Each file below its name, the last written last. Without a match it fails and says which files there are none of.
  capped(`shopt -s nullglob; set -- ${pattern}; [ $# -gt 0 ] || { echo "no ${pattern}" >&2; exit 1; }
    ls -tr "$@" | while read -r file; do echo "==> $file <=="; cat "$file"; done`);

/** What is gathered of a host. No keys are among it: what a key could be in is not read, and values named like one are taken out. */
export const hostSources: readonly LogSource[] = [
  { file: 'pacemaker.log', script: capped(printPacemakerLog(pacemakerLog)) },
  {
    file: 'corosync.log',
    script: capped('cat /var/log/corosync/corosync.log || journalctl -b --no-pager -u corosync'),
  },
  { file: 'corosync.conf', script: capped('cat /etc/corosync/corosync.conf') },
  { file: 'libvirt-domains.log', script: files('/var/log/libvirt/{lxc,qemu}/*.log') },
  { file: 'libvirt.log', script: capped('journalctl -b --no-pager -o short-precise -u "libvirt*" -u "virt*"') },
  {
    file: 'domains.txt',
    script: capped('virsh -c lxc:/// list --all; virsh -c qemu:///system list --all; virsh net-list --all'),
  },
  { file: 'journal.log', script: capped('journalctl -b --no-pager -o short-precise') },
  { file: 'units.txt', script: capped('systemctl --no-pager --all list-units; systemctl --no-pager list-jobs') },
  { file: 'crm_mon.txt', script: capped('timeout 15 crm_mon -1 -A -r -f -m 3') },
  { file: 'crm_mon.xml', script: capped('timeout 15 crm_mon -1 --output-as=xml') },
  { file: 'pcs-config.txt', script: capped('timeout 25 pcs config') },
  { file: 'cib.xml', script: capped('timeout 15 cibadmin -Q') },
  { file: 'nft.txt', script: capped('nft list ruleset') },
  { file: 'network.txt', script: capped(printNetwork) },
  { file: 'ps.txt', script: capped('ps -eo pid,ppid,stat,start,time,rss,args --forest') },
];

/** A guest of a host whose plan is not known. */
export type FoundGuest = Pick<GuestPlan, 'kind' | 'name'>;

/** A script for the host that prints "KIND NAME" of each guest, and the one that reads it. */
export const listGuests = `cd /root/lxc 2>/dev/null && ls | sed -n 's/\\.xml$//p' | sed 's/^/lxc /'
cd /etc/pacemaker && ls | sed -n 's/\\.xml$//p' | sed 's/^/kvm /'`;
export const readGuestList = (printed: string): readonly FoundGuest[] =>
  printed.split('\n').flatMap((line): FoundGuest[] => {
    const [, kind, name] = /^(lxc|kvm) ([\w-]+)$/u.exec(line) ?? [];
    return name === undefined ? [] : [{ kind: kind === 'kvm' ? 'kvm' : 'lxc', name }];
  });

/** What is gathered of a guest, from its host. An LXC guest's files can be had while it does not run, too. */
export const guestSources = ({ kind, name }: FoundGuest): readonly LogSource[] => {
  const inside = (command: string): string => kinds[kind].enter(name, capped(command));
  const outside: Record<FoundGuest['kind'], readonly LogSource[]> = {
    lxc: [
      {
        file: 'pacemaker.log',
        script: `${lxcRoot(name)}
        ${capped(printPacemakerLog(`"$root${pacemakerLog}"`))}`,
      },
      { file: 'domain.xml', script: capped(`cat /root/lxc/${name}.xml`) },
      { file: 'libvirt.log', script: capped(`cat /var/log/libvirt/lxc/${name}.log`) },
    ],
    kvm: [
      { file: 'pacemaker.log', script: inside(printPacemakerLog(pacemakerLog)) },
      { file: 'domain.xml', script: capped(`cat /etc/pacemaker/${name}.xml`) },
      { file: 'libvirt.log', script: capped(`cat /var/log/libvirt/qemu/${name}.log`) },
      { file: 'console.log', script: capped(`cat ${consoleLog(name)}`) },
    ],
  };
  return [
    ...outside[kind],
    { file: 'journal.log', script: inside('journalctl -b --no-pager -o short-precise') },
    { file: 'units.txt', script: inside('systemctl --no-pager --all list-units; systemctl --no-pager list-jobs') },
    { file: 'nft.txt', script: inside('nft list ruleset') },
    { file: 'network.txt', script: inside(printNetwork) },
    { file: 'ps.txt', script: inside('ps -eo pid,ppid,stat,start,time,rss,args --forest') },
  ];
};
