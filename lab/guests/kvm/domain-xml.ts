import type { GuestPlan, Plan } from '../../plan.ts';
import { sharedKvmGuest } from '../guest-files.ts';
import { guestMac } from '../mac.ts';
import type { Accelerator } from './accelerator.ts';

/** What all KVM guests of a host start from. */
export const kvmGuestFiles = {
  disk: `${sharedKvmGuest}/disk.img`,
  kernel: `${sharedKvmGuest}/vmlinuz`,
  initrd: `${sharedKvmGuest}/initrd.img`,
} as const;

/** What a KVM guest's machine is made from: its accelerator, and paths on the host. */
export interface KvmMachine {
  readonly accelerator: Accelerator;
  /** The guest's own disk: qcow2 over the shared one. */
  readonly disk: string;
  /** A tar of the guest's own files, which the initrd puts into its root at every boot. */
  readonly seed: string;
  readonly kernel: string;
  readonly initrd: string;
}

/** Where the host keeps what a KVM guest says on its serial console, from all its boots. */
export const consoleLog = (guestName: string): string => `/var/log/libvirt/qemu/${guestName}-console.log`;

/** Where the host keeps the stamps that the agents in a KVM guest leave: they do not wait for its disk to be written. */
export const stampsLog = (guestName: string): string => `/var/log/libvirt/qemu/${guestName}-runs.log`;
/** The port that they are left on, in the guest: the second one of its controller, whatever that one's number is. */
export const stampsPort = '/dev/vport*p2';

/**
 * The kernel speaks on the serial console, for boots that hang, and systemd when something is amiss. What is turned off
 * costs time at a boot and protects nobody in a lab.
 */
const everyKernel = [
  'console=ttyS0',
  'systemd.show_status=auto',
  'net.ifnames=0',
  'mitigations=off',
  'lsm=capability',
  'init_on_alloc=0',
  'cryptomgr.notests',
];

/**
 * An emulated clock needs no checks; on a busy host one boot in six did not get past that of its timer. pacemaker_remoted
 * looks for a prime at each start, which takes an emulated processor 2 to 15 s, by chance; a short one takes less than
 * 1 s. See PCMK_dh_max_bits in Pacemaker Administration.
 */
const emulatedKernel = ['no_timer_check', 'tsc=reliable', 'systemd.setenv=PCMK_dh_max_bits=1024'];

/** The command line of a KVM guest's kernel. */
export const kernelArguments = (accelerator: Accelerator): string =>
  [...everyKernel, ...(accelerator === 'tcg' ? emulatedKernel : [])].join(' ');

/** An emulated processor is quicker with less to emulate; the kernel trusts its random numbers from the start. */
const processors: Readonly<Record<Accelerator, string>> = {
  kvm: `<cpu mode='host-passthrough'/>`,
  tcg: `<cpu mode='custom' match='exact'>
    <model fallback='forbid'>qemu64</model>
    <feature policy='require' name='rdrand'/>
  </cpu>`,
};

/** Bounds what QEMU's translator keeps, and so its memory: a boot fills about half of it. */
const translationCache = `
    <tcg>
      <tb-cache unit='MiB'>256</tb-cache>
    </tcg>`;

/**
 * The libvirt domain of a KVM guest: one disk, the read-only seed, one network card, a serial console that is kept in
 * {@link consoleLog}, and two channels which no fault on a network cuts: the guest agent's, and that of the stamps. What the disk caches is the
 * host's, as a guest's disk lives no longer than its lab. `<name>` stands on a line of its own because the VirtualDomain
 * agent finds it by its line. See https://libvirt.org/formatdomain.html.
 */
export const kvmDomainXml = (
  guest: GuestPlan,
  plan: Plan,
  machine: KvmMachine,
): string => `<domain type='${machine.accelerator === 'kvm' ? 'kvm' : 'qemu'}'>
  <name>${guest.name}</name>
  <memory unit='MiB'>${guest.memoryMiB}</memory>
  <vcpu>${guest.vcpus}</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>${machine.kernel}</kernel>
    <initrd>${machine.initrd}</initrd>
    <cmdline>${kernelArguments(machine.accelerator)}</cmdline>
  </os>
  <features>
    <acpi/>${machine.accelerator === 'tcg' ? translationCache : ''}
  </features>
  ${processors[machine.accelerator]}
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='unsafe'/>
      <source file='${machine.disk}'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/>
      <source file='${machine.seed}'/>
      <target dev='vdb' bus='virtio'/>
      <readonly/>
    </disk>
    <interface type='network'>
      <mac address='${guestMac(guest)}'/>
      <source network='${plan.network.name}'/>
      <model type='virtio'/>
      <rom enabled='no'/>
    </interface>
    <serial type='pty'>
      <log file='${consoleLog(guest.name)}' append='on'/>
    </serial>
    <channel type='unix'>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
    </channel>
    <channel type='file'>
      <source path='${stampsLog(guest.name)}' append='on'/>
      <target type='virtio' name='guest-drills.runs'/>
    </channel>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>
`;
