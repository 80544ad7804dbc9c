import { access, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { EngineExamination } from './examine-engine.ts';
import { readAcceleratorDecision } from '../guests/kvm/decide-accelerator.ts';
import type { Settings } from '../settings.ts';
import type { Finding } from './finding.ts';

/** Looks at what a host needs of the kernel. Of an engine on another machine nothing is known from here. */
export const examineKernel = async (
  settings: Settings,
  { isLocal }: EngineExamination,
): Promise<readonly Finding[]> => {
  if (!isLocal)
    return [{ what: 'kernel', level: 'warning', says: 'the engine is on another machine: not looked at from here' }];
  const evidence = await kernelEvidence();
  return [
    ...(await Promise.all(features.map((feature) => examineFeature(feature, evidence)))),
    await device('/dev/fuse', "libvirt's LXC guests"),
    await device('/dev/net/tun', "libvirt's network"),
    await cgroups(),
    await capabilities(),
    await kvm(settings),
  ];
};

interface Feature {
  readonly what: string;
  readonly module: string;
  /** Its option in the kernel's configuration. */
  readonly option: string;
  readonly need: string;
}

const features: readonly Feature[] = [
  { what: 'overlayfs', module: 'overlay', option: 'CONFIG_OVERLAY_FS', need: "guests' roots" },
  { what: 'nf_tables', module: 'nf_tables', option: 'CONFIG_NF_TABLES', need: 'the firewall' },
  { what: 'veth', module: 'veth', option: 'CONFIG_VETH', need: "guests' interfaces" },
  { what: 'bridge', module: 'bridge', option: 'CONFIG_BRIDGE', need: "libvirt's network" },
];

/** Where a kernel says what it has. Any of these may be missing; none can be trusted for an absence but its configuration. */
interface KernelEvidence {
  readonly config: string;
  readonly loaded: string;
  readonly fileSystems: string;
  readonly loadable: string;
}

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

const kernelEvidence = async (): Promise<KernelEvidence> => {
  const release = (await read('/proc/sys/kernel/osrelease')).trim();
  const packed = await readFile('/proc/config.gz').catch(() => null);
  const config = packed === null ? '' : (await promisify(gunzip)(packed)).toString();
  const folder = `/lib/modules/${release}`;
  return {
    config: config === '' ? await read(`/boot/config-${release}`) : config,
    loaded: await read('/proc/modules'),
    fileSystems: await read('/proc/filesystems'),
    loadable: (await read(`${folder}/modules.builtin`)) + (await read(`${folder}/modules.dep`)),
  };
};

const examineFeature = async ({ what, module, option, need }: Feature, evidence: KernelEvidence): Promise<Finding> => {
  const has =
    new RegExp(`^${module} `, 'mu').test(evidence.loaded) ||
    new RegExp(`\\t${module}$`, 'mu').test(evidence.fileSystems) ||
    (await exists(`/sys/module/${module}`));
  if (has) return { what, level: 'ok', says: `there, for ${need}` };
  const configured = new RegExp(`^${option}=([ym])$`, 'mu').exec(evidence.config)?.[1];
  if (configured === 'y') return { what, level: 'ok', says: `built in, for ${need}` };
  if (new RegExp(`/${module}\\.ko`, 'mu').test(evidence.loadable))
    return { what, level: 'ok', says: `can be loaded, for ${need}` };
  if (evidence.config !== '' && configured === undefined)
    return {
      what,
      level: 'problem',
      says: `this kernel has none, and ${need} need it`,
      next: `use a kernel with ${option}`,
    };
  return { what, level: 'warning', says: `not known: the kernel tells nothing of ${option}` };
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const device = async (path: string, need: string): Promise<Finding> =>
  (await exists(path))
    ? { what: path, level: 'ok', says: `there, for ${need}` }
    : {
        what: path,
        level: 'problem',
        says: `missing, and ${need} need it`,
        next: `load its module (modprobe ${path === '/dev/fuse' ? 'fuse' : 'tun'}), or give this container the device`,
      };

const cgroups = async (): Promise<Finding> => {
  const what = 'cgroups';
  const mounts = await read('/proc/mounts');
  const type = /^\S+ \/sys\/fs\/cgroup (\S+) /mu.exec(mounts)?.[1];
  const controllers = (await read('/sys/fs/cgroup/cgroup.controllers')).trim();
  if (type === 'cgroup2') return { what, level: 'ok', says: `v2 (${controllers || 'no controllers delegated'})` };
  const known = (await read('/proc/filesystems')).includes('\tcgroup2');
  const v1 = /^\S+ \S+ cgroup \S+/mu.test(mounts);
  if (known)
    return { what, level: 'ok', says: v1 ? 'v1; a host gets a v2 root of its own beside it' : 'v2 can be mounted' };
  return {
    what,
    level: 'problem',
    says: 'this kernel has no cgroup v2',
    next: 'use a kernel from 4.5 on, with cgroup v2',
  };
};

/** Numbers of the capabilities (linux/capability.h) that a host can't do without and that a container may lack. */
const neededCapabilities = {
  NET_ADMIN: 12,
  NET_RAW: 13,
  SYS_CHROOT: 18,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  MKNOD: 27,
} as const;

const capabilities = async (): Promise<Finding> => {
  const what = 'capabilities';
  const mask = /^CapBnd:\s+([0-9a-f]+)/mu.exec(await read('/proc/self/status'))?.[1];
  if (mask === undefined) return { what, level: 'warning', says: 'not known' };
  const missing = Object.entries(neededCapabilities).flatMap(([name, bit]) =>
    (BigInt(`0x${mask}`) >> BigInt(bit)) & 1n ? [] : [name],
  );
  return missing.length === 0
    ? { what, level: 'ok', says: 'all that a host needs are within bounds' }
    : {
        what,
        level: 'warning',
        says: `out of bounds here: ${missing.join(', ')}; an engine started from here could not give them to a host`,
        next: 'use an engine outside of this container (DOCKER_HOST)',
      };
};

/** Only booting a guest shows how KVM guests are run; the doctor starts nothing, and tells what the last lab found. */
const kvm = async (settings: Settings): Promise<Finding> => {
  const what = 'KVM guests';
  const decided = await readAcceleratorDecision(settings);
  if (decided)
    return {
      what,
      level: 'ok',
      says:
        decided.accelerator === 'kvm'
          ? `run with KVM: ${decided.reason}`
          : `run with TCG, which is slower: ${decided.reason}`,
    };
  return {
    what,
    level: 'ok',
    says: `${(await exists('/dev/kvm')) ? '/dev/kvm is present, not proven' : 'there is no /dev/kvm'}: the first "lab up" boots one to see; without KVM they run with TCG`,
  };
};
