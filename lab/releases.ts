/** What a release of Pacemaker is installed from: data, so that one more release is one more row. */
interface ReleaseRow {
  /** Pacemaker's version, as people name it. */
  readonly version: string;
  /** Debian's suite that everything but Pacemaker comes from; of a row of the table Pacemaker too. */
  readonly suite: string;
  readonly hostPackages: readonly string[];
  readonly guestPackages: readonly string[];
  /** What a KVM guest has on top of `guestPackages`; null where the suite has no KVM guests. */
  readonly kvmGuestPackages: readonly string[] | null;
  /** What a host that is a machine of its own has on top of `hostPackages`. */
  readonly hostVmPackages: readonly string[];
  /** What is done otherwise for it than for the others. */
  readonly quirks: readonly Quirk[];
}

/** A release of Pacemaker that can be put to the test: a row of the table, or Pacemaker's packages of one's own on the suite of a row. */
export interface Release extends ReleaseRow {
  /** How it is asked for: the version of a row, or where the packages come from. */
  readonly name: string;
  /** Where Pacemaker's packages come from, if not from the suite. */
  readonly packages: PackageSource | null;
}

/** Packages that take the place of the suite's own. Paths are absolute. */
export type PackageSource =
  | { readonly kind: 'debs'; readonly folder: string }
  /** The source package of another suite. */
  | { readonly kind: 'debsrc'; readonly suite: string }
  /** A tree or a tarball of the sources, in the packaging of the suite that it is built on. */
  | { readonly kind: 'src'; readonly path: string };

/** What is done otherwise for some releases, with the reason: data too, so that nobody else asks for a version. */
export interface Quirk {
  readonly because: string;
  /** Lines of an apt.conf that the bootstrapped base is made with and keeps. */
  readonly apt?: readonly string[];
  /** A shell command for the new root, in `$1`, before anything is in it. */
  readonly setUp?: string;
  /** That the base is bootstrapped from the suite's main archive, even where a registry has an image of it. */
  readonly base?: 'bootstrapped';
}

/** A mirror can be behind: what moves on daily is signed for some days only. */
const staleArchive: Quirk = {
  because: "a mirror's Release file of a suite that is not released yet can be past its date",
  apt: ['Acquire::Check-Valid-Until "false"'],
};

const mainArchiveOnly: Quirk = {
  because: "the suite's security archive has lost packages, and the registry's image asks for them",
  base: 'bootstrapped',
};

const mergeUsr: Quirk = {
  because: 'its packages do not merge /usr by themselves, as its installer did',
  setUp: 'for dir in bin sbin lib lib64; do mkdir -p "$1/usr/$dir" && ln -s "usr/$dir" "$1/$dir"; done',
};

const everywhere = ['systemd', 'systemd-sysv', 'dbus', 'iproute2', 'nftables', 'procps', 'iputils-ping'] as const;

const agents = ['resource-agents', 'pacemaker-resource-agents'];

const clusterHost = ['openssh-server', 'kmod', 'corosync', 'pacemaker', 'pacemaker-cli-utils', 'pcs', ...agents];

const guestNode = ['pacemaker-remote', 'pacemaker-cli-utils', ...agents];

const libvirt = [
  'libvirt-daemon',
  'libvirt-daemon-driver-lxc',
  'libvirt-daemon-config-network',
  'libvirt-clients',
  'dnsmasq-base',
  // The backend of libvirt's networks that works on kernels without the csum action, too; see the host's settle.
  'iptables',
] as const;

/** libvirt in one package a driver, from trixie on; before, its networks are the daemon's and its units the system's. */
const libvirtByDriver = [...libvirt, 'libvirt-daemon-driver-network'];
const libvirtBySystem = [...libvirt, 'libvirt-daemon-system'];

/** QEMU without graphics, sound and remote storage: 115 MB of the image. qemu-utils is for qemu-img. Only KVM guests need it. */
export const qemuHost = ['libvirt-daemon-driver-qemu', 'qemu-system-x86', 'qemu-utils'];

/** What makes a file system bootable: a kernel, and what its initrd is made with. */
const ownKernel = [
  'linux-image-cloud-amd64',
  // The kernel wants some maker of initrds; this one brings no udev along and makes none unless it is told to.
  'tiny-initramfs',
  'busybox-static',
  'cpio',
  'kmod',
  'xz-utils',
  'zstd',
  'e2fsprogs',
  'acpid',
];

const kvmGuestNode = [...ownKernel, 'openssh-server', 'qemu-guest-agent'];

const host = [...everywhere, ...clusterHost, ...qemuHost];
const guest = [...everywhere, ...guestNode];

/** What nft looks up the names of protocols in, before 1.1; a host gets it along with others. */
const protocolNames = ['netbase'];

/** A person's ssh; from forky on the server does not bring it along. */
const sshClient = ['openssh-client'];

const rows: readonly ReleaseRow[] = [
  {
    version: '2.0.5',
    suite: 'bullseye',
    hostPackages: [...host, ...libvirtBySystem],
    guestPackages: [...guest, ...protocolNames],
    kvmGuestPackages: kvmGuestNode,
    hostVmPackages: ownKernel,
    quirks: [mainArchiveOnly, mergeUsr],
  },
  {
    version: '2.1.5',
    suite: 'bookworm',
    hostPackages: [...host, ...libvirtBySystem],
    guestPackages: [...guest, ...protocolNames],
    kvmGuestPackages: kvmGuestNode,
    hostVmPackages: ownKernel,
    quirks: [],
  },
  {
    version: '3.0.0',
    suite: 'trixie',
    hostPackages: [...host, ...libvirtByDriver],
    guestPackages: guest,
    kvmGuestPackages: kvmGuestNode,
    hostVmPackages: ownKernel,
    quirks: [],
  },
  {
    version: '3.0.1',
    suite: 'forky',
    hostPackages: [...host, ...libvirtByDriver, ...sshClient],
    guestPackages: guest,
    kvmGuestPackages: kvmGuestNode,
    hostVmPackages: ownKernel,
    quirks: [staleArchive],
  },
  {
    version: '3.0.3',
    suite: 'sid',
    hostPackages: [...host, ...libvirtByDriver, ...sshClient],
    guestPackages: guest,
    kvmGuestPackages: kvmGuestNode,
    hostVmPackages: ownKernel,
    quirks: [staleArchive],
  },
];

/** The table, oldest first. */
export const releases: readonly Release[] = rows.map((row) => ({ ...row, name: row.version, packages: null }));

/** The version of the release that is tested when none is asked for: that of Debian's stable suite. */
export const defaultRelease = '3.0.0';
