import { createHash } from 'node:crypto';
import { draftScript, pushConfiguration } from './cluster/configuration.ts';
import { verifyFirewall } from './cluster/firewall.ts';
import { corosyncConfScript, startCluster } from './cluster/membership.ts';
import { clearHosts, removeHosts } from './down.ts';
import { LabError, UsageError } from './errors.ts';
import { gatherLogs, reachOver } from './evidence/gather-logs.ts';
import { giveAuthkey } from './guests/guest-kinds.ts';
import { decideAccelerator, type AcceleratorDecision } from './guests/kvm/decide-accelerator.ts';
import { prepareKvmGuest } from './guests/kvm/prepare.ts';
import { prepareLxcGuest } from './guests/lxc/prepare.ts';
import { withQuickAcknowledgements } from './guests/quick-acknowledgements.ts';
import { startNetwork } from './guests/network.ts';
import { readGuestPacemaker } from './guests/guest-pacemaker.ts';
import { readHostFacts } from './host/facts.ts';
import type { HostSupply, StartedHost } from './host/host-kind.ts';
import { hostKindNameOf, hostKinds } from './host/host-kinds.ts';
import type { Host } from './host/host.ts';
import { openHost } from './host/open-host.ts';
import { releasesOf, wordsOf } from './images/ensure-images.ts';
import { openLab, type Lab } from './lab.ts';
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
import { loadPlan, type GuestPlan, type Plan } from './plan.ts';
import type { Progress, Report } from './progress/progress.ts';
import type { Settings } from './settings.ts';
import { takeBaseline } from './steady-state/baseline.ts';
import { bootTimes } from './steady-state/boot-times.ts';
import { waitUntilUp } from './steady-state/come-up.ts';
import { makeKeyPair } from './transport/lab-keys.ts';
import type { HostShell } from './transport/host-shell.ts';

/** How long a DC may take: dc-deadtime as shipped is 20 s, and the election comes after it. */
const dcTimeoutMs = 90_000;
/** An emulated guest that boots on a busy machine included. */
const guestsTimeoutMs = 180_000;
const hostTimeoutMs = 30_000;

export interface UpResult {
  readonly lab: Lab;
  /** Whether there was no lab before; one that was up and had to be rebuilt belongs to whoever brought it up. */
  readonly created: boolean;
  /** What had to be done to a lab that was up, in words. */
  readonly done: readonly string[];
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
  const releases = releasesOf(settings);
  if (asked.hosts.length > 1)
    throw new UsageError(`The plan ${asked.name} has ${asked.hosts.length} hosts; a lab can have one so far.`, {
      next: 'choose a plan with one host.',
    });
  const hostKind = hostKindNameOf(settings);
  const supply = await hostKinds[hostKind].prepare({ settings, plan: asked, progress, signal });
  const { leftOut } = supply;
  const plan = fitPlan(asked, leftOut);
  for (const [guest, reason] of Object.entries(leftOut)) progress.note(`The lab comes up without ${guest}: ${reason}`);
  const builtFrom = `${wordsOf(releases)} ${createHash('sha256').update(JSON.stringify(plan)).update(supply.ownContent).digest('hex').slice(0, 16)}`;
  const state = await readLabState(settings);
  if (state) {
    if (state.hostKind !== hostKind)
      throw new LabError(`The lab "${settings.labName}" is up on a ${state.hostKind}; asked for is a ${hostKind}.`, {
        next: `take it down (${labCommand(settings, 'down')}) or give the new one another LAB_NAME.`,
      });
    if (state.builtFrom !== builtFrom)
      throw new LabError(
        `The lab "${settings.labName}" is up with Pacemaker ${wordsOf(releasesOf(state))} and the plan ${state.planName}; ` +
          `asked for are ${wordsOf(releases)} and ${plan.name}, as they are now.`,
        { next: `take it down (${labCommand(settings, 'down')}) or give the new one another LAB_NAME.` },
      );
    const reused = existing === 'replace' ? null : await reuse(settings, state, progress, signal);
    if (reused) return { ...reused, created: false };
  }
  await clearHosts(settings);
  await forgetLab(settings);
  await supply.make(plan.guests);
  try {
    const lab = await build(supply, settings, plan, builtFrom, progress, signal);
    return { lab, created: state === null, done: ['built it anew'] };
  } catch (error) {
    await removeHosts(settings).catch(() => undefined);
    await forgetLab(settings);
    throw error;
  }
};

