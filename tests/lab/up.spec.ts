import { readGuestTruth, runInGuest } from '../../lab/guests/guest-kinds.ts';
import { hostContainerOf } from './host-container.ts';
import { expect, labCommand, test } from './suite.ts';

test('a lab that is up is in its steady state, and up again changes nothing', async ({ lab }) => {
  const before = await readGuestTruth(lab.shell, lab.plan.guests);
  const startedAt = performance.now();
  const again = await labCommand('up');
  expect(again.output).toContain('it is steady');
  expect(again.exitCode).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  expect(await readGuestTruth(lab.shell, lab.plan.guests)).toEqual(before);

  const status = await labCommand('status', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({ steady: true, deviations: [], failedActions: [] });
});

test('the host has the least that works: no privilege, no network, no clock, no disk', async ({ lab }) => {
  const { container } = await hostContainerOf(lab);
  const { HostConfig: config } = await container.inspect();
  expect(config).toMatchObject({ Privileged: false, NetworkMode: 'none', PortBindings: {} });
  const { stdout } = await lab.shell.run(
    `grep CapBnd /proc/1/status | cut -f2
    ls /sys/class/net | grep -vxE 'lo|virbr.*|vnet.*' || true
    ip route show default`,
  );
  const [bounding, ...otherNetworks] = stdout.trim().split('\n');
  const forbidden = { SYS_MODULE: 16n, SYS_RAWIO: 17n, SYS_BOOT: 22n, SYS_RESOURCE: 24n, SYS_TIME: 25n };
  for (const [name, bit] of Object.entries(forbidden))
    expect((BigInt(`0x${bounding ?? ''}`) >> bit) & 1n, `CAP_${name}`).toBe(0n);
  expect(otherNetworks.join()).toBe('');
  const blocked = await lab.shell.run(
    'mknod /tmp/disk b 254 0 && dd if=/tmp/disk of=/dev/null bs=1 count=1; status=$?; rm -f /tmp/disk; exit $status',
    { accept: [1] },
  );
  expect(blocked.stderr).toMatch(/denied|not permitted/);
});

test('"lab prune" names images of old content, and none that a lab is made of', async ({ lab }) => {
  const { docker, container } = await hostContainerOf(lab);
  const made = (await container.inspect()).Config.Image;
  const old = { repo: 'pacemaker-guest-drills/host', tag: '0.0.0-test' };
  await docker.getImage(made).tag(old);
  try {
    const { output, exitCode } = await labCommand('prune', '--dry-run');
    expect(exitCode, output).toBe(0);
    expect(output).toContain(`image  ${old.repo}:${old.tag}: `);
    expect(made).toContain(`${old.repo}:`);
    expect(output).not.toContain(made);
  } finally {
    await docker.getImage(`${old.repo}:${old.tag}`).remove();
  }
});

test('the authkey has the documented owner, group and modes, and is the same on host and guests', async ({ lab }) => {
  const show = `cd /etc/pacemaker && stat -c '%a %U %G' . authkey | tr '\\n' ' ' && sha256sum <authkey`;
  const seen = await Promise.all([
    lab.shell.run(show),
    ...lab.plan.guests.map((guest) => runInGuest(lab.shell, guest, show)),
  ]);
  expect([...new Set(seen.map(({ stdout }) => stdout.trim()))]).toEqual([
    expect.stringMatching(/^750 root haclient 640 root haclient [0-9a-f]{64} {2}-$/),
  ]);
});

test('the firewall is closed but for clustering, and guests are isolated from each other’s processes', async ({
  lab,
}) => {
  const { stdout } = await lab.shell.run('nft list table inet lab_firewall');
  expect(stdout).toContain('policy drop');
  for (const rule of ['tcp dport { 2224, 3121, 21064 }', 'udp dport 5405']) expect(stdout).toContain(rule);

  const lxcGuests = lab.plan.guests.filter(({ kind }) => kind === 'lxc');
  const truth = await readGuestTruth(lab.shell, lxcGuests);
  const groups = [...truth.values()].map((guest) => `/proc/${guest.daemon?.processId ?? 0}/cgroup`);
  const { stdout: cgroups } = await lab.shell.run(`cat ${groups.join(' ')} | grep ^0:: | sort -u | wc -l`);
  expect(Number(cgroups)).toBe(lxcGuests.length);
});

test('the memory of a lab with three LXC guests and a KVM guest stays under 1.5 GiB', async ({ lab }) => {
  const { stdout } = await lab.shell.run(
    `cat /run/cgroup1/memory/memory.usage_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.current`,
  );
  expect(Number(stdout)).toBeLessThan(1.5 * 1024 ** 3);
});
