import type Docker from 'dockerode';
import { runToEnd } from '../../engine/exec-stream.ts';
import { findEngine, findRunningEngine } from '../../engine/find-engine.ts';
import { LabError } from '../../errors.ts';
import { ensureImages, ownContentOf, releasesOf, type Images } from '../../images/ensure-images.ts';
import { labCommand } from '../../lab-state.ts';
import { kindsOf, type Plan } from '../../plan.ts';
import type { Settings } from '../../settings.ts';
import { makeKeyPair } from '../../transport/lab-keys.ts';
import { usualSilenceMs } from '../../transport/ssh-client.ts';
import type { HostKind, HostSupply } from '../host-kind.ts';
import { belongings, ofLab, removeFromEngine } from './belongings.ts';
import {
  cutContainerHostPower,
  openContainerHost,
  restartContainerHost,
  startContainerHost,
} from './container-host.ts';

const never = (): AbortSignal => new AbortController().signal;

/** The engine that the lab of these settings was brought up on. Throws a LabError if it does not run: nothing is started. */
const engineOf = async (settings: Settings): Promise<Docker> => {
  const engine = await findRunningEngine(settings, never());
  if (engine) return engine.docker;
  throw new LabError(`The lab "${settings.labName}" was up, but the engine that it was on does not run any more.`, {
    next: `bring both up again: ${labCommand(settings, 'up')}`,
  });
};

/** Takes the guests out of a plan that the engine's machine has no hypervisor for. */
const leftOutOf = async (docker: Docker, plan: Plan): Promise<HostSupply['leftOut']> => {
  const { Arch: architecture } = await docker.version();
  if (architecture === 'amd64') return {};
  const reason = `KVM guests boot an x86-64 kernel, and the engine's machine is ${architecture}`;
  return Object.fromEntries(plan.guests.filter(({ kind }) => kind === 'kvm').map(({ name }) => [name, reason]));
};

/** How many times longer everything takes on an emulated machine, as on a host that is one. */
const emulatedFactor = 8;
const questionTimeoutMs = 30_000;

/** Whether QEMU emulates the engine's machine, as systemd-detect-virt(1) tells it from one under KVM. */
const isEmulated = async (host: Docker.Container, signal: AbortSignal): Promise<boolean> => {
  const { stdout } = await runToEnd(host, ['systemd-detect-virt', '--vm'], { timeoutMs: questionTimeoutMs, signal });
  return stdout.trim() === 'qemu';
};

/** Hosts that are containers of a Docker Engine: they share the kernel of its machine. */
export const container: HostKind = {
  can: { ownKernel: false },
  reachableWithinMs: 20_000,

  async prepare({ settings, plan, progress, signal }) {
    const { docker } = await findEngine(settings, progress, signal);
    const releases = releasesOf(settings);
    let images: Images | undefined;
    return {
      leftOut: await leftOutOf(docker, plan),
      ownContent: await ownContentOf(docker, releases, settings),
      async make(guests) {
        images = await ensureImages(docker, releases, kindsOf({ ...plan, guests }), settings, progress, signal);
        return [
          ['host', images.hostImage],
          ['guest', images.guestImage],
          ['root', images.guestRootVolume],
          ...(images.kvmGuestVolume === null ? [] : [['kvm', images.kvmGuestVolume] as const]),
        ];
      },
      async start(host, { guests }, loginKey) {
        if (!images) throw new LabError(`The host ${host.name} can't be started before its images are made.`);
        const { labels, containerName, guestUppersVolume } = belongings(settings);
        const hostKey = makeKeyPair(host.name);
        const at = await startContainerHost(docker, {
          containerName: containerName(host.name),
          host,
          guests,
          image: images.hostImage,
          guestRootVolume: images.guestRootVolume,
          kvmGuestVolume: images.kvmGuestVolume,
          guestUppersVolume: guestUppersVolume(host.name),
          labels,
          loginKey,
          hostKey,
        });
        const emulated = await isEmulated(docker.getContainer(at), signal);
        return {
          state: {
            name: host.name,
            at,
            hostPublicKey: hostKey.publicKey,
            timeFactor: emulated ? emulatedFactor : 1,
          },
          accelerator: emulated ? { accelerator: 'tcg', reason: "the engine's machine is emulated by QEMU" } : null,
          kvmGuests: images.kvmGuestVolume,
        };
      },
    };
  },

  async connect(settings, { name, at, hostPublicKey, timeFactor }, privateKey) {
    return await openContainerHost(await engineOf(settings), {
      hostName: name,
      containerId: at,
      hostPublicKey,
      privateKey,
      silenceMs: usualSilenceMs * timeFactor,
    });
  },

  power: (settings, { name, at }) => ({
    restart: async () => {
      await restartContainerHost(await engineOf(settings), name, at);
    },
    cut: async () => {
      await cutContainerHostPower(await engineOf(settings), name, at);
    },
    reset: null,
    standStill: null,
    console: null,
  }),

  async remove(settings) {
    const engine = await findRunningEngine(settings, never());
    return engine === null ? [] : await removeFromEngine(engine.docker, settings);
  },

  async rescue(settings) {
    const engine = await findRunningEngine(settings, never());
    if (engine === null) return [];
    const containers = await engine.docker.listContainers({ filters: ofLab(settings) });
    return await Promise.all(
      containers.map(async ({ Id: id }) => {
        const found = engine.docker.getContainer(id);
        const { Config: config } = await found.inspect();
        return {
          name: config.Hostname,
          run: (script, options) => runToEnd(found, ['bash', '-c', script], options),
        };
      }),
    );
  },
};
