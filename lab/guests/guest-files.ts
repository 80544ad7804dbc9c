import type { Plan } from '../plan.ts';

/** Where the root that LXC guests share is mounted in a host, and the disk, kernel and initrd that KVM guests share; both read-only. */
export const sharedGuestRoot = '/srv/guest-root';
export const sharedKvmGuest = '/srv/kvm-guest';
/** Where each guest's own changes go: an upper directory, or a disk over the shared one. */
export const guestUppers = '/var/lib/guest-roots';

/** A guest's /etc/hosts: it knows hosts and guests of the plan by name. */
export const guestHostsFile = (plan: Plan): string =>
  [
    '127.0.0.1 localhost',
    ...plan.hosts.map((host) => `${plan.network.address} ${host.name}`),
    ...plan.guests.map((guest) => `${guest.address} ${guest.name}`),
    '',
  ].join('\n');
