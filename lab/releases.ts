import { UsageError } from './errors.ts';

/** What a release of Pacemaker is installed from: data, so that one more release is one more row. */
export interface Release {
  /** Pacemaker's version, as people name it. */
  readonly version: string;
  /** Debian's suite that carries it. */
  readonly suite: string;
  readonly hostPackages: readonly string[];
  readonly guestPackages: readonly string[];
  /** What a KVM guest has on top of `guestPackages`; null where the suite has no KVM guests. */
  readonly kvmGuestPackages: readonly string[] | null;
}

const everywhere = ['systemd', 'systemd-sysv', 'dbus', 'iproute2', 'nftables', 'procps', 'iputils-ping'] as const;

const clusterHost = [
  'openssh-server',
  'kmod',
  'corosync',
  'pacemaker',
  'pacemaker-cli-utils',
  'pcs',
  'resource-agents',
];

const guestNode = ['pacemaker-remote', 'pacemaker-cli-utils', 'resource-agents'];

/** libvirt in one package a driver. */
const libvirtByDriver = [
  'libvirt-daemon',
  'libvirt-daemon-driver-lxc',
  'libvirt-daemon-driver-network',
  'libvirt-daemon-config-network',
  'libvirt-clients',
  'dnsmasq-base',
  // The backend of libvirt's networks that works on kernels without the csum action, too; see the host's settle.
  'iptables',
] as const;

/** QEMU without graphics, sound and remote storage: 115 MB of the image. qemu-utils is for qemu-img. */
const qemuHost = ['libvirt-daemon-driver-qemu', 'qemu-system-x86', 'qemu-utils'];

const kvmGuestNode = [
  'linux-image-cloud-amd64',
  // The kernel wants some maker of initrds; this one brings no udev along and makes none unless it is told to.
  'tiny-initramfs',
  'busybox-static',
  'cpio',
  'kmod',
  'xz-utils',
  'zstd',
  'e2fsprogs',
  'openssh-server',
  'qemu-guest-agent',
  'acpid',
];

/** Newest last; the last one is what runs unless another is asked for. */
export const releases: readonly [Release, ...Release[]] = [
  {
    version: '3.0.0',
    suite: 'trixie',
    hostPackages: [...everywhere, ...clusterHost, ...libvirtByDriver, ...qemuHost, 'pacemaker-resource-agents'],
    guestPackages: [...everywhere, ...guestNode, 'pacemaker-resource-agents'],
    kvmGuestPackages: kvmGuestNode,
  },
];

/** The version of the release that is tested when none is asked for. */
export const defaultRelease: string = (releases.at(-1) ?? releases[0]).version;

/**
 * Finds the row of a release.
 * @param version Pacemaker's version, for example `3.0.0`.
 * @returns The row.
 * @throws UsageError with the releases that are known.
 */
export const findRelease = (version: string): Release => {
  const found = releases.find((release) => release.version === version);
  if (found !== undefined) return found;
  const known = releases.map((release) => `${release.version} (${release.suite})`).join(', ');
  throw new UsageError(`Pacemaker release "${version}" is not known.`, { next: `Choose one of: ${known}.` });
};
