import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { draftConfiguration, pushConfiguration } from './cluster/configuration.ts';
import { verifyFirewall } from './cluster/firewall.ts';
import { enableCluster, startCluster, verifyMembership } from './cluster/membership.ts';
import { removeLabFromEngine } from './down.ts';
import { findEngine } from './engine/find-engine.ts';
import { LabError, UsageError } from './errors.ts';
import { giveAuthkey } from './guests/guest-kind.ts';
import { decideAccelerator, type AcceleratorDecision } from './guests/kvm/decide-accelerator.ts';
import { prepareKvmGuest } from './guests/kvm/prepare.ts';
import { prepareLxcGuest } from './guests/lxc/prepare.ts';
import { withQuickAcknowledgements } from './guests/quick-acknowledgements.ts';
import { startNetwork } from './guests/network.ts';
import { labLabel, openContainerHost, ownerLabel, startContainerHost } from './host/container-host.ts';
import { readHostFacts } from './host/facts.ts';
import { ensureImages, type Images } from './images/ensure-images.ts';
import { belongings, openLab, type Lab } from './lab.ts';
import {
  forgetLab,
  labCommand,
  readLabState,
  suiteVersion,
  writeLabKey,
  writeLabState,
  type LabState,
} from './lab-state.ts';
import { openStatusStream } from './observation/status-stream.ts';
import { kindsOf, loadPlan, type GuestPlan, type HostPlan, type Plan } from './plan.ts';
import type { Progress, Report } from './progress/progress.ts';
import { findRelease } from './releases.ts';
import type { Settings } from './settings.ts';
import { takeBaseline } from './steady-state/baseline.ts';
import { bootTimes } from './steady-state/boot-times.ts';
import { deviations } from './steady-state/deviations.ts';
import { waitUntilIdle } from './steady-state/reset.ts';
import { makeKeyPair, type KeyPair } from './transport/lab-keys.ts';
import type { HostShell } from './transport/host-shell.ts';

/** How long a DC may take: dc-deadtime as shipped is 20 s, and the election comes after it. */
const dcTimeoutMs = 90_000;
/** An emulated guest that boots on a busy machine included. */
const guestsTimeoutMs = 180_000;
const hostTimeoutMs = 30_000;

export interface UpResult {
  readonly lab: Lab;
  readonly docker: Docker;
  /** Whether there was no lab before; one that was up and had to be rebuilt belongs to whoever brought it up. */
  readonly created: boolean;
}

/**
 * Makes sure that the lab of these settings is up and in its steady state, and returns it, connected. A lab that is up is
 * reset if it deviates and rebuilt, visibly, if it can't be reset or its host is gone; one that an interrupted run left half
 * made is removed first. With `existing: 'replace'` a lab that is up is not tried, but built anew.
 * Throws a LabError (or one of its kinds) otherwise; then nothing of a new lab is left behind.
 */
export const bringUp = async (
  settings: Settings,
  progress: Progress,
  signal: AbortSignal,
  { existing = 'reuse' }: { readonly existing?: 'reuse' | 'replace' } = {},
): Promise<UpResult> => {
  const asked = await loadPlan(settings.plan);
  const release = findRelease(settings.release);
  if (asked.hosts.length > 1)
    throw new UsageError(
      `The plan ${asked.name} has ${asked.hosts.length} hosts; a container lab can have one so far.`,
      {
        next: 'choose a plan with one host.',
      },
    );
  const { docker } = await findEngine(settings, progress, signal);
  const { plan, leftOut } = await fitPlan(docker, asked);
  for (const [guest, reason] of Object.entries(leftOut)) progress.note(`The lab comes up without ${guest}: ${reason}`);
  const builtFrom = `${release.version} ${createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 16)}`;
  const state = await readLabState(settings);
  if (state) {
    if (state.builtFrom !== builtFrom)
      throw new LabError(
        `The lab "${settings.labName}" is up with Pacemaker ${state.release} and the plan ${state.planName}; ` +
          `asked for are ${release.version} and ${plan.name}.`,
        { next: `take it down (${labCommand(settings, 'down')}) or give the new one another LAB_NAME.` },
      );
    const lab = existing === 'replace' ? null : await reuse(docker, settings, state, progress, signal);
    if (lab) return { lab, docker, created: false };
  }
  await removeLabFromEngine(docker, settings);
  await forgetLab(settings);
  const images = await ensureImages(docker, release, kindsOf(plan), settings, progress, signal);
  try {
    const lab = await build(docker, settings, plan, leftOut, builtFrom, images, progress, signal);
    return { lab, docker, created: state === null };
  } catch (error) {
    await removeLabFromEngine(docker, settings).catch(() => undefined);
    await forgetLab(settings);
    throw error;
  }
};

