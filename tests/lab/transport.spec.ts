import { createHash, randomBytes } from 'node:crypto';
import { hostKinds } from '../../lab/host/host-kinds.ts';
import type { Lab } from '../../lab/lab.ts';
import { readLabKey } from '../../lab/lab-state.ts';
import { makeKeyPair } from '../../lab/transport/lab-keys.ts';
import type { HostShell } from '../../lab/transport/host-shell.ts';
import { expect, test } from './suite.ts';

const access = async (lab: Lab, hostPublicKey?: string): Promise<HostShell> => {
  const [host] = lab.state.hosts;
  if (!host) throw new Error('no host');
  const shown = { ...host, ...(hostPublicKey !== undefined && { hostPublicKey }) };
  return await hostKinds[lab.state.hostKind].connect(lab.settings, shown, await readLabKey(lab.settings));
};

test('exit statuses, output and input come through as they are', async ({ lab }) => {
  const bytes = randomBytes(3_000_000);
  const { stdout } = await lab.shell.run('sha256sum', { input: bytes });
  expect(stdout.split(' ')[0]).toBe(createHash('sha256').update(bytes).digest('hex'));
  const nasty = `it's "quoted" $HOME \`x\` \\ é\n; * ? [a]`;
  expect((await lab.shell.run('cat', { input: nasty })).stdout).toBe(nasty);
  expect(await lab.shell.run('echo out; echo err >&2; exit 7', { accept: [7] })).toEqual({
    stdout: 'out\n',
    stderr: 'err\n',
    exitCode: 7,
  });
  const large = await lab.shell.run('head -c 20000000 /dev/zero | tr "\\0" x');
  expect(large.stdout).toHaveLength(20_000_000);
});

test('a command that fails, is killed or runs out of time says which', async ({ lab }) => {
  await expect(lab.shell.run('echo why >&2; exit 3')).rejects.toThrow(/exit status 3.*\nwhy/s);
  await expect(lab.shell.run('kill -9 $$')).rejects.toMatchObject({ name: 'CommandError' });
  const startedAt = performance.now();
  await expect(lab.shell.run('sleep 60', { timeoutMs: 500 })).rejects.toThrow(/ran out of its 500 ms/);
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  const abort = AbortSignal.timeout(300);
  await expect(lab.shell.run('sleep 60', { signal: abort })).rejects.toThrow(/Given up/);
});

test('a hundred commands at once all get their own answer', async ({ lab }) => {
  const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => lab.shell.run(`echo ${at}`)));
  expect(answers.map((answer) => Number(answer.stdout))).toEqual(Array.from({ length: 100 }, (_, at) => at));
});

test('a host that shows another key than the pinned one is refused', async ({ lab }) => {
  await expect(access(lab, makeKeyPair('somebody else').publicKey)).rejects.toThrow(/shows another host key/);
});

test('a connection that is cut fails what runs on it and what comes after, and is never a success', async ({ lab }) => {
  const shell = await access(lab);
  // Looked at from the start: it may fail before the command that cuts the connection has ended.
  const running = expect(shell.run('sleep 60')).rejects.toMatchObject({ name: 'TransportError' });
  const cut = await shell.run('ps -o ppid= -p $$ | xargs ps -o ppid= -p');
  await lab.shell.run(`kill -KILL ${cut.stdout.trim()}`);
  await running;
  expect((await shell.lost).name).toBe('TransportError');
  await expect(shell.run('true')).rejects.toMatchObject({ name: 'TransportError' });
});

test('a sampler that stands still is noticed: the stream says so, and so does whoever waits on it', async ({ lab }) => {
  const stream = await lab.openStream(100);
  await stream.next();
  // The script's own words in a pattern would find this very command.
  const { stdout } = await lab.shell.run("pgrep -o -f '[g]uest-drills-sampler.XXXXXX'");
  const sampler = stdout.trim();
  try {
    await lab.shell.run(`kill -STOP ${sampler}`);
    await expect(stream.until(() => false, { timeoutMs: 60_000, what: 'nothing' })).rejects.toMatchObject({
      name: 'ObservationError',
      kind: 'stalled',
    });
  } finally {
    await lab.shell.run(`kill -CONT ${sampler}`, { accept: [0, 1] });
    await stream.close();
  }
});
