import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { execa } from 'execa';
import { describeAddress, parseSshAddress } from '../../../lab/host/bare-metal/address.ts';
import { openMachine } from '../../../lab/host/bare-metal/connect.ts';
import { readSettings } from '../../../lab/settings.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';
import { whenReachable } from '../../../lab/transport/when-reachable.ts';
import { labCommand, runDrills } from '../suite.ts';
import { startPlainMachine, type PlainMachine } from './plain-machine.ts';

const bootTimeoutMs = 600_000;
const settings = readSettings(process.env);

/** The environment of a person who has this machine as a lab's host. */
const environmentOf = (machine: PlainMachine, key: string): Record<string, string> => ({
  LAB_HOST: `ssh://root@127.0.0.1:${machine.sshPort}`,
  LAB_HOST_IDENTITY: machine.loginKey,
  LAB_HOST_KEY: key,
  LAB_PLAN: process.env.LAB_PLAN ?? 'single',
  LAB_HOST_JUMP: '',
  SSH_AUTH_SOCK: '',
});

interface Plain {
  readonly machine: PlainMachine;
  /** A way in that is no lab's. */
  readonly shell: HostShell;
}

/** One machine for all tests: they follow each other, as in its life. */
const test = base.extend<object, { plain: Plain }>({
  plain: [
    async ({}, use) => {
      const machine = await startPlainMachine(settings.cacheDir);
      const folder = await mkdtemp(join(tmpdir(), 'guest-drills-'));
      try {
        const open = () =>
          openMachine(
            {
              hostName: 'plain',
              address: parseSshAddress(`ssh://root@127.0.0.1:${machine.sshPort}`, 'LAB_HOST'),
              ask: () => Promise.resolve('yes'),
            },
            { ...settings, cacheDir: folder },
            { LAB_HOST_IDENTITY: machine.loginKey, HOME: folder },
          );
        const shell = await whenReachable(open, bootTimeoutMs);
        await shell.run('systemctl is-system-running --wait', { accept: [0, 1], timeoutMs: bootTimeoutMs });
        const key = readFileSync(join(folder, 'known_hosts'), 'utf8').trim().split(' ').slice(1).join(' ');
        Object.assign(process.env, environmentOf(machine, key));
        await use({ machine, shell });
        await shell.close();
      } finally {
        await rm(folder, { recursive: true, force: true });
        await machine.off();
      }
    },
    { scope: 'worker', timeout: 1_800_000 },
  ],
});
test.describe.configure({ mode: 'serial' });

/** What changes by itself, or says only when something was done: logs, caches, lists of what can be had, backups, databases' times. */
const changesByItself = [
  ...['/var/log/', '/var/cache/', '/var/lib/apt/', '/var/lib/dpkg/', '/var/backups/', '/var/tmp/', '/var/lib/systemd/'],
  ...[
    '/etc/ld.so.cache',
    '/etc/passwd-',
    '/etc/group-',
    '/etc/shadow-',
    '/etc/gshadow-',
    '/etc/subuid-',
    '/etc/subgid-',
  ],
  ...['/var/lib/ucf/', '/var/lib/sudo/', '/var/lib/logrotate/', '/usr/lib/python3', '/root/.bash_history'],
];

/** What the machine is, by its own word and not by the suite's record: packages, units, files with owner, mode and content. */
const look = async (shell: HostShell) => {
  const { stdout } = await shell.run(
    `export LC_ALL=C
    dpkg-query -W -f 'package \${binary:Package} \${Version} \${db:Status-Abbrev}\\n'
    apt-mark showauto | sed 's/^/automatic /'
    systemctl list-unit-files --no-legend --plain | awk '$2 != "transient" && $2 != "generated" { print "unit " $1 " " $2 }'
    systemctl list-units --no-legend --plain --state=running --type=service | awk '$1 !~ /^(user@|ssh@|apt-|dpkg-)/ { print "running " $1 }'
    ip -o link | awk '{ print "interface " $2 }'
    cat /proc/sys/net/ipv4/ip_forward | sed 's/^/forward /'
    nft list tables | sed 's/^/packet filter /'
    find / -xdev '(' -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /dev -o -path /srv/packages ')' -prune -o -type f -printf 'file %p %m %u:%g %s\\n' -o -type d -printf 'folder %p %m %u:%g\\n' -o -type l -printf 'link %p %l\\n'
    find /etc /root -xdev -type f -exec sha256sum {} + | awk '{ print "content " $2 " " $1 }'`,
    { timeoutMs: 600_000 },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !changesByItself.some((path) => line.includes(` ${path}`)))
    .sort();
};

