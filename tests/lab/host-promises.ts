import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import type { Host } from '../../lab/host/host.ts';
import { openStatusStream } from '../../lab/observation/status-stream.ts';
import type { Recorded } from '../../lab/observation/write-frames.ts';
import { pause } from '../../lab/pause.ts';
import { quote } from '../../lab/transport/host-shell.ts';
import type { KeyPair } from '../../lab/transport/lab-keys.ts';
import { openSshShell } from '../../lab/transport/ssh-shell.ts';

/** A host that is up, without a cluster, and what opens it. */
export interface OpenHost {
  readonly host: Host;
  readonly loginKey: KeyPair;
  readonly hostPublicKey: string;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const nasty = `it's "quoted" $HOME \`x\` \\ é\n; * ? [a] \u{1F980} -n --`;
/** More than any buffer on the way holds. */
const largeBytes = 12_000_000;

/** Ends the process of the SSH server that serves this very command, as the loss of a network does. */
const cutThisConnection = 'kill -KILL "$(ps -o ppid= -p "$PPID" | tr -d " ")"; sleep 60';

const numberOf = (observed: Recorded): number =>
  observed.kind === 'sample' ? observed.sample.number : observed.number;

/** What every kind of host promises, whatever it is. */
export const promises: Readonly<Record<string, (open: OpenHost) => Promise<void>>> = {
  'a script and its arguments come through as they are': async ({ host: { shell } }) => {
    expect((await shell.run(`printf %s ${quote(nasty)}`)).stdout).toBe(nasty);
    expect((await shell.run('cat', { input: nasty })).stdout).toBe(nasty);
    const { io } = await shell.stream('printf "%s|" "$@"', { args: [nasty, '', '$1'] });
    expect((await buffer(io)).toString()).toBe(`${nasty}||$1|`);
  },

  'exit statuses, signals and limits are told from each other': async ({ host: { shell } }) => {
    expect(await shell.run('echo out; echo err >&2; exit 7', { accept: [7] })).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 7,
    });
    await expect(shell.run('echo why >&2; exit 3')).rejects.toThrow(/exit status 3.*\nwhy/s);
    await expect(shell.run('kill -TERM $$')).rejects.toMatchObject({ name: 'CommandError' });
    await expect(shell.run('sleep 60', { timeoutMs: 500 })).rejects.toThrow(/ran out of its \d+ ms/);
    await expect(shell.run('sleep 60', { signal: AbortSignal.timeout(300) })).rejects.toThrow(/Given up/);
    const { io, ended } = await shell.stream('exit 9');
    io.resume();
    expect(await ended).toBe(9);
  },

  'files and streams are binary, both ways': async ({ host }) => {
    const bytes = randomBytes(3_000_000);
    const path = `/tmp/${nasty.replaceAll('/', '')}`;
    await host.put(path, Readable.from([bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)]), 0o640);
    expect((await host.shell.run(`stat -c %a ${quote(path)} && sha256sum <${quote(path)}`)).stdout).toBe(
      `640\n${sha256(bytes)}  -\n`,
    );
    expect(sha256(await buffer(await host.get(path)))).toBe(sha256(bytes));
    await expect(buffer(await host.get('/none/such'))).rejects.toThrow(/No such file/);
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('the beginning');
        throw new Error('there is no more of it');
      })(),
    );
    await expect(host.put(path, broken)).rejects.toThrow('there is no more of it');
    expect(sha256(await buffer(await host.get(path)))).toBe(sha256(bytes));
    await host.shell.run(`rm ${quote(path)}`);
  },

  'who reads slowly holds up who writes, and loses nothing': async ({ host: { shell } }) => {
    const { io, ended } = await shell.stream(`head -c ${largeBytes} /dev/zero`);
    await pause(1_500);
    expect(io.readableLength).toBeLessThan(largeBytes / 2);
    let read = 0;
    io.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    expect(await ended).toBe(0);
    expect(read).toBe(largeBytes);
  },

  'a hundred commands at once wait their turn at an sshd that takes ten': async ({ host, loginKey, hostPublicKey }) => {
    // With the host's own key, and sshd's own limits.
    const settings = ['HostKey=/etc/ssh/ssh_host_ed25519_key', 'UsePAM=no', 'MaxSessions=10'];
    const options = settings.map((setting) => `-o ${setting}`).join(' ');
    const connect = async (sessions: number) => {
      const { io } = await host.shell.stream(`exec /usr/sbin/sshd -i -f /dev/null ${options}`);
      const access = { privateKey: loginKey.privateKey, hostPublicKey, timeoutMs: 60_000 };
      return await openSshShell({ hostName: host.name, socket: io, sessions, ...access });
    };
    const hundred = Array.from({ length: 100 }, (_, at) => at);
    const patient = await connect(10);
    const answers = await Promise.all(hundred.map((at) => patient.run(`echo ${at}`, { timeoutMs: 120_000 })));
    expect(answers.map(({ stdout }) => Number(stdout))).toEqual(hundred);
    await patient.close();
    // The limit is there: who does not wait is refused.
    const hasty = await connect(100);
    const refused = await Promise.allSettled(hundred.slice(0, 30).map(() => hasty.run('sleep 2')));
    expect(refused.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    await hasty.close();
  },

  'a connection that is cut fails what runs on it, and the next command goes over a new one': async ({ host }) => {
    // Looked at from the start: it may fail before the other.
    const running = expect(host.shell.run('sleep 60')).rejects.toMatchObject({ name: 'TransportError' });
    await expect(host.shell.run(cutThisConnection)).rejects.toMatchObject({ name: 'TransportError' });
    await running;
    expect((await host.shell.run('echo again')).stdout).toBe('again\n');
  },

  'a stream of samples keeps its place when the connection is cut': async ({ host }) => {
    const stream = await openStatusStream(host.shell, 200, host.timeFactor);
    try {
      const count = () => stream.recorded(0).length;
      await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(2);
      const before = count();
      await expect(host.shell.run(cutThisConnection)).rejects.toMatchObject({ name: 'TransportError' });
      await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(before + 2);
      const numbers = stream.recorded(0).map(numberOf);
      expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    } finally {
      await stream.close();
    }
  },

  'a reboot is a boot of its own, and the shell goes on': async ({ host }) => {
    const bootId = async () => (await host.shell.run('cat /proc/sys/kernel/random/boot_id')).stdout;
    const before = await bootId();
    await host.shell.run('touch /var/lib/kept /run/lost');
    await host.reboot();
    expect(await bootId()).not.toBe(before);
    await host.shell.run('[ -e /var/lib/kept ] && [ ! -e /run/lost ]');
  },

  'a power cut ends everything at once': async ({ host }) => {
    expect(host.losePower).not.toBeNull();
    await host.put('/etc/systemd/system/tells-its-end.service', tellsItsEnd);
    await host.shell.run('systemctl daemon-reload && systemctl start tells-its-end && sync');
    await host.losePower?.();
    await host.shell.run('[ ! -e /var/lib/ended-in-order ]');
  },

  'a kernel that is its own crashes, says so, and boots anew': async ({ host }) => {
    expect(host.crash !== null).toBe(host.can.ownKernel);
    const bootId = async () => (await host.shell.run('cat /proc/sys/kernel/random/boot_id')).stdout;
    const before = await bootId();
    expect(await host.crash?.()).toBe(host.can.ownKernel ? 'sysrq triggered crash' : undefined);
    expect((await bootId()) !== before).toBe(host.can.ownKernel);
  },
};

const tellsItsEnd = `[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
ExecStop=/usr/bin/touch /var/lib/ended-in-order
`;
