import type { GuestPlan } from '../plan.ts';

/** The MAC address of a guest: libvirt's own prefix for LXC and the last two bytes of its IPv4 address. */
export const guestMac = (guest: GuestPlan): string => {
  const [, , third, fourth] = guest.address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `00:16:3e:00:${third}:${fourth}`;
};
