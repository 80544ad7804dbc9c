import { readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import { sharedGuestRoot, sharedKvmGuest } from '../../guests/guest-files.ts';
import { releasesOf, type Images } from '../../images/ensure-images.ts';
import { kindsOf, type Plan } from '../../plan.ts';
import type { Part, Progress } from '../../progress/progress.ts';
import { quote, type HostShell } from '../../transport/host-shell.ts';
import type { HostOrder } from '../host-kind.ts';
import { claimOf } from './claim.ts';
import type { Machine } from './examine.ts';
import { firewallUnit, machinedActivation, moduleList, recordFolder } from './files.ts';
import { installOnMachine } from './install.ts';
import { makeRecord } from './record.ts';
import { bringSharedFiles, type SharedFiles } from './shared-files.ts';

const settleScript = readFileSync(new URL('./settle.sh', import.meta.url), 'utf8');
const settleTimeoutMs = 180_000;

/** What guests are made from, and the engine that has it. */
export interface Made {
  readonly docker: Docker;
  readonly images: Images;
}

/**
 * Makes a machine a host for the guests of a plan, after a record of what there is on it: packages, what guests share, units, names and
 * the firewall. What is there already stays as it is.
 */
export const provision = async (
  shell: HostShell,
  machine: Machine,
  plan: Plan,
  { settings, signal }: HostOrder,
  { docker, images }: Made,
  progress: Progress,
): Promise<void> => {
  const { distribution } = machine;
  await progress.task('Write down what there is on the machine', () =>
    makeRecord(shell, claimOf(settings, plan), distribution),
  );
  // One that fails ends the other.
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const orStop = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  const packages: Part<void> = {
    title: 'Packages',
    run: async (report) => {
      const { host } = releasesOf(settings);
      const brought = await orStop(installOnMachine(shell, machine, host, kindsOf(plan), report, either));
      report(brought === 0 ? 'nothing to install' : `${brought} installed`);
    },
  };
  const { guestImage: image, guestRootVolume, kvmGuestVolume } = images;
  const shared: readonly SharedFiles[] = [
    { volume: guestRootVolume, image, folder: sharedGuestRoot },
    ...(kvmGuestVolume === null ? [] : [{ volume: kvmGuestVolume, image, folder: sharedKvmGuest }]),
  ];
  const uploads = shared.map((files): Part<void> => ({
    title: `What guests share, in ${files.folder}`,
    run: async (report) => {
      if (!(await orStop(bringSharedFiles(shell, docker, files, report, either)))) report('it is there');
    },
  }));
  await progress.together([packages, ...uploads]);
  await progress.task('Units, names and the firewall', async () => {
    const variables = {
      folder: recordFolder,
      unit: firewallUnit,
      modules: moduleList,
      activation: machinedActivation,
      libvirtd: distribution.libvirtdSettings,
      hosts: [...plan.hosts, ...plan.guests].map(({ name, address }) => `${address} ${name}`).join('\n'),
      bridge: plan.network.bridge,
      kvm: kvmGuestVolume === null ? 'no' : 'yes',
    };
    const set = Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}`);
    await shell.run([...set, settleScript].join('\n'), { timeoutMs: settleTimeoutMs, signal });
  });
};
