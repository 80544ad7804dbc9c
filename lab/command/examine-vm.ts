import { findCommand, whyNoInstall } from '../engine/packages.ts';
import { readAcceleratorDecision } from '../guests/kvm/decide-accelerator.ts';
import type { Settings } from '../settings.ts';
import type { Finding } from './finding.ts';

/** Looks at what a host that is a virtual machine needs of this machine. */
export const examineVm = async (settings: Settings): Promise<readonly Finding[]> => [
  await qemu(settings),
  await accelerator(settings),
];

const qemu = async (settings: Settings): Promise<Finding> => {
  const what = 'QEMU';
  const missing = (await findCommand('qemu-system-x86_64')) === null || (await findCommand('qemu-img')) === null;
  if (!missing) return { what, level: 'ok', says: 'there, for a host that is a virtual machine' };
  const obstacle = await whyNoInstall(settings);
  return obstacle === null
    ? { what, level: 'ok', says: 'not installed; "up" installs qemu-system-x86 and qemu-utils' }
    : {
        what,
        level: 'problem',
        says: `not installed, and ${obstacle}`,
        next: 'install qemu-system-x86 and qemu-utils, or choose LAB_HOST=container',
      };
};

const accelerator = async (settings: Settings): Promise<Finding> => {
  const what = 'KVM for hosts';
  const decided = await readAcceleratorDecision(settings, 'hosts');
  if (decided === null) return { what, level: 'ok', says: 'not tried yet: "up" boots a host\'s kernel with it' };
  return decided.accelerator === 'kvm'
    ? { what, level: 'ok', says: `used: ${decided.reason}` }
    : { what, level: 'warning', says: `hosts are emulated, and slower by far: ${decided.reason}` };
};
