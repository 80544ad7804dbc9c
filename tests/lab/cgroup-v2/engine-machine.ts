import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { connectEngine } from '../../../lab/engine/engine.ts';
import { socketAddress } from '../../../lab/engine/address.ts';
import { pause } from '../../../lab/pause.ts';
import { makeDebianImage, startDebianMachine } from '../debian-machine.ts';

const name = 'engine';
const bootTimeoutMs = 600_000;
const loadTimeoutMs = 1_200_000;
const betweenAttemptsMs = 2_000;

/** A machine with a Docker Engine of its own, on a kernel with cgroup v2 alone. */
export interface EngineMachine {
  /** The engine, forwarded to a socket of this machine, as DOCKER_HOST names it. */
  readonly engine: string;
  /** Runs a command on it as root and returns what it printed. */
  readonly run: (command: string) => Promise<string>;
  readonly off: () => Promise<void>;
}

/**
 * Starts an emulated Debian machine with Debian's own Docker Engine, which gets the images of an archive that `docker save` made.
 * It reaches nobody; the engine is reached through SSH.
 * @param archive The archive's file.
 */
export const startEngineMachine = async (cacheDir: string, archive: string): Promise<EngineMachine> => {
  const image = await makeDebianImage(cacheDir, { name, packages: ['docker.io', 'docker-cli'], hooks: [] });
  const machine = await startDebianMachine(cacheDir, name, image, [archive]);
  const folder = join(cacheDir, `${name}-machine`);
  const socket = join(folder, 'docker.sock');
  const knownHosts = join(folder, 'known_hosts');
  const [type = '', key = ''] = (await readFile(image.hostKey, 'utf8')).split(' ');
  await writeFile(knownHosts, `[127.0.0.1]:${machine.sshPort} ${type} ${key}\n`);
  const ssh = (...args: readonly string[]): readonly string[] => [
    ...['-F', 'none', '-i', image.loginKey, '-p', String(machine.sshPort), '-o', `UserKnownHostsFile=${knownHosts}`],
    ...['-o', 'StrictHostKeyChecking=yes', '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', ...args],
  ];
  const run = async (command: string, timeoutMs = 120_000): Promise<string> =>
    (await execa('ssh', ssh('root@127.0.0.1', command), { timeout: timeoutMs })).stdout;
  const forwardEngine = () =>
    execa('ssh', ssh('-nNT', '-L', `${socket}:/var/run/docker.sock`, 'root@127.0.0.1'), { reject: false });
  let forward: ReturnType<typeof forwardEngine> | undefined;
  const off = async (): Promise<void> => {
    forward?.kill();
    await forward;
    await machine.off();
  };
  try {
    await whenBooted(() => run('systemctl is-system-running --wait; docker version'));
    await run('docker load --quiet --input /dev/vdb', loadTimeoutMs);
    forward = forwardEngine();
    await whenBooted(async () => (await connectEngine(socketAddress(socket))).ping());
  } catch (error) {
    await off();
    throw error;
  }
  return { engine: `unix://${socket}`, run, off };
};

/** Tries again while it fails, for as long as a boot may take. */
const whenBooted = async (work: () => Promise<unknown>): Promise<void> => {
  const until = performance.now() + bootTimeoutMs;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(betweenAttemptsMs);
    }
  }
};

/** Writes images of an engine into an archive. */
export const saveImages = async (engine: string, images: readonly string[], archive: string): Promise<void> => {
  await execa('docker', ['--host', engine, 'save', '--output', archive, ...images]);
};
