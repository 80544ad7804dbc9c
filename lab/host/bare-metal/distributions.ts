import type { GuestPlan } from '../../plan.ts';
import { qemuHost, type Release } from '../../releases.ts';

/** How software is called and installed on the machines of one family of distributions: a row of data for each. */
export interface Distribution {
  /** What os-release has in ID or ID_LIKE. */
  readonly ids: readonly string[];
  /** What the host of guests of these kinds needs. */
  readonly packages: (release: Release, kinds: ReadonlySet<GuestPlan['kind']>) => readonly string[];
  /** Package of the remote daemon, which can't be on a machine beside the cluster's. */
  readonly remotePackage: string;
  /** Where libvirtd reads its arguments from. */
  readonly libvirtdSettings: string;
  /** Bash commands of the package manager. Packages are the arguments of the script that they stand in. */
  readonly commands: {
    /** Fetches the lists of what there is. */
    readonly update: string;
    /** Prints the version of Pacemaker that would be installed, or is; nothing if there is none. */
    readonly candidate: string;
    /** Prints what installing would do, a line each: `new NAME`, `upgraded NAME`, `removed NAME`. */
    readonly simulate: string;
    readonly install: string;
    /**
     * The same where nothing is upgraded: it does not wait until each new file is on the disk. What is there already is not
     * touched, so a machine that loses its power meanwhile has lost nothing of its own.
     */
    readonly installNew: string;
    /** Removes packages with their settings, and no others; those that others need stay. */
    readonly remove: string;
    /** Marks packages as installed for the sake of others only. */
    readonly markAutomatic: string;
  };
}

const aptInstall = (options: string): string =>
  `DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends --no-upgrade -o DPkg::Lock::Timeout=900 \\
      -o Dpkg::Use-Pty=0 -o APT::Keep-Downloaded-Packages=false -o Dpkg::Options::=--force-confold ${options} install "$@"`;

const debian: Distribution = {
  ids: ['debian'],
  packages: ({ hostPackages }, kinds) =>
    [...new Set(hostPackages)].filter((name) => kinds.has('kvm') || !qemuHost.includes(name)).sort(),
  remotePackage: 'pacemaker-remote',
  libvirtdSettings: '/etc/default/libvirtd',
  commands: {
    update: 'apt-get -q update',
    candidate: `LC_ALL=C apt-cache policy pacemaker | sed -n 's/^  Candidate: \\([0-9]*:\\)\\{0,1\\}\\([^-+~]*\\).*/\\2/p' | grep -v none`,
    simulate: `LC_ALL=C apt-get -s -q --no-install-recommends --no-upgrade install "$@" |
      awk '$1 == "Inst" { print ($3 ~ /^\\[/ ? "upgraded " : "new ") $2 } $1 == "Remv" { print "removed " $2 }'`,
    install: aptInstall(''),
    installNew: aptInstall('-o Dpkg::Options::=--force-unsafe-io'),
    remove: 'DEBIAN_FRONTEND=noninteractive dpkg --purge "$@"',
    markAutomatic: 'apt-mark auto "$@"',
  },
};

const dnfInstall = 'dnf -y -q --setopt=install_weak_deps=False install "$@"';

/** Fedora, RHEL and CentOS Stream, from their package lists: docs/lab.md says what of this was tried. */
const fedora: Distribution = {
  ids: ['fedora', 'rhel', 'centos'],
  packages: () => [
    ...[
      'corosync',
      'pacemaker',
      'pacemaker-cli',
      'pcs',
      'resource-agents',
      'libvirt-daemon',
      'libvirt-daemon-driver-lxc',
    ],
    ...[
      'libvirt-daemon-driver-qemu',
      'libvirt-daemon-driver-network',
      'libvirt-daemon-config-network',
      'libvirt-client',
    ],
    ...['dnsmasq', 'qemu-kvm', 'qemu-img', 'nftables', 'iproute', 'iputils', 'procps-ng', 'openssh-server', 'kmod'],
  ],
  remotePackage: 'pacemaker-remote',
  libvirtdSettings: '/etc/sysconfig/libvirtd',
  commands: {
    update: 'dnf -q makecache',
    candidate: `dnf -q repoquery --latest-limit=1 --qf '%{version}\\n' pacemaker | tail -n 1`,
    simulate: `dnf -q --setopt=install_weak_deps=False install --assumeno "$@" |
      awk '/^[A-Z]/ { kind = "" } /^(Installing|Installing dependencies):/ { kind = "new" } /^Upgrading:/ { kind = "upgraded" } /^Removing/ { kind = "removed" } /^ / && kind { print kind " " $1 }'`,
    install: dnfInstall,
    installNew: dnfInstall,
    remove: 'dnf -y -q --setopt=clean_requirements_on_remove=False remove "$@"',
    markAutomatic: 'dnf -y -q mark dependency "$@"',
  },
};

export const distributions: readonly Distribution[] = [debian, fedora];

/** Finds the row of a machine by what its os-release has in ID and ID_LIKE; null if there is none. */
export const distributionOf = (ids: readonly string[]): Distribution | null =>
  ids.flatMap((id) => distributions.find((each) => each.ids.includes(id)) ?? [])[0] ?? null;
