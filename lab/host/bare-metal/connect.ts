import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { CommandError, TransportError } from '../../errors.ts';
import type { Environment, Settings } from '../../settings.ts';
import { askForHostKey, connectSsh } from '../../transport/ssh-client.ts';
import { openShellOfMachine, type SshShell } from '../../transport/ssh-shell.ts';
import { describeAddress, parseSshAddress, type SshAddress } from './address.ts';
import { findHostKeys, trustOnFirstUse, type Ask } from './host-key.ts';
import { findIdentity, type Identity } from './identity.ts';

const connectTimeoutMs = 15_000;
/** A machine that is busy, or far away, is not lost for that. */
const loginTimeoutMs = 60_000;
const silenceMs = 60_000;

/** A machine that is reached over SSH, and how. */
export interface MachineAccess {
  /** What it is called in messages and in the cluster. */
  readonly hostName: string;
  readonly address: SshAddress;
  /** The key that it showed when it became a lab's host; found anew if not given. */
  readonly hostPublicKey?: string;
  /** Asked about a machine that is not known; nobody if not given. */
  readonly ask?: Ask;
}

/**
 * Opens a shell of root on a machine: over TCP, or over a jump host that LAB_HOST_JUMP names; with the agent's keys or a file's;
 * by a host key that is known; by sudo for a user that is not root.
 * @throws TransportError or UsageError that says what is in the way.
 */
export const openMachine = async (
  access: MachineAccess,
  settings: Settings,
  environment: Environment,
): Promise<SshShell> => {
  const { hostName, address } = access;
  const identity = await findIdentity(environment);
  const jump = environment.LAB_HOST_JUMP;
  const jumpAddress = jump === undefined || jump === '' ? null : parseSshAddress(jump, 'LAB_HOST_JUMP');
  const reach = async (): Promise<Duplex> =>
    jumpAddress === null
      ? await openSocket(address, 'LAB_HOST')
      : await openThroughJump(jumpAddress, address, identity, settings, environment, access.ask ?? null);
  const hostPublicKeys = access.hostPublicKey
    ? [access.hostPublicKey]
    : await knownKeys(address, reach, settings, environment, access.ask ?? null);
  const shell = await openShellOfMachine({
    ...loginAt(address, identity),
    hostName,
    socket: await reach(),
    hostPublicKeys,
    ...(address.username !== 'root' && { becomeRoot: 'sudo' as const }),
  });
  try {
    await shell.run('[ "$(id -u)" = 0 ]');
  } catch (cause) {
    await shell.close();
    if (!(cause instanceof CommandError)) throw cause;
    throw new TransportError(
      `${address.username} of ${describeAddress(address)} can't become root without a password.`,
      {
        cause,
        next: `log in as root, or let it: echo '${address.username} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${address.username}`,
      },
    );
  }
  return shell;
};

const loginAt = (address: SshAddress, identity: Identity) => ({
  username: address.username,
  agent: identity.agent,
  privateKeys: identity.privateKeys,
  timeoutMs: loginTimeoutMs,
  silenceMs,
  advice: {
    otherKey:
      'if the machine was installed anew, take its old key out of ~/.ssh/known_hosts (ssh-keygen -R) or mend LAB_HOST_KEY; if not, ' +
      'somebody else answers in its place.',
    refused: `try the same by hand (ssh -p ${address.port} ${address.username}@${address.host}); LAB_HOST_IDENTITY names the file of a key.`,
  },
});

const knownKeys = async (
  address: SshAddress,
  reach: () => Promise<Duplex>,
  settings: Settings,
  environment: Environment,
  ask: Ask,
): Promise<readonly string[]> => {
  const known = await findHostKeys(address, environment, settings.cacheDir);
  if (known.length > 0) return known;
  const shown = await askForHostKey(await reach(), describeAddress(address));
  await trustOnFirstUse(address, shown, settings.cacheDir, ask);
  return [shown];
};

/** Connects to a machine over TCP. */
const openSocket = (address: SshAddress, variable: string): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host: address.host, port: address.port });
    const give = (error: Error): void => {
      socket.destroy();
      reject(
        new TransportError(`${describeAddress(address)} can't be reached: ${error.message}`, {
          cause: error,
          next: `see whether the machine is up and its sshd listens there, and whether ${variable} is right.`,
        }),
      );
    };
    socket.setTimeout(connectTimeoutMs, () => {
      give(new Error(`no answer for ${connectTimeoutMs / 1000} s`));
    });
    socket.once('error', give);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.setNoDelay(true);
      socket.off('error', give);
      resolve(socket);
    });
  });

/** Connects to a machine over a connection that a jump host opens; the connection to that one ends with it. */
const openThroughJump = async (
  jump: SshAddress,
  target: SshAddress,
  identity: Identity,
  settings: Settings,
  environment: Environment,
  ask: Ask,
): Promise<Duplex> => {
  const reach = (): Promise<Duplex> => openSocket(jump, 'LAB_HOST_JUMP');
  // LAB_HOST_KEY is the key of the machine behind it.
  const ownEnvironment = { ...environment, LAB_HOST_KEY: undefined };
  const { client } = await connectSsh({
    ...loginAt(jump, identity),
    hostName: describeAddress(jump),
    hostPublicKeys: await knownKeys(jump, reach, settings, ownEnvironment, ask),
    socket: await reach(),
  });
  client.on('error', () => undefined);
  return await new Promise<Duplex>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, target.host, target.port, (error, channel) => {
      if (error) {
        client.end();
        reject(
          new TransportError(
            `The jump host ${describeAddress(jump)} does not reach ${describeAddress(target)}: ${error.message}`,
            {
              cause: error,
              next: 'see whether it can from there, and whether its sshd allows forwarding (AllowTcpForwarding).',
            },
          ),
        );
        return;
      }
      channel.once('close', () => {
        client.end();
      });
      resolve(channel);
    });
  });
};