let before: readonly string[] = [];
const took: Record<string, number> = {};
const timed = async <Result>(what: string, work: Promise<Result>): Promise<Result> => {
  const startedAt = performance.now();
  const result = await work;
  took[what] = Math.round((performance.now() - startedAt) / 100) / 10;
  process.stdout.write(`${what}: ${took[what]} s\n`);
  return result;
};

test('a release that the machine does not have is refused, and nothing is changed', async ({ plain }) => {
  before = await look(plain.shell);
  const up = await labCommand('up', '--release', '2.1.5');
  expect(up.output).toMatch(/gets Pacemaker 3\.0\.0 from its package archives; asked for is 2\.1\.5/);
  expect(up.exitCode).toBe(3);
});

test('a machine with a cluster that is no lab is refused with a list of what there is', async ({ plain }) => {
  await plain.shell.run(
    `mkdir -p /etc/corosync /var/lib/pacemaker/cib
    printf 'totem {\\n  cluster_name: production\\n}\\nnodelist {\\n  node {\\n    name: db1\\n  }\\n}\\n' >/etc/corosync/corosync.conf
    printf '<cib><configuration><nodes/>\\n<resources>\\n<primitive id="database" class="ocf"/>\\n</resources></configuration></cib>\\n' >/var/lib/pacemaker/cib/cib.xml`,
  );
  const up = await labCommand('up');
  expect(up.output).toContain('the resource database (primitive)');
  expect(up.output).toContain('/etc/corosync/corosync.conf, of the cluster production with db1');
  expect(up.exitCode).toBe(3);
  await plain.shell.run('rm -r /etc/corosync /var/lib/pacemaker');
  expect(await look(plain.shell)).toEqual(before);
});

test('a plain machine becomes the host of a lab, and a second up changes nothing', async ({ plain: _ }) => {
  const first = await timed('first up', labCommand('up'));
  expect(first.exitCode, first.output).toBe(0);
  const second = await timed('second up', labCommand('up'));
  expect(second.exitCode, second.output).toBe(0);
  expect(second.output).toContain('it is steady');
  expect(second.output).toContain('is up, and nothing was changed');
});

test('the drill guest-failure passes on it', async ({ plain: _ }, testInfo) => {
  const drills = await timed(
    'guest-failure',
    runDrills(['--grep', 'guest-failure'], { DRILLS_RESULTS: testInfo.outputPath('results') }),
  );
  expect(drills.exitCode, drills.output).toBe(0);
  expect(drills.output).toContain('1 passed, 0 failed');
});

/** What somebody has configured, by the cluster's own word and by its files. */
const lookAtCluster = async (shell: HostShell) => {
  const { stdout } = await shell.run(
    `cibadmin --query | sed -n '1s/.* \\(epoch="[0-9]*"\\).* \\(admin_epoch="[0-9]*"\\).*/\\1 \\2/p'
    cibadmin --query --scope configuration | sha256sum
    crm_mon -1 --output-as=xml | grep -o '<resource [^>]*'
    sha256sum /etc/corosync/* /etc/pacemaker/authkey
    ps -o lstart= -C pacemakerd,corosync`,
    { timeoutMs: 120_000 },
  );
  return stdout.split('\n');
};

/** The files of a cluster that somebody sets up by hand in place of the lab's, which is put aside. */
const clusterFiles = '/etc/corosync /var/lib/pacemaker/cib /var/lib/corosync';

