import { expect, test } from '@playwright/test';
import { chooseAccelerator, probeAccelerator } from '../../../lab/guests/kvm/accelerator.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';

/** As recorded on hosts: QEMU 10.0 with the guests' kernel, on a machine whose KVM boots none, and emulated. */
const recorded = {
  aborted: `qemu-system-x86_64: error: failed to set MSR 0x10a to 0xc000069
qemu-system-x86_64: target/i386/kvm/kvm.c:3877: kvm_buf_set_msrs: Assertion \`ret == cpu->kvm_msr_buf->nmsrs' failed.`,
  hung: `qemu-system-x86_64: warning: host doesn't support requested feature: CPUID.01H:ECX.pni [bit 0]
qemu-system-x86_64: terminating on signal 15 from pid 37239 (timeout)`,
  refused: `qemu-system-x86_64: -accel kvm: Could not access KVM kernel module: Permission denied
qemu-system-x86_64: -accel kvm: failed to initialize kvm: Permission denied`,
  booted: 'lab: the kernel has reached user space\r\n[    1.666738] reboot: Power down\r',
};

/** A host on which each script prints the same. */
const hostThatSays = (stdout: string, scripts: string[] = []): HostShell => ({
  hostName: 'example-host',
  run: (script) => {
    scripts.push(script);
    return Promise.resolve({ stdout, stderr: '', exitCode: 0 });
  },
  stream: () => Promise.reject(new Error('nothing is streamed')),
  lost: new Promise(() => undefined),
  close: () => Promise.resolve(),
});

test('KVM is chosen once the kernel has said from user space that it got there', () => {
  expect(chooseAccelerator({ exitStatus: 0, output: recorded.booted })).toEqual({
    accelerator: 'kvm',
    reason: 'the kernel reached user space with KVM',
  });
});

test('a kernel that got there counts even if its machine did not go off in time', () => {
  expect(chooseAccelerator({ exitStatus: 124, output: recorded.booted })).toMatchObject({ accelerator: 'kvm' });
});

for (const [what, exitStatus, output, reason] of [
  ['no device', null, '', 'there is no /dev/kvm'],
  ['a QEMU that aborts', 134, recorded.aborted, 'QEMU aborted: error: failed to set MSR 0x10a to 0xc000069'],
  ['a QEMU that says nothing', 139, '', 'QEMU aborted: exit status 139'],
  ['a kernel that hangs', 124, recorded.hung, 'the kernel did not reach user space within 10 s'],
  ['one that had to be killed', 137, '', 'the kernel did not reach user space within 10 s'],
  [
    'a device that may not be used',
    1,
    recorded.refused,
    'QEMU ended: -accel kvm: Could not access KVM kernel module: Permission denied',
  ],
  [
    'a QEMU that warns first',
    1,
    `${recorded.hung.split('\n')[0]}\n${recorded.refused}`,
    'QEMU ended: -accel kvm: Could not access KVM kernel module: Permission denied',
  ],
  ['a machine that goes off too early', 0, '', 'QEMU ended: exit status 0'],
] as const)
  test(`${what} means emulation, and is the reason`, () => {
    expect(chooseAccelerator({ exitStatus, output })).toEqual({ accelerator: 'tcg', reason });
  });

test('the host is asked for its device, QEMU is bounded, and what it printed is read', async () => {
  const scripts: string[] = [];
  const { signal } = new AbortController();
  expect(await probeAccelerator(hostThatSays('none\n'), signal)).toMatchObject({ reason: 'there is no /dev/kvm' });
  expect(await probeAccelerator(hostThatSays(`134\n${recorded.aborted}`, scripts), signal)).toMatchObject({
    accelerator: 'tcg',
    reason: 'QEMU aborted: error: failed to set MSR 0x10a to 0xc000069',
  });
  expect(await probeAccelerator(hostThatSays(`0\n${recorded.booted}`), signal)).toMatchObject({ accelerator: 'kvm' });
  expect(scripts.join()).toContain('timeout --kill-after=1 10 qemu-system-x86_64');
});