/** Returns the lab that is up, reset if it had to be; or null, having said why, if it has to be rebuilt. */
const reuse = async (
  settings: Settings,
  state: LabState,
  progress: Progress,
  signal: AbortSignal,
): Promise<Pick<UpResult, 'lab' | 'done'> | null> =>
  await progress.task(`Lab "${settings.labName}" is up: check its steady state`, async (report, below) => {
    let lab: Lab | undefined;
    try {
      lab = await openLab(settings, state);
      const stream = await lab.openStream(100);
      try {
        const { done } = await lab.reset(stream, signal);
        report(done.length > 0 ? `it was not steady: ${done.join('; ')}` : 'it is steady');
        return { lab, done };
      } finally {
        await stream.close();
      }
    } catch (error) {
      await lab?.close();
      if (signal.aborted || !(error instanceof LabError)) throw error;
      below.note(`The lab "${settings.labName}" has to be rebuilt: ${inOneLine(error)}`);
      return null;
    }
  });

/** What happened, with its list, and without the next step, which is being taken. */
const inOneLine = ({ message }: LabError): string =>
  (message.split('\nNext: ')[0] ?? '').replace(/:\n\s*/, ': ').replaceAll(/\n\s*/g, '; ');

/** Takes the guests out of a plan that can't be had. Throws a LabError if that leaves none. */
const fitPlan = (plan: Plan, leftOut: HostSupply['leftOut']): Plan => {
  const guests = plan.guests.filter(({ name }) => leftOut[name] === undefined);
  const [reason] = Object.values(leftOut);
  if (guests.length === 0)
    throw new LabError(`The plan ${plan.name} can't be had here: ${reason ?? 'it has no guests'}.`, {
      next: 'choose LAB_PLAN=lxc.',
    });
  return { ...plan, guests };
};