/** Returns the lab that is up, reset if it had to be; or null, having said why, if it has to be rebuilt. */
const reuse = async (
  docker: Docker,
  settings: Settings,
  state: LabState,
  progress: Progress,
  signal: AbortSignal,
): Promise<Lab | null> =>
  await progress.task(`Lab "${settings.labName}" is up: check its steady state`, async (report, below) => {
    let lab: Lab | undefined;
    try {
      lab = await openLab(docker, settings, state);
      const stream = await lab.openStream(100);
      try {
        const { done } = await lab.reset(stream, signal);
        report(done.length > 0 ? `it was not steady: ${done.join('; ')}` : 'it is steady');
      } finally {
        await stream.close();
      }
      return lab;
    } catch (error) {
      await lab?.close();
      if (signal.aborted || !(error instanceof LabError)) throw error;
      below.note(`The lab "${settings.labName}" has to be rebuilt: ${error.message.split('\n')[0] ?? ''}`);
      return null;
    }
  });

/** Why a guest of the plan is not in a lab, by its name. */
type LeftOut = LabState['leftOut'];

/** Takes the guests out of a plan that the engine's machine has no hypervisor for. Throws a LabError if that leaves none. */
const fitPlan = async (docker: Docker, plan: Plan): Promise<{ readonly plan: Plan; readonly leftOut: LeftOut }> => {
  const { Arch: architecture } = await docker.version();
  if (architecture === 'amd64') return { plan, leftOut: {} };
  const reason = `KVM guests boot an x86-64 kernel, and the engine's machine is ${architecture}`;
  const leftOut = plan.guests.filter(({ kind }) => kind === 'kvm');
  const guests = plan.guests.filter(({ kind }) => kind !== 'kvm');
  if (guests.length === 0)
    throw new LabError(`The plan ${plan.name} can't be had here: ${reason}.`, { next: 'choose LAB_PLAN=lxc.' });
  return { plan: { ...plan, guests }, leftOut: Object.fromEntries(leftOut.map(({ name }) => [name, reason])) };
};

const build = async (
  docker: Docker,
  settings: Settings,
  plan: Plan,
  leftOut: LeftOut,
  builtFrom: string,
  images: Images,
  progress: Progress,
  signal: AbortSignal,
): Promise<Lab> => {
  const loginKey = makeKeyPair(`lab-${settings.labName}`);
  await writeLabKey(settings, loginKey.privateKey);
  const [host] = plan.hosts;
  if (!host) throw new UsageError(`The plan ${plan.name} has no host.`);
  const hostKey = makeKeyPair(host.name);
  const { containerId, shell } = await progress.task(`Start the host ${host.name}`, () =>
    startHost(docker, settings, plan, host, images, { loginKey, hostKey }, signal),
  );
  try {
    const accelerator = await buildCluster(shell, settings, plan, images, progress, signal);
    const state = await progress.task('Wait for guests and resources', async () => {
      const stream = await openStatusStream(shell, 100);
      try {
        await withQuickAcknowledgements(shell, plan, () =>
          stream.until((sample) => deviations(sample, plan).length === 0, {
            timeoutMs: guestsTimeoutMs,
            what: `the steady state of the plan ${plan.name}`,
            signal,
          }),
        );
        await waitUntilIdle(shell, plan, signal);
        const made: LabState = {
          suiteVersion,
          name: settings.labName,
          hostKind: settings.host,
          release: settings.release,
          planName: plan.name,
          plan,
          builtFrom,
          createdAt: new Date().toISOString(),
          hosts: [{ name: host.name, containerId, hostPublicKey: hostKey.publicKey }],
          facts: await readHostFacts(shell),
          accelerator,
          leftOut,
          bootMs: bootTimes(stream.since(0), plan),
          baseline: await takeBaseline(shell, plan, await stream.next(signal)),
        };
        await writeLabState(settings, made);
        return made;
      } finally {
        await stream.close();
      }
    });
    await shell.close();
    return await openLab(docker, settings, state);
  } catch (error) {
    await shell.close();
    throw error;
  }
};

