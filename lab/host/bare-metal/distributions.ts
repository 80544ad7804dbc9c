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
    /** Prints the paths of what packages have brought; a package that is not there is passed over. */
    readonly files: string;
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
    files: 'dpkg-query -L "$@"',
    remove: 'DEBIAN_FRONTEND=noninteractive dpkg --purge "$@"',
    markAutomatic: 'apt-mark auto "$@"',
  },
};

const dnf = 'LC_ALL=C.UTF-8 dnf --setopt=install_weak_deps=False';
const dnfInstall = `${dnf} -y -q install "$@"`;

/**
 * Reads the table of a transaction that dnf was not let do, for which its exit status is 1, as for one that can't be: a table ends with a
 * summary. Names stand behind one blank; what follows a name in a line of its own, or is replaced by it, behind more.
 */
const readTable = `awk '
  { said = said $0 "\\n" }
  /^[A-Z]/ { kind = "" }
  /^(Transaction Summary|Nothing to do)/ { understood = 1 }
  /^(Installing|Installing dependencies):/ { kind = "new" }
  /^(Upgrading|Downgrading):/ { kind = "upgraded" }
  /^Removing/ { kind = "removed" }
  /^ [^ ]/ && kind { print kind " " $1 }
  END { if (!understood) { printf "%s", said >"/dev/stderr"; exit 1 } }'`;

/** Fedora, by its package lists and its tools' manuals: docs/lab.md says what of this was tried. */
const fedora: Distribution = {
  ids: ['fedora'],
  packages: (_release, kinds) => [
    ...['corosync', 'pacemaker', 'pacemaker-cli', 'pcs', 'resource-agents'],
    // The first of them has libvirtd, which serves all drivers; those of the daemons that may take its place come along.
    ...['libvirt-daemon', 'libvirt-daemon-driver-lxc', 'libvirt-daemon-driver-network'],
    ...['libvirt-daemon-config-network', 'libvirt-client', 'dnsmasq'],
    ...(kinds.has('kvm') ? ['libvirt-daemon-driver-qemu', 'qemu-kvm', 'qemu-img'] : []),
    ...['nftables', 'iproute', 'iputils', 'procps-ng', 'openssh-server', 'kmod'],
  ],
  remotePackage: 'pacemaker-remote',
  libvirtdSettings: '/etc/sysconfig/libvirtd',
  commands: {
    update: 'dnf -q makecache',
    candidate: `dnf -q repoquery --latest-limit=1 --qf '%{version}\\n' pacemaker | grep . | tail -n 1`,
    simulate: `{ ${dnf} install --assumeno "$@" 2>&1 || :; } | ${readTable}`,
    install: dnfInstall,
    installNew: dnfInstall,
    files: 'rpm -ql "$@"',
    // dnf would take along what others have installed meanwhile that needs them; rpm then removes none, and says what needs which.
    remove: `rpm -q --qf '%{NAME}\\n' "$@" | grep -v ' ' | sort -u | xargs -r rpm --erase`,
    markAutomatic: 'dnf -y -q mark dependency "$@"',
  },
};

/** Distributions whose packages a lab can't be made of, with the reason; by what os-release has in ID or ID_LIKE. */
export const lacking: Readonly<Record<string, string>> = Object.fromEntries(
  ['rhel', 'centos'].map((id) => [
    id,
    'its libvirt is built without the driver for LXC, and its QEMU goes by a name that this suite does not know',
  ]),
);

export const distributions: readonly Distribution[] = [debian, fedora];

/** Finds the row of a machine by what its os-release has in ID and ID_LIKE; null if there is none. */
export const distributionOf = (ids: readonly string[]): Distribution | null =>
  ids.flatMap((id) => distributions.find((each) => each.ids.includes(id)) ?? [])[0] ?? null;
