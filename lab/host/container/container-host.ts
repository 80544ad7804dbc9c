import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { LabError, TransportError } from '../../errors.ts';
import { execStream } from '../../engine/exec-stream.ts';
import { guestUppers, sharedGuestRoot, sharedKvmGuest } from '../../guests/guest-files.ts';
import type { GuestPlan, HostPlan } from '../../plan.ts';
import type { HostShell } from '../../transport/host-shell.ts';
import type { KeyPair } from '../../transport/lab-keys.ts';
import { labSessions } from '../lab-sessions.ts';
import { openSshShell } from '../../transport/ssh-shell.ts';

/**
 * What systemd, corosync, Pacemaker and libvirt's drivers with nested guests need, and no more. Not among them:
 * SYS_TIME (a container with it sets the machine's clock), SYS_MODULE, SYS_BOOT, SYS_RAWIO, SYS_RESOURCE.
 */
const capabilities = [
  ...['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'SETFCAP'],
  ...['LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER'],
  ...['SYS_CHROOT', 'SYS_PTRACE', 'SYS_ADMIN', 'SYS_NICE', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE'],
  'AUDIT_CONTROL',
];

/**
 * The cluster's daemons speak over rings in /dev/shm, 30 to 50 MiB together, and one that is killed leaves its own behind.
 * With the engine's 64 MiB a corosync that was killed does not come back.
 */
const sharedMemoryBytes = 512 * 1024 * 1024;

/** Devices a host needs, and those it gets where the engine's machine has them, which may be another than this one. */
const neededDevices = ['/dev/fuse', '/dev/net/tun'];
const welcomeDevices = ['/dev/kvm'];

export interface ContainerHostSpec {
  /** Name of the container on the engine. */
  readonly containerName: string;
  readonly host: HostPlan;
  readonly guests: readonly GuestPlan[];
  readonly image: string;
  /** Volumes with what LXC guests and KVM guests share (null without KVM guests), and the volume for what they change. */
  readonly guestRootVolume: string;
  readonly kvmGuestVolume: string | null;
  readonly guestUppersVolume: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The lab's key, which opens the host, and the key that the host shows. */
  readonly loginKey: KeyPair;
  readonly hostKey: KeyPair;
}

/** Creates and starts a host as a container and returns its id. Throws a LabError that says why it did not start. */
export const startContainerHost = async (docker: Docker, spec: ContainerHostSpec): Promise<string> => {
  await docker.createVolume({ Name: spec.guestUppersVolume, Labels: { ...spec.labels } });
  try {
    return await startWith(docker, spec, [...neededDevices, ...welcomeDevices]);
  } catch (error) {
    // The engine alone knows what there is on its machine, and says so when the container starts.
    if (!welcomeDevices.some((path) => messageOf(error).includes(path))) throw notStarted(spec, error);
  }
  try {
    return await startWith(docker, spec, neededDevices);
  } catch (error) {
    throw notStarted(spec, error);
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const notStarted = ({ host }: ContainerHostSpec, cause: unknown): LabError =>
  new LabError(`The host ${host.name} did not start: ${messageOf(cause)}`, {
    cause,
    next: '"npm run lab doctor" says what this machine lacks.',
  });

/** Creates and starts the container; one that does not start is removed. */
const startWith = async (docker: Docker, spec: ContainerHostSpec, devices: readonly string[]): Promise<string> => {
  const container = await docker.createContainer(optionsOf(spec, devices));
  try {
    await container.putArchive(await buffer(keyFiles(spec)), { path: '/' });
    await container.start();
  } catch (error) {
    await container.remove({ force: true });
    throw error;
  }
  return container.id;
};

const optionsOf = (
  spec: ContainerHostSpec,
  devices: readonly string[],
): Docker.ContainerCreateOptions & { readonly HostConfig: { readonly CgroupnsMode: 'private' } } => ({
  name: spec.containerName,
  Image: spec.image,
  Hostname: spec.host.name,
  Labels: { ...spec.labels },
  // By this every systemd knows that it is in a container; without it, those before 252 never end when they are shut down.
  Env: ['container=docker'],
  StopSignal: 'SIGRTMIN+3',
  HostConfig: {
    CapDrop: ['ALL'],
    CapAdd: capabilities,
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    // libvirt writes network settings below /proc/sys/net; the rest of the machine's kernel stays out of reach.
    MaskedPaths: ['/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/scsi', '/sys/firmware'],
    ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sysrq-trigger', '/proc/sys/kernel', '/proc/sys/vm'],
    NetworkMode: 'none',
    CgroupnsMode: 'private',
    Devices: devices.map((path) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rwm' })),
    ShmSize: sharedMemoryBytes,
    Tmpfs: { '/run': 'exec,mode=755', '/tmp': '' },
    Mounts: [
      { Type: 'volume', Source: spec.guestRootVolume, Target: sharedGuestRoot, ReadOnly: true },
      ...(spec.kvmGuestVolume === null
        ? []
        : [{ Type: 'volume' as const, Source: spec.kvmGuestVolume, Target: sharedKvmGuest, ReadOnly: true }]),
      { Type: 'volume', Source: spec.guestUppersVolume, Target: guestUppers, ReadOnly: false },
    ],
    ExtraHosts: [
      `${spec.host.name}:${spec.host.address}`,
      ...spec.guests.map((guest) => `${guest.name}:${guest.address}`),
    ],
  },
});

/** The host's own key and the lab's key that opens it, as a tar; so the host's key is known before its first boot. */
const keyFiles = (spec: ContainerHostSpec) => {
  const files = pack();
  files.entry({ name: 'root/.ssh', type: 'directory', mode: 0o700 });
  files.entry({ name: 'root/.ssh/authorized_keys', mode: 0o600 }, `${spec.loginKey.publicKey}\n`);
  files.entry({ name: 'etc/ssh/ssh_host_ed25519_key', mode: 0o600 }, spec.hostKey.privateKey);
  files.entry({ name: 'etc/ssh/ssh_host_ed25519_key.pub', mode: 0o644 }, `${spec.hostKey.publicKey}\n`);
  files.finalize();
  return files;
};

/** How long a host may take to shut down: the cluster stops every guest and resource first. */
const shutdownSeconds = 120;

/**
 * Restarts a host: its systemd shuts everything down in order, and the container starts again. Ways into it are cut.
 * Throws a LabError if the engine can't do it.
 */
export const restartContainerHost = (docker: Docker, hostName: string, containerId: string): Promise<void> =>
  rebooting(hostName, async () => {
    await docker.getContainer(containerId).restart({ t: shutdownSeconds });
  });

/**
 * Ends everything in a host at once, as a power cut does, and starts it again. What it has written stays, though: its files are in
 * the machine's own page cache. Throws a LabError if the engine can't do it.
 */
export const cutContainerHostPower = (docker: Docker, hostName: string, containerId: string): Promise<void> =>
  rebooting(hostName, async () => {
    const container = docker.getContainer(containerId);
    await container.kill({ signal: 'SIGKILL' });
    await container.wait();
    await container.start();
  });

const rebooting = async (hostName: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    throw new LabError(`The host ${hostName} could not be rebooted.`, {
      cause: error,
      next: '"npm run lab up" brings it up again.',
    });
  }
};

export interface ContainerHostAccess {
  readonly hostName: string;
  readonly containerId: string;
  readonly privateKey: string;
  readonly hostPublicKey: string;
  /** How long the host may be silent before the way to it counts as cut, in milliseconds. */
  readonly silenceMs: number;
}

/** Opens a shell on a container host: SSH over the engine's exec stream, so no fault on any network cuts it. */
export const openContainerHost = async (docker: Docker, access: ContainerHostAccess): Promise<HostShell> => {
  const container = docker.getContainer(access.containerId);
  let stream;
  try {
    stream = await execStream(container, ['sh', '-c', 'mkdir -p /run/sshd && exec /usr/sbin/sshd -i']);
  } catch (error) {
    throw new TransportError(`The host ${access.hostName} can't be reached through the engine.`, {
      cause: error,
      next: '"npm run lab up" brings it up again; "npm run lab doctor" looks at the engine.',
    });
  }
  // sshd's own complaints; they have to be read for the rest to flow.
  stream.stderr.resume();
  return await openSshShell({
    hostName: access.hostName,
    socket: stream.duplex,
    privateKey: access.privateKey,
    hostPublicKey: access.hostPublicKey,
    silenceMs: access.silenceMs,
    sessions: labSessions,
  });
};