test('a cluster that somebody set up by hand is refused by every command, and left as it is', async ({
  plain: { shell },
}, testInfo) => {
  await shell.run(
    `set -e
    pcs cluster stop --force
    tar -cf /root/lab-cluster.tar ${clusterFiles}
    rm -f /var/lib/pacemaker/cib/* /var/lib/corosync/*
    pcs cluster setup production db1 addr=127.0.0.1 --corosync_conf=/etc/corosync/corosync.conf --overwrite --force
    pcs cluster start
    until crm_mon -1 | grep -q 'Current DC: db1'; do sleep 1; done
    pcs property set stonith-enabled=false
    pcs resource create database ocf:pacemaker:Dummy
    until crm_mon -1 | grep -q 'database.*Started db1'; do sleep 1; done`,
    { timeoutMs: 900_000 },
  );
  const production = await lookAtCluster(shell);
  const files = await look(shell);
  for (const command of [['up'], ['reset'], ['inject', 'pacemaker-remoted-killed'], ['down']]) {
    const refused = await timed(`refused ${command.join(' ')}`, labCommand(...command));
    expect(refused.exitCode, `${command.join(' ')}: ${refused.output}`).toBe(3);
    expect(refused.output).toContain('the resource database (primitive)');
  }
  const drill = await timed(
    'refused drill',
    runDrills(['--grep', 'guest-failure'], { DRILLS_RESULTS: testInfo.outputPath('results') }),
  );
  expect(drill.exitCode, drill.output).toBe(1);
  expect(drill.output).toContain('the resource database (primitive)');
  // Somebody who never had a lab there has a record neither.
  await shell.run('mv /var/lib/pacemaker-guest-drills /root/record');
  const another = await timed('refused another lab', labCommand('up', '--name', 'another'));
  await shell.run('mv /root/record /var/lib/pacemaker-guest-drills');
  expect(another.exitCode, another.output).toBe(3);
  expect(another.output).toContain('the resource database (primitive)');
  expect(another.output).toContain('/etc/corosync/corosync.conf, of the cluster production with db1');
  expect(await lookAtCluster(shell)).toEqual(production);
  expect(await look(shell)).toEqual(files);
  await shell.run(
    `set -e
    pcs cluster stop --force
    rm -rf ${clusterFiles}
    tar -C / -xf /root/lab-cluster.tar
    rm /root/lab-cluster.tar
    pcs cluster start
    until crm_mon -1 | grep -q 'container1.*Started'; do sleep 1; done`,
    { timeoutMs: 900_000 },
  );
});

test('down takes away what up brought, and leaves the rest', async ({ plain }) => {
  // A package that is among what KVM guests need, and that this lab did not bring.
  await plain.shell.run(
    `echo '192.0.2.1 printer' >>/etc/hosts && echo kept >/etc/kept && apt-get -q install -y --no-install-recommends seabios`,
    { timeoutMs: 300_000 },
  );
  const down = await timed('down', labCommand('down'));
  expect(down.exitCode, down.output).toBe(0);
  expect(down.output.match(/(?<=otherwise than before: ).*/gu)).toEqual([
    expect.stringMatching(/^file \/etc\/hosts was /),
    'package seabios was not there before.',
  ]);
  expect(down.output).not.toContain('Left on');
  const { stdout } = await plain.shell.run(
    `tail -n 1 /etc/hosts; cat /etc/kept; dpkg-query -W -f '\${Package}' seabios`,
  );
  expect(stdout).toBe('192.0.2.1 printer\nkept\nseabios');
  await plain.shell.run(`sed -i '$d' /etc/hosts && rm /etc/kept && dpkg --purge seabios`, { timeoutMs: 300_000 });
  expect(await look(plain.shell)).toEqual(before);
});

test('a user with sudo, an agent and a jump host lead there too', async ({ plain: { machine } }) => {
  const direct = `ssh://${machine.user}@127.0.0.1:${machine.sshPort}`;
  const whoami = async (address: string, environment: Record<string, string>) => {
    const shell = await openMachine(
      { hostName: 'plain', address: parseSshAddress(address, 'LAB_HOST'), ask: () => Promise.resolve('yes') },
      settings,
      { ...process.env, ...environment },
    );
    try {
      const bytes = Buffer.from(Array.from({ length: 65_536 }, (_, at) => at % 256));
      const { stdout } = await shell.run('id -un; sha256sum | cut -c1-8', { input: bytes });
      return stdout.trim().split('\n');
    } finally {
      await shell.close();
    }
  };
  const [user, sum] = await whoami(direct, {});
  expect(user).toBe('root');

  const { stdout } = await execa('ssh-agent', ['-s']);
  const [, socket = '', id = ''] = /SSH_AUTH_SOCK=([^;]+);[^]*SSH_AGENT_PID=(\d+)/u.exec(stdout) ?? [];
  try {
    await execa('ssh-add', ['-q', machine.loginKey], { env: { SSH_AUTH_SOCK: socket } });
    expect(await whoami(direct, { LAB_HOST_IDENTITY: '', HOME: '/nowhere', SSH_AUTH_SOCK: socket })).toEqual([
      'root',
      sum,
    ]);
  } finally {
    process.kill(Number(id));
  }

  const behind = { ...parseSshAddress(direct, 'LAB_HOST'), username: 'root', port: 22 };
  expect(await whoami(describeAddress(behind), { LAB_HOST_JUMP: direct })).toEqual(['root', sum]);
});
