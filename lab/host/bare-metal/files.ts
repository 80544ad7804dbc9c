import { guestUppers, sharedGuestRoot, sharedKvmGuest } from '../../guests/guest-files.ts';
import type { Distribution } from './distributions.ts';

/** Where a machine keeps what is known of it from before it became a lab's host, and what it was given for that. */
export const recordFolder = '/var/lib/pacemaker-guest-drills';

/** The unit that loads the firewall of the walk-throughs. */
export const firewallUnit = 'pacemaker-lab-firewall.service';
/** By which D-Bus starts systemd-machined. */
export const machinedActivation = '/usr/share/dbus-1/system-services/org.freedesktop.machine1.service';
export const moduleList = '/etc/modules-load.d/pacemaker-lab.conf';

/** Folders and files that a lab brings to a machine. One that is there before is somebody else's. */
export const ownPlaces: readonly string[] = [
  ...['/root/lxc', sharedGuestRoot, sharedKvmGuest, guestUppers, '/usr/lib/guest-drills', '/var/lib/guest-drills'],
  ...[`/etc/systemd/system/${firewallUnit}`, '/etc/systemd/system/pacemaker.service.d/guest-drills.conf', moduleList],
  '/etc/systemd/system/pacemaker.service.d/pacemaker-lab.conf',
];

/** Folders that packages, the cluster or libvirt make and leave behind. They go if they were not there before. */
export const packagePlaces: readonly string[] = [
  ...['/etc/corosync', '/etc/pacemaker', '/etc/pcs', '/etc/libvirt', '/etc/systemd/system/pacemaker.service.d'],
  ...['/var/lib/pacemaker', '/var/lib/corosync', '/var/lib/pcsd', '/var/lib/libvirt'],
  ...[
    '/var/log/pacemaker',
    '/var/log/corosync',
    '/var/log/cluster',
    '/var/log/pcsd',
    '/var/log/libvirt',
    '/var/log/swtpm',
  ],
  ...['/var/cache/libvirt', '/var/cache/pcsd', '/root/.cache/libvirt', '/usr/lib/ocf', '/etc/nftables.conf'],
];

/** Folders of systemd's package for containers. They go likewise, but not with what somebody has put there. */
export const emptyPlaces: readonly string[] = ['/var/lib/machines', '/var/lib/portables'];

/** Files to which a lab adds lines between marks of its own, and takes them out again. */
export const markedFiles = (distribution: Distribution): readonly string[] => [
  ...['/etc/hosts', distribution.libvirtdSettings, '/etc/libvirt/lxc.conf', '/etc/libvirt/qemu.conf'],
];

/** Files of which a copy is kept: a lab writes them anew. */
export const rewrittenFiles: readonly string[] = [
  ...['/etc/corosync/corosync.conf', '/etc/corosync/authkey', '/etc/pacemaker/authkey', '/etc/fstab'],
];

/** Tables of the packet filter that a lab, its faults and libvirt make. */
export const ownTables: readonly string[] = [
  ...['inet lab_firewall', 'ip libvirt_network', 'ip6 libvirt_network'],
  ...['ip', 'ip6'].flatMap((family) => ['filter', 'nat', 'mangle'].map((name) => `${family} ${name}`)),
];
