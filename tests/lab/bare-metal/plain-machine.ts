import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runLocal } from '../../../lab/engine/local-command.ts';
import { makeOverlay } from '../../../lab/host/vm/disks.ts';
import { cutPower, startMachine, type RunningMachine } from '../../../lab/host/vm/machine.ts';
import { pickAcquireSettings, readDebianArchive } from '../../../lab/images/apt-sources.ts';
import { findRelease } from '../../../lab/find-release.ts';
import { defaultRelease } from '../../../lab/releases.ts';
import { makeKeyPair, type KeyPair } from '../../../lab/transport/lab-keys.ts';

const signal = new AbortController().signal;

/** What a person gets who installs Debian and chooses the SSH server, with what a cloud's machine has beside it. */
const plainDebian = [
  ...[
    'systemd-sysv',
    'udev',
    'dbus',
    'openssh-server',
    'sudo',
    'linux-image-cloud-amd64',
    'initramfs-tools',
    'iproute2',
  ],
  ...['ifupdown', 'kmod', 'cron', 'nftables', 'libpam-systemd', 'python3', 'ca-certificates'],
];
const user = 'ops';

const recipe = (login: string) => `set -e
root=$1
mkdir -p -m 0700 "$root/root/.ssh"
echo '${login}' >"$root/root/.ssh/authorized_keys"
chmod 0600 "$root/root/.ssh/authorized_keys"
chroot "$root" useradd --create-home --shell /bin/bash ${user}
cp -a "$root/root/.ssh" "$root/home/${user}/"
chroot "$root" chown -R ${user}: /home/${user}/.ssh
echo '${user} ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/${user}"
echo plain >"$root/etc/hostname"
printf '127.0.0.1 localhost\\n127.0.1.1 plain\\n' >"$root/etc/hosts"
echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
printf 'auto lo\\niface lo inet loopback\\nauto eth0\\niface eth0 inet static\\n  address 10.0.2.15/24\\n' >"$root/etc/network/interfaces"
`;

/** The machine reaches nobody, so it has the packages that a lab brings on its own disk, as an archive of its own. */
const archive = (packages: readonly string[]) => `set -e
root=$1
chroot "$root" apt-get -q install -y --download-only --no-install-recommends ${packages.join(' ')}
mkdir -p "$root/srv/packages"
mv "$root"/var/cache/apt/archives/*.deb "$root/srv/packages/"
cd "$root/srv/packages"
for deb in *.deb; do
  dpkg-deb -f "$deb"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done >Packages
rm -f "$root"/etc/apt/sources.list.d/* "$root"/etc/apt/apt.conf.d/99mmdebstrap
echo 'deb [trusted=yes] file:/srv/packages ./' >"$root/etc/apt/sources.list"
`;

/** A plain machine's files, made once. */
interface PlainImage {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** What opens it as root and as a user with sudo. */
  readonly loginKey: string;
}

/** Makes the disk of a plain Debian machine with an sshd, as root with mmdebstrap, unless it is there. */
export const makePlainImage = async (cacheDir: string): Promise<PlainImage> => {
  const release = findRelease(defaultRelease);
  const hash = createHash('sha256')
    .update(JSON.stringify([plainDebian, recipe(''), archive(release.hostPackages)]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheDir, `plain-machine-${release.suite}-${hash}`);
  const image: PlainImage = {
    disk: join(folder, 'disk.ext4'),
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.img'),
    loginKey: join(folder, 'id_ed25519'),
  };
  if (existsSync(folder)) return image;
  const aside = `${folder}.${process.pid}`;
  const root = join(aside, 'root');
  const key: KeyPair = makeKeyPair('operator');
  await mkdir(aside, { recursive: true, mode: 0o755 });
  await chmod(aside, 0o755);
  await writeFile(join(aside, 'id_ed25519'), key.privateKey, { mode: 0o600 });
  const dump = await runLocal('apt-config', ['dump'], { timeoutMs: 30_000, signal });
  const debian = await readDebianArchive();
  await runLocal(
    'nice',
    [
      ...[
        '-n',
        '15',
        'mmdebstrap',
        '--variant=apt',
        '--mode=root',
        '--format=directory',
        `--include=${plainDebian.join(',')}`,
      ],
      ...[...pickAcquireSettings(dump.stdout).map((line) => line.replace(/;$/u, '')), 'Acquire::Languages "none"'].map(
        (line) => `--aptopt=${line}`,
      ),
      '--dpkgopt=force-unsafe-io',
      `--customize-hook=${recipe(key.publicKey.trim())}`,
      `--customize-hook=${archive(release.hostPackages)}`,
      ...[release.suite, root],
      ...(debian ? [`deb [${debian.options.join(' ')}] ${debian.uri} ${release.suite} main`.replace('[] ', '')] : []),
    ],
    { timeoutMs: 1_200_000, signal },
  );
  await runLocal(
    'sh',
    ['-c', 'cp "$1"/boot/vmlinuz-* "$2/vmlinuz" && cp "$1"/boot/initrd.img-* "$2/initrd.img"', 'sh', root, aside],
    {
      timeoutMs: 60_000,
      signal,
    },
  );
  await runLocal('mkfs.ext4', ['-q', '-F', '-d', root, join(aside, 'disk.ext4'), '8G'], { timeoutMs: 600_000, signal });
  await rm(root, { recursive: true });
  await rename(aside, folder);
  return image;
};

/** A machine that was never a lab's, with its power switch. */
export interface PlainMachine extends RunningMachine {
  readonly user: string;
  readonly loginKey: string;
  readonly off: () => Promise<void>;
}

/** Starts a plain machine from its image; what it changes is thrown away. */
export const startPlainMachine = async (cacheDir: string): Promise<PlainMachine> => {
  const image = await makePlainImage(cacheDir);
  const folder = join(cacheDir, 'plain-machine');
  await cutPower(folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const disk = join(folder, 'disk.qcow2');
  await makeOverlay(disk, { file: image.disk, format: 'raw' }, signal);
  const running = await startMachine(
    {
      name: 'plain',
      folder,
      disks: [{ file: disk, format: 'qcow2', access: 'read-write' }],
      kernel: image.kernel,
      initrd: image.initrd,
      kernelArguments: 'root=/dev/vda rw console=ttyS0 net.ifnames=0 quiet',
      accelerator: 'tcg',
      memoryMiB: 3072,
      processors: 2,
    },
    signal,
  );
  return {
    ...running,
    user,
    loginKey: image.loginKey,
    async off() {
      await cutPower(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** The console of the machine that runs, for messages. */
export const readConsole = (cacheDir: string): Promise<string> =>
  readFile(join(cacheDir, 'plain-machine', 'console.log'), 'utf8');