const startHost = async (
  docker: Docker,
  settings: Settings,
  plan: Plan,
  host: HostPlan,
  images: Images,
  keys: { readonly loginKey: KeyPair; readonly hostKey: KeyPair },
  signal: AbortSignal,
): Promise<{ containerId: string; shell: HostShell }> => {
  const { owner, containerName, guestUppersVolume } = belongings(settings);
  const containerId = await startContainerHost(docker, {
    containerName: containerName(host.name),
    host,
    guests: plan.guests,
    image: images.hostImage,
    guestRootVolume: images.guestRootVolume,
    kvmGuestVolume: images.kvmGuestVolume,
    guestUppersVolume: guestUppersVolume(host.name),
    labels: { [labLabel]: settings.labName, [ownerLabel]: owner },
    ...keys,
  });
  const shell = await openContainerHost(docker, {
    hostName: host.name,
    containerId,
    privateKey: keys.loginKey.privateKey,
    hostPublicKey: keys.hostKey.publicKey,
  });
  // systemd answers before it has started everything; corosync and libvirt can be asked for from then on.
  try {
    await shell.run('until systemctl list-jobs >/dev/null 2>&1; do sleep 0.1; done', {
      timeoutMs: hostTimeoutMs,
      signal,
    });
  } catch (error) {
    await shell.close();
    throw error;
  }
  return { containerId, shell };
};

/**
 * Sets up the cluster as the walk-throughs do. What can be done while the cluster has no DC yet (dc-deadtime) is done
 * meanwhile: the guests' roots and domains, libvirt's network, and the configuration. A DC that finds the configuration
 * there starts the guests at once; one that gets it later elects itself a second time first, which costs 2 s.
 */
const buildCluster = async (
  shell: HostShell,
  settings: Settings,
  plan: Plan,
  images: Images,
  progress: Progress,
  signal: AbortSignal,
): Promise<AcceleratorDecision | null> => {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const clusterStarted = startCluster(shell, plan, either);
  const { kvmGuestVolume } = images;
  const acceleratorDecided =
    kvmGuestVolume === null ? null : decideAccelerator(shell, settings, kvmGuestVolume, either);
  const prepareGuest = async (guest: GuestPlan): Promise<void> => {
    const decision = guest.kind === 'kvm' ? await acceleratorDecided : null;
    await (decision ? prepareKvmGuest(shell, plan, guest, decision.accelerator) : prepareLxcGuest(shell, plan, guest));
  };
  const guestsPrepared = Promise.all([startNetwork(shell, plan), ...plan.guests.map(prepareGuest)]);
  const configured = Promise.all([clusterStarted, guestsPrepared]).then(async () => {
    await Promise.all(plan.guests.map((guest) => giveAuthkey(shell, guest)));
    await draftConfiguration(shell, plan, either);
    await pushConfiguration(shell);
  });
  // What fails ends the wait for a DC too.
  configured.catch((error: unknown) => {
    stop.abort(error);
  });
  const dcElected = clusterStarted.then(() => waitForDc(shell, either));
  await progress.together([
    {
      title: 'Corosync, authkey, pacemaker, firewall',
      run: async () => {
        await clusterStarted;
        await enableCluster(shell);
        await verifyMembership(shell, plan);
        await verifyFirewall(shell);
      },
    },
    ...(acceleratorDecided === null
      ? []
      : [
          {
            title: 'The accelerator of KVM guests',
            run: async (report: Report) => {
              const { accelerator, reason } = await acceleratorDecided;
              report(`${accelerator.toUpperCase()}: ${reason}`);
            },
          },
        ]),
    {
      title: `libvirt's network, disks and domains of ${plan.guests.map((guest) => guest.name).join(', ')}`,
      run: async () => {
        await guestsPrepared;
      },
    },
    { title: "The cluster's configuration, with pcs", run: () => configured },
    { title: 'Wait for a DC (dc-deadtime, 20 s as shipped)', run: () => dcElected },
  ]);
  return await acceleratorDecided;
};

const waitForDc = async (shell: HostShell, signal: AbortSignal): Promise<void> => {
  const stream = await openStatusStream(shell, 500);
  try {
    await stream.until((sample) => sample.status.dc !== null, { timeoutMs: dcTimeoutMs, what: 'a DC', signal });
  } finally {
    await stream.close();
  }
};
