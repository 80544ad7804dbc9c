import type { GuestPlan, Plan } from '../../plan.ts';
import { guestMac } from '../mac.ts';

/**
 * The libvirt domain of an LXC guest with the given root directory on the host.
 * `<name>` stands on a line of its own because the VirtualDomain agent finds it by its line.
 * See https://libvirt.org/drvlxc.html.
 */
export const lxcDomainXml = (guest: GuestPlan, plan: Plan, root: string): string => `<domain type='lxc'>
  <name>${guest.name}</name>
  <memory unit='MiB'>${guest.memoryMiB}</memory>
  <vcpu>${guest.vcpus}</vcpu>
  <os>
    <type>exe</type>
    <init>/lab-init</init>
  </os>
  <features>
    <privnet/>
  </features>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <filesystem type='mount'>
      <source dir='${root}'/>
      <target dir='/'/>
    </filesystem>
    <interface type='network'>
      <mac address='${guestMac(guest)}'/>
      <source network='${plan.network.name}'/>
      <ip address='${guest.address}' family='ipv4' prefix='24'/>
      <route family='ipv4' address='0.0.0.0' gateway='${plan.network.address}'/>
    </interface>
    <console type='pty'/>
  </devices>
</domain>
`;
