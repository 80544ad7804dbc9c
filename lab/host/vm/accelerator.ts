import { decideAccelerator, type AcceleratorDecision } from '../../guests/kvm/decide-accelerator.ts';
import type { HostMachineFiles } from '../../images/host-machine.ts';
import type { Settings } from '../../settings.ts';
import { runHere } from '../../transport/run-here.ts';

/** Finds out by booting it, once for a machine and image, whether a host's kernel runs with KVM on this machine. */
export const decideHostAccelerator = (
  settings: Settings,
  files: HostMachineFiles,
  signal: AbortSignal,
): Promise<AcceleratorDecision> => decideAccelerator({ run: runHere }, settings, files.hash, signal, files);
