import { bootToUserSpace, chooseAccelerator } from '../../lab/guests/kvm/accelerator.ts';
import { readAcceleratorDecision } from '../../lab/guests/kvm/decide-accelerator.ts';
import { readGuestClock, readGuestTruth, runInGuest, runLastInGuest } from '../../lab/guests/guest-kinds.ts';
import type { Lab } from '../../lab/lab.ts';
import type { GuestPlan } from '../../lab/plan.ts';
import { expect, test } from './suite.ts';

const kvmGuest = (lab: Lab): GuestPlan => {
  const guest = lab.plan.guests.find(({ kind }) => kind === 'kvm');
  if (!guest) throw new Error('the lab has no KVM guest');
  return guest;
};

test('a KVM guest has a kernel of its own, and QEMU takes less than 600 MiB for it', async ({ lab }) => {
  const guest = kvmGuest(lab);
  const [inside, outside] = await Promise.all([runInGuest(lab.shell, guest, 'uname -r'), lab.shell.run('uname -r')]);
  expect(inside.stdout).toMatch(/-cloud-amd64\n$/);
  expect(inside.stdout).not.toBe(outside.stdout);
  const { stdout } = await lab.shell.run(
    `sed -n 's/^VmHWM:\\s*\\([0-9]*\\) kB/\\1/p' /proc/$(cat /run/libvirt/qemu/${guest.name}.pid)/status`,
  );
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(Number(stdout) / 1024).toBeLessThan(600);
});

test('a script in a KVM guest has its input, output, exit status and limit', async ({ lab }) => {
  const guest = kvmGuest(lab);
  const result = await runInGuest(lab.shell, guest, 'read -r line; echo "<$line>"; echo wrong >&2; exit 3', {
    input: 'a b\n',
    accept: [3],
  });
  expect(result).toEqual({ stdout: '<a b>\n', stderr: 'wrong\n', exitCode: 3 });
  await expect(runInGuest(lab.shell, guest, 'echo why >&2; exit 4')).rejects.toThrow(
    /A command in guest1 ended with 4: .*\nwhy/,
  );
  await expect(runInGuest(lab.shell, guest, 'sleep 60', { timeoutMs: 500 })).rejects.toThrow('ended with 124');
});

test('what a KVM guest says last comes over its console', async ({ lab }) => {
  const guest = kvmGuest(lab);
  expect(await runLastInGuest(lab.shell, guest, 'echo "some words"; exit 5', { accept: [5] })).toMatchObject({
    stdout: 'some words',
    exitCode: 5,
  });
  await expect(runLastInGuest(lab.shell, guest, 'exit 6')).rejects.toThrow('A command in guest1 ended with 6');
  await expect(runLastInGuest(lab.shell, guest, 'sleep 30', { timeoutMs: 500 })).rejects.toThrow(
    'said nothing on its console within 500 ms',
  );
});

test('a KVM guest’s clock is read to within 100 ms of the host’s', async ({ lab }) => {
  const clock = await readGuestClock(lab.shell, kvmGuest(lab));
  expect(clock.errorMs).toBeLessThan(100);
  expect(Math.abs(clock.aheadMs)).toBeLessThan(2_000);
});

test('a guest that does not answer is known by its domain alone', async ({ lab }) => {
  const guest = kvmGuest(lab);
  const virsh = (command: string) => lab.shell.run(`virsh -c qemu:///system ${command} ${guest.name}`);
  await virsh('suspend');
  try {
    const truth = (await readGuestTruth(lab.shell, lab.plan.guests)).get(guest.name);
    expect(truth).toMatchObject({ domainId: expect.stringMatching(/^\d+$/), bootId: null, daemon: null });
  } finally {
    await virsh('resume');
  }
  const truth = (await readGuestTruth(lab.shell, lab.plan.guests)).get(guest.name);
  expect(truth?.bootId).toMatch(/^[0-9a-f-]{36}$/);
});

test('the accelerator was found by booting, and the probe can come out either way', async ({ lab }) => {
  const { signal } = new AbortController();
  const decided = await readAcceleratorDecision(lab.settings);
  expect(decided).toMatchObject({ ...lab.state.accelerator });
  // The same boot on what surely works: the marker comes, and would have meant KVM.
  expect(chooseAccelerator(await bootToUserSpace(lab.shell, 'tcg', signal)).accelerator).toBe('kvm');
});
