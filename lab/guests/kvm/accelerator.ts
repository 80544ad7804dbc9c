import { quote, type HostShell } from '../../transport/host-shell.ts';
import { kernelArguments, kvmGuestFiles } from './domain-xml.ts';

/** What runs a KVM guest's instructions: the processor, or QEMU's own translator. */
export type Accelerator = 'kvm' | 'tcg';

/** An accelerator and, in words, why it is that one. */
export interface ChosenAccelerator {
  readonly accelerator: Accelerator;
  readonly reason: string;
}

const limitSeconds = 10;
/** Written by lab/images/machine/initrd-init where lab_probe is set. */
const marker = 'lab: the kernel has reached user space';

/** A kernel and the initrd that says when it got there: paths where they are booted. */
export interface Bootable {
  readonly kernel: string;
  readonly initrd: string;
}

/** How booting the guests' kernel as far as its initrd's init went. */
export interface BootOutcome {
  /** QEMU's exit status, 124 or 137 when its time ran out, or null without the device that it needs. */
  readonly exitStatus: number | null;
  /** The guest's serial console, and what QEMU says itself. */
  readonly output: string;
}

/**
 * Finds out what can run KVM guests on a host. That /dev/kvm is there and answers proves nothing, so the guests' own
 * kernel and initrd are booted with it as far as user space, for 10 s at most; nothing is left running.
 * @returns `kvm` if that worked, else `tcg`, with the reason in words.
 * @throws CommandError or TransportError if the host can't be asked at all.
 */
export const probeAccelerator = async (
  shell: Pick<HostShell, 'run'>,
  signal: AbortSignal,
  boot: Bootable = kvmGuestFiles,
): Promise<ChosenAccelerator> => chooseAccelerator(await bootToUserSpace(shell, 'kvm', signal, boot));

/**
 * Boots the guests' kernel and initrd on a host, with an accelerator and without a disk, in a mode that ends by itself.
 * The kernel is quiet: it shares the console with the init, and must not break its line.
 */
export const bootToUserSpace = async (
  shell: Pick<HostShell, 'run'>,
  accelerator: Accelerator,
  signal: AbortSignal,
  boot: Bootable = kvmGuestFiles,
): Promise<BootOutcome> => {
  const { stdout } = await shell.run(
    `${accelerator === 'kvm' ? '[ -e /dev/kvm ] || { echo none; exit 0; }' : ''}
    output=$(timeout --kill-after=1 ${limitSeconds} qemu-system-x86_64 -machine q35 -accel ${accelerator} \
      -cpu ${accelerator === 'kvm' ? 'host' : 'qemu64'} -m 256 -nodefaults -no-user-config -no-reboot -display none \
      -serial stdio -kernel ${quote(boot.kernel)} -initrd ${quote(boot.initrd)} \
      -append '${kernelArguments(accelerator)} quiet lab_probe=1' </dev/null 2>&1)
    echo $?
    printf %s "$output" | tail -c 20000`,
    { timeoutMs: (limitSeconds + 10) * 1000, signal },
  );
  const [status = '', ...output] = stdout.split('\n');
  return { exitStatus: status === 'none' ? null : Number(status), output: output.join('\n') };
};

/** Reads the choice off the outcome of a boot with KVM. */
export const chooseAccelerator = ({ exitStatus, output }: BootOutcome): ChosenAccelerator => {
  if (exitStatus === null) return { accelerator: 'tcg', reason: 'there is no /dev/kvm' };
  if (output.includes(marker)) return { accelerator: 'kvm', reason: 'the kernel reached user space with KVM' };
  return { accelerator: 'tcg', reason: whyNot(exitStatus, output) };
};

const whyNot = (exitStatus: number, output: string): string => {
  // timeout(1) says 124 when QEMU ended at its signal, 137 when it had to be killed.
  if (exitStatus === 124 || exitStatus === 137) return `the kernel did not reach user space within ${limitSeconds} s`;
  const said = output.split('\n').find((line) => /^qemu-system-\S+: (?!warning)/.test(line));
  const words = said?.replace(/^qemu-system-\S+: /, '').trim() ?? `exit status ${exitStatus}`;
  return exitStatus > 128 ? `QEMU aborted: ${words}` : `QEMU ended: ${words}`;
};
