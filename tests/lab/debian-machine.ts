import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runLocal } from '../../lab/engine/local-command.ts';
import { findRelease } from '../../lab/find-release.ts';
import { makeOverlay } from '../../lab/host/vm/disks.ts';
import { cutPower, startMachine, type RunningMachine } from '../../lab/host/vm/machine.ts';
import { pickAcquireSettings, readDebianArchive } from '../../lab/images/apt-sources.ts';
import { defaultRelease } from '../../lab/releases.ts';
import { makeKeyPair } from '../../lab/transport/lab-keys.ts';

const signal = new AbortController().signal;

/** What a machine has that somebody installs Debian on and chooses the SSH server, with what a cloud's machine has beside it. */
const plainDebian = [
  ...['systemd-sysv', 'udev', 'dbus', 'openssh-server', 'linux-image-cloud-amd64', 'initramfs-tools', 'iproute2'],
  ...['ifupdown', 'kmod', 'cron', 'nftables', 'libpam-systemd', 'python3', 'ca-certificates'],
];

/** A Debian machine that is no lab's. */
export interface DebianMachineSpec {
  readonly name: string;
  /** Installed beside what every such machine has. */
  readonly packages: readonly string[];
  /** Shell scripts that finish its root, which is their first argument. */
  readonly hooks: readonly string[];
}

/** Opens to the key; has a name, a network card that leads to nobody, and its disk. */
const recipe = (name: string, login: string): string => `set -e
root=$1
mkdir -p -m 0700 "$root/root/.ssh"
echo '${login}' >"$root/root/.ssh/authorized_keys"
chmod 0600 "$root/root/.ssh/authorized_keys"
echo ${name} >"$root/etc/hostname"
printf '127.0.0.1 localhost\\n127.0.1.1 ${name}\\n' >"$root/etc/hosts"
echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
printf 'auto lo\\niface lo inet loopback\\nauto eth0\\niface eth0 inet static\\n  address 10.0.2.15/24\\n' >"$root/etc/network/interfaces"
`;

/** A machine's files, made once. */
export interface DebianImage {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** File of the private key that opens it. */
  readonly loginKey: string;
  /** File of the public key that it shows. */
  readonly hostKey: string;
}

/** Makes the disk of a Debian machine with an sshd, of the default release's suite, as root with mmdebstrap, unless it is there. */
export const makeDebianImage = async (cacheDir: string, spec: DebianMachineSpec): Promise<DebianImage> => {
  const { suite } = findRelease(defaultRelease);
  const hash = createHash('sha256')
    .update(JSON.stringify([plainDebian, recipe(spec.name, ''), spec]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheDir, `${spec.name}-machine-${suite}-${hash}`);
  const image: DebianImage = {
    disk: join(folder, 'disk.ext4'),
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.img'),
    loginKey: join(folder, 'id_ed25519'),
    hostKey: join(folder, 'host-key.pub'),
  };
  if (existsSync(folder)) return image;
  const aside = `${folder}.${process.pid}`;
  const root = join(aside, 'root');
  const key = makeKeyPair('operator');
  await mkdir(aside, { recursive: true, mode: 0o755 });
  await chmod(aside, 0o755);
  await writeFile(join(aside, 'id_ed25519'), key.privateKey, { mode: 0o600 });
  const dump = await runLocal('apt-config', ['dump'], { timeoutMs: 30_000, signal });
  const debian = await readDebianArchive();
  const options = [
    ...['--variant=apt', '--mode=root', '--format=directory', '--dpkgopt=force-unsafe-io'],
    `--include=${[...plainDebian, ...spec.packages].join(',')}`,
    ...[...pickAcquireSettings(dump.stdout).map((line) => line.replace(/;$/u, '')), 'Acquire::Languages "none"'].map(
      (line) => `--aptopt=${line}`,
    ),
    ...[recipe(spec.name, key.publicKey.trim()), ...spec.hooks].map((hook) => `--customize-hook=${hook}`),
  ];
  const source = debian ? [`deb [${debian.options.join(' ')}] ${debian.uri} ${suite} main`.replace('[] ', '')] : [];
  await runLocal('nice', ['-n', '15', 'mmdebstrap', ...options, suite, root, ...source], {
    timeoutMs: 1_200_000,
    signal,
  });
  const bootFiles =
    'cp "$1"/boot/vmlinuz-* "$2/vmlinuz" && cp "$1"/boot/initrd.img-* "$2/initrd.img" && cp "$1"/etc/ssh/ssh_host_ed25519_key.pub "$2/host-key.pub"';
  await runLocal('sh', ['-c', bootFiles, 'sh', root, aside], { timeoutMs: 60_000, signal });
  await runLocal('mkfs.ext4', ['-q', '-F', '-d', root, join(aside, 'disk.ext4'), '8G'], { timeoutMs: 600_000, signal });
  await rm(root, { recursive: true });
  await rename(aside, folder);
  return image;
};

/** A machine that runs, with its power switch. */
export interface DebianMachine extends RunningMachine {
  readonly off: () => Promise<void>;
}

/**
 * Starts a Debian machine from its image, emulated by two processors; what it changes is thrown away.
 * @param files Further files that it has as read-only disks: `/dev/vdb`, and so on.
 */
export const startDebianMachine = async (
  cacheDir: string,
  name: string,
  image: DebianImage,
  files: readonly string[] = [],
): Promise<DebianMachine> => {
  const folder = join(cacheDir, `${name}-machine`);
  await cutPower(folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const disk = join(folder, 'disk.qcow2');
  await makeOverlay(disk, { file: image.disk, format: 'raw' }, signal);
  const running = await startMachine(
    {
      name,
      folder,
      disks: [
        { file: disk, format: 'qcow2', access: 'read-write' },
        ...files.map((file) => ({ file, format: 'raw', access: 'read-only' }) as const),
      ],
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
    async off() {
      await cutPower(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