const build = async (
  supply: HostSupply,
  settings: Settings,
  plan: Plan,
  builtFrom: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Lab> => {
  const loginKey = makeKeyPair(`lab-${settings.labName}`);
  await writeLabKey(settings, loginKey.privateKey);
  const [planned] = plan.hosts;
  if (!planned) throw new UsageError(`The plan ${plan.name} has no host.`);
  const hostKind = hostKindNameOf(settings);
  const { started, host } = await progress.task(`Start the host ${planned.name}`, async (_report, below) => {
    const started = await supply.start(planned, plan, loginKey, below);
    const kind = hostKinds[hostKind];
    const host = await openHost(kind, settings, started.state, loginKey.privateKey, 'booting', signal);
    await waitForSystemd(host, signal);
    return { started, host };
  });
  const { shell } = host;
  try {
    const ofGuests = await buildCluster(host, supply, settings, plan, started, progress, signal);
    const state = await progress.task('Wait for guests and resources', async () => {
      const stream = await openStatusStream(shell, 100, host.timeFactor);
      const keepLogs = async () => (await gatherLogs(settings.labName, [reachOver(shell, signal)])).folder;
      try {
        await withQuickAcknowledgements(shell, plan, () =>
          waitUntilUp({ shell, stream, plan, timeoutMs: guestsTimeoutMs, keepLogs, signal }),
        );
        const made: LabState = {
          suiteVersion,
          name: settings.labName,
          hostKind,
          release: settings.release,
          guestRelease: settings.guestRelease,
          planName: plan.name,
          plan,
          builtFrom,
          createdAt: new Date().toISOString(),
          hosts: [started.state],
          facts: { ...(await readHostFacts(shell)), guestPacemaker: await readGuestPacemaker(shell, plan.guests) },
          accelerator: started.accelerator ?? ofGuests,
          leftOut: supply.leftOut,
          bootMs: bootTimes(stream.since(0), plan),
          baseline: await takeBaseline(shell, plan, await stream.next(signal)),
        };
        await writeLabState(settings, made);
        return made;
      } finally {
        await stream.close();
      }
    });
    return await openLab(settings, state);
  } finally {
    await host.close();
  }
};

/** systemd answers before it has started everything; corosync and libvirt can be asked for from then on. */
const waitForSystemd = async (host: Host, signal: AbortSignal): Promise<void> => {
  try {
    await host.shell.run('until systemctl list-jobs >/dev/null 2>&1; do sleep 0.1; done', {
      timeoutMs: hostTimeoutMs,
      signal,
    });
  } catch (error) {
    await host.close();
    throw error;
  }
};

/**
 * Sets up the cluster as the walk-throughs do. What can be done while the cluster starts and has no DC yet (dc-deadtime) is done
 * meanwhile: the guests' roots and domains, libvirt's network, and the configuration. A DC that finds the configuration
 * there starts the guests at once; one that gets it later elects itself a second time first, which costs 2 s.
 */
const buildCluster = async (
  { shell, timeFactor }: Host,
  supply: HostSupply,
  settings: Settings,
  plan: Plan,
  { kvmGuests, accelerator }: StartedHost,
  progress: Progress,
  signal: AbortSignal,
): Promise<AcceleratorDecision | null> => {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  // On an emulated host pcs would take minutes for what takes it seconds in a container of the host's image, and comes to the same.
  const printed = timeFactor > 1 ? supply.printed : undefined;
  const drafting = draftScript(plan, timeFactor);
  const drafted = printed?.(drafting) ?? printedBy(shell, drafting, either);
  const clusterStarted = Promise.resolve(printed?.(corosyncConfScript(plan)) ?? null).then((conf) =>
    startCluster(shell, plan, conf, either),
  );
  const acceleratorDecided = kvmGuests === null ? null : decideAccelerator(shell, settings, kvmGuests, either);
  const prepareGuest = async (guest: GuestPlan): Promise<void> => {
    const decision = guest.kind === 'kvm' ? await acceleratorDecided : null;
    await (decision
      ? prepareKvmGuest(shell, plan, guest, decision.accelerator)
      : prepareLxcGuest(shell, plan, guest, accelerator?.accelerator ?? null));
  };
  const guestsPrepared = Promise.all([startNetwork(shell, plan), ...plan.guests.map(prepareGuest)]);
  const configured = Promise.all([drafted, clusterStarted, guestsPrepared]).then(async ([draft]) => {
    await Promise.all(plan.guests.map((guest) => giveAuthkey(shell, guest)));
    await pushConfiguration(shell, draft, settings.labName);
  });
  // What fails ends the wait for a DC too.
  configured.catch((error: unknown) => {
    stop.abort(error);
  });
  const dcElected = clusterStarted.then(() => waitForDc(shell, timeFactor, either));
  await progress.together([
    {
      title: 'Corosync, authkey, pacemaker, firewall',
      run: async () => {
        await clusterStarted;
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

const printedBy = async (shell: HostShell, script: string, signal: AbortSignal): Promise<string> =>
  (await shell.run(script, { timeoutMs: 180_000, signal })).stdout;

const waitForDc = async (shell: HostShell, timeFactor: number, signal: AbortSignal): Promise<void> => {
  const stream = await openStatusStream(shell, 500, timeFactor);
  try {
    await stream.until((sample) => sample.status.dc !== null, {
      timeoutMs: dcTimeoutMs,
      what: 'a DC',
      signal,
    });
  } finally {
    await stream.close();
  }
};
