import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { findEngine } from '../../engine/find-engine.ts';
import { findCommand, installPackages } from '../../engine/packages.ts';
import { LabError, UsageError } from '../../errors.ts';
import type { AcceleratorDecision } from '../../guests/kvm/decide-accelerator.ts';
import { kernelArguments } from '../../guests/kvm/domain-xml.ts';
import { ensureImages, releasesOf, wordsOf } from '../../images/ensure-images.ts';
import { ensureHostMachine, type HostMachineFiles } from '../../images/host-machine.ts';
import { printedInImage } from '../../images/printed-in-image.ts';
import { labCommand, labDirectory } from '../../lab-state.ts';
import type { Settings } from '../../settings.ts';
import { makeKeyPair } from '../../transport/lab-keys.ts';
import { usualSilenceMs } from '../../transport/ssh-client.ts';
import { openSshShell } from '../../transport/ssh-shell.ts';
import type { HostKind, HostOrder } from '../host-kind.ts';
import { labSessions } from '../lab-sessions.ts';
import { machineMark } from '../machine-mark.ts';
import { decideHostAccelerator } from './accelerator.ts';
import { makeOverlay } from './disks.ts';
import {
  cutPower,
  findMachine,
  goOn,
  readConsole,
  resetMachine,
  shutDown,
  standStill,
  startMachine,
  type MachineSpec,
} from './machine.ts';
import { packSeed } from './seed.ts';

/** An emulated processor is slower by more than ten times; what waits for time to pass is not. */
const timeFactors = { kvm: 1, tcg: 8 } as const;

const memoryMiB = 3072;
const processors = 2;
/** A host that boots takes connections before it answers, or loses them: the next attempt is sooner there. */
const answerWithinMs = 30_000;
/** How long a host with a processor of its own may take to shut down in order: the cluster stops every guest and resource first. */
const shutDownWithinMs = 60_000;

/**
 * A kernel that can't go on boots anew after a second. Emulated by a QEMU before 8.1 one does so now and then: a processor may run on
 * what the other one has just patched (https://github.com/ClangBuiltLinux/boot-utils/issues/111), mostly while it boots.
 */
const bootsAnew = 'panic=1';

const hostsFolder = (settings: Settings): string => join(labDirectory(settings), 'hosts');
const specPath = (folder: string): string => join(folder, 'spec.json');

/** The machine's own disk, and the shared one that it is an overlay of. */
const ownDisk = (folder: string): string => join(folder, 'root.qcow2');

const specOf = (name: string, folder: string, files: HostMachineFiles, made: AcceleratorDecision): MachineSpec => ({
  name,
  folder,
  disks: [
    { file: ownDisk(folder), format: 'qcow2', access: 'read-write' },
    { file: join(folder, 'seed.tar'), format: 'raw', access: 'read-only' },
    { file: files.guestsDisk, format: 'qcow2', access: 'read-only' },
  ],
  kernel: files.kernel,
  initrd: files.initrd,
  kernelArguments: `${kernelArguments(made.accelerator)} ${bootsAnew} ${machineMark}`,
  accelerator: made.accelerator,
  memoryMiB,
  processors,
});

const startAgain = async (folder: string, signal = new AbortController().signal): Promise<void> => {
  await startMachine(JSON.parse(await readFile(specPath(folder), 'utf8')) as MachineSpec, signal);
};

const ensureQemu = async ({ settings, progress, signal }: HostOrder): Promise<void> => {
  const [qemu, image] = await Promise.all(['qemu-system-x86_64', 'qemu-img'].map(findCommand));
  const missing = [...(qemu === null ? ['qemu-system-x86'] : []), ...(image === null ? ['qemu-utils'] : [])];
  if (missing.length > 0)
    await installPackages(missing, 'a host that is a machine of its own', settings, progress, signal);
};

