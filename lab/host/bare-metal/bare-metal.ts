import { findEngine } from '../../engine/find-engine.ts';
import { LabError, UsageError } from '../../errors.ts';
import { ensureImages, ownContentOf, releasesOf } from '../../images/ensure-images.ts';
import { labCommand, readLabState } from '../../lab-state.ts';
import { kindsOf, type Plan } from '../../plan.ts';
import type { Settings } from '../../settings.ts';
import type { HostShell } from '../../transport/host-shell.ts';
import { patientShell } from '../../transport/patient-shell.ts';
import type { HostKind, HostState } from '../host-kind.ts';
import { describeAddress, parseSshAddress } from './address.ts';
import { refuseClaimed } from './claim.ts';
import type { Distribution } from './distributions.ts';
import { examineMachine, type Machine } from './examine.ts';
import { giveBack, stopLab } from './give-back.ts';
import { checkRelease } from './install.ts';
import { provision, type Made } from './provision.ts';
import { onMachine, openByAddress } from './reach.ts';
import { reboot } from './reboot.ts';
import { readRecord, type MachineRecord } from './record.ts';
import { askedFor, refuseForeign } from './refuse-foreign.ts';

/** Works on the machine that is, or was to be, the lab's; null where there is none, or it keeps no record. Refuses what is no lab. */
const onLab = async <Result>(
  settings: Settings,
  [host]: readonly HostState[],
  work: (shell: HostShell, record: MachineRecord, distribution: Distribution) => Promise<Result>,
): Promise<Result | null> => {
  const address = host?.at ?? (settings.host.startsWith('ssh://') ? settings.host : null);
  if (address === null) return null;
  const shell = await openByAddress(settings, host?.name ?? address, address, host?.hostPublicKey);
  try {
    const record = await readRecord(shell);
    if (record === null) return null;
    refuseClaimed(settings, record.claim, 'this name');
    const { distribution, timeFactor } = await examineMachine(shell);
    const { guests, network } = record.claim;
    await refuseForeign(shell, { recorded: 'recorded', guests, network }, distribution);
    return await work(patientShell(shell, timeFactor), record, distribution);
  } finally {
    await shell.close();
  }
};

/**
 * Hosts that are machines of somebody's, reached over SSH: everything that a lab brings to one is recorded before and taken away
 * again, and the power switch is nobody's.
 */
export const bareMetal: HostKind = {
  can: { ownKernel: false },
  reachableWithinMs: 600_000,

  async prepare(order) {
    const { settings, plan, progress, signal } = order;
    const releases = releasesOf(settings);
    if (releases.host.packages !== null)
      throw new UsageError(
        `A machine has its Pacemaker from its own package archives, not from ${releases.host.name}.`,
        {
          next: 'set LAB_RELEASE to the release that they have, or choose LAB_HOST=container.',
        },
      );
    const address = describeAddress(parseSshAddress(settings.host, 'LAB_HOST'));
    const state = await readLabState(settings);
    const [remembered] = state?.hosts ?? [];
    if (state?.hostKind === 'bare-metal' && remembered && remembered.at !== address)
      throw new LabError(`The lab "${settings.labName}" is up on ${remembered.at}; asked for is ${address}.`, {
        next: `take it down (${labCommand(settings, 'down')}) or give the new one another LAB_NAME.`,
      });
    const look = async (shell: HostShell): Promise<Machine> => {
      const machine = await examineMachine(shell);
      const record = await readRecord(shell);
      if (record) refuseClaimed(settings, record.claim, 'this cache folder');
      await refuseForeign(shell, askedFor(plan, record?.before ? 'recorded' : 'new'), machine.distribution);
      return machine;
    };
    const leftOut =
      state?.hostKind === 'bare-metal'
        ? state.leftOut
        : await progress.task(`Look at ${address}`, async () =>
            onMachine(settings, async (shell) => {
              const found = await look(shell);
              await checkRelease(shell, found, releases.host, signal);
              return leftOutOf(plan, found);
            }),
          );
    let made: Made | undefined;
    return {
      leftOut,
      ownContent:
        releases.guest.packages === null
          ? ''
          : await ownContentOf((await findEngine(settings, progress, signal)).docker, releases, settings),
      async make(guests) {
        const { docker } = await findEngine(settings, progress, signal);
        const kinds = kindsOf({ ...plan, guests });
        const images = await ensureImages(docker, releases, kinds, settings, progress, signal, 'there');
        made = { docker, images };
        return [
          ['guest', images.guestImage],
          ['root', images.guestRootVolume],
          ...(images.kvmGuestVolume === null ? [] : [['kvm', images.kvmGuestVolume] as const]),
        ];
      },
      async start(host, fitted, _loginKey, below) {
        if (!made) throw new LabError(`The host ${host.name} can't be started before its images are made.`);
        const supplied = made;
        return await onMachine(
          settings,
          async (shell) => {
            const found = await look(shell);
            await provision(patientShell(shell, found.timeFactor), found, fitted, order, supplied, below);
            return {
              state: { name: host.name, at: address, hostPublicKey: shell.hostPublicKey, timeFactor: found.timeFactor },
              accelerator: null,
              kvmGuests: supplied.images.kvmGuestVolume,
            };
          },
          host.name,
        );
      },
    };
  },

  connect: (settings, { name, at, hostPublicKey }) => openByAddress(settings, name, at, hostPublicKey),

  power: (settings, host) => ({
    restart: (signal) => reboot(settings, host, signal),
    cut: null,
    reset: null,
    standStill: null,
    console: null,
  }),

  async remove(settings, remembered, tell) {
    const removed = await onLab(settings, remembered, async (shell, record, distribution) => {
      const { packages, left, differences } = await giveBack(shell, record, distribution);
      for (const line of left) tell(`Left on ${shell.hostName}: ${line}.`);
      for (const line of differences) tell(`On ${shell.hostName} otherwise than before: ${line}.`);
      return `what the lab brought to ${shell.hostName} (${packages} packages among it)`;
    });
    return removed === null ? [] : [removed];
  },

  async clear(settings, remembered) {
    await onLab(settings, remembered, stopLab);
  },

  rescue: () => Promise.resolve([]),
};

const leftOutOf = (plan: Plan, { architecture }: Machine): Readonly<Record<string, string>> => {
  if (architecture === 'x86_64') return {};
  const reason = `KVM guests boot an x86-64 kernel, and the machine is ${architecture}`;
  return Object.fromEntries(plan.guests.filter(({ kind }) => kind === 'kvm').map(({ name }) => [name, reason]));
};