/** Hosts that are machines of their own under QEMU on this machine, with their own kernel. */
export const vm: HostKind = {
  can: { ownKernel: true },
  reachableWithinMs: 180_000,

  async prepare(order) {
    const { settings, plan, progress, signal } = order;
    const releases = releasesOf(settings);
    if (releases.host.packages !== null || releases.guest.packages !== null)
      throw new UsageError(
        `A virtual machine as the host takes releases of the table only, not ${wordsOf(releases)}.`,
        {
          next: 'choose LAB_HOST=container, or a release of the table.',
        },
      );
    await ensureQemu(order);
    let files: HostMachineFiles | undefined;
    const makeImages = async () => {
      const { docker } = await findEngine(settings, progress, signal);
      await ensureImages(docker, releases, new Set(['lxc']), settings, progress, signal);
      return docker;
    };
    return {
      ownContent: '',
      leftOut: Object.fromEntries(
        plan.guests
          .filter(({ kind }) => kind === 'kvm')
          .map(({ name }) => [name, 'a KVM guest in a host that is a virtual machine would have to be emulated twice']),
      ),
      async make() {
        files = await ensureHostMachine(makeImages, releases, settings, progress, signal);
        return [
          ['kernel', files.kernel],
          ['initrd', files.initrd],
          ['host', files.hostDisk],
          ['guests', files.guestsDisk],
        ];
      },
      async printed(script) {
        if (!files) throw new LabError("There is no host's image before it is made.");
        return await printedInImage(makeImages, files.image, script, settings, signal);
      },
      async start(host, planned, loginKey) {
        if (!files) throw new LabError(`The host ${host.name} can't be started before its disks are made.`);
        const folder = join(hostsFolder(settings), host.name);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const hostKey = makeKeyPair(host.name);
        await writeFile(join(folder, 'seed.tar'), await packSeed(host, planned, loginKey, hostKey), { mode: 0o600 });
        await makeOverlay(ownDisk(folder), { file: files.hostDisk, format: 'qcow2' }, signal);
        const decision = await decideHostAccelerator(settings, files, signal);
        const spec = specOf(host.name, folder, files, decision);
        await writeFile(specPath(folder), `${JSON.stringify(spec, null, 2)}\n`, { mode: 0o600 });
        await startMachine(spec, signal);
        return {
          state: {
            name: host.name,
            at: folder,
            hostPublicKey: hostKey.publicKey,
            timeFactor: timeFactors[decision.accelerator],
          },
          accelerator: decision,
          kvmGuests: null,
        };
      },
    };
  },

  async connect(settings, { name, at, hostPublicKey, timeFactor }, privateKey) {
    const machine = await findMachine(at);
    if (!machine)
      throw new LabError(`The machine of the host ${name} does not run any more.`, {
        next: `see its last words in ${join(at, 'console.log')}, then: ${labCommand(settings, 'up')}`,
      });
    // Whoever had it stand still may have been killed.
    await goOn(at);
    return await openSshShell({
      hostName: name,
      socket: createConnection(machine.sshPort, '127.0.0.1'),
      privateKey,
      hostPublicKey,
      timeoutMs: answerWithinMs,
      sessions: labSessions,
      silenceMs: usualSilenceMs * timeFactor,
    });
  },

  power: (_settings, { at, timeFactor }) => ({
    async restart(signal) {
      await shutDown(at, shutDownWithinMs * timeFactor, signal);
      await startAgain(at, signal);
    },
    async cut(signal) {
      await cutPower(at);
      await startAgain(at, signal);
    },
    reset: () => resetMachine(at),
    standStill: (forMs, signal) => standStill(at, forMs, signal),
    console: () => readConsole(at),
  }),

  async remove(settings) {
    const names = await readdir(hostsFolder(settings)).catch(() => []);
    const removed: string[] = [];
    // Its files are the lab's, and go with them.
    for (const name of names) if (await cutPower(join(hostsFolder(settings), name))) removed.push(`machine ${name}`);
    return removed;
  },

  rescue: () => Promise.resolve([]),
};
