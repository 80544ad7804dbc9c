import type { Duplex } from 'node:stream';
import ssh2, { type AgentAuthMethod, type Client, type PublicKeyAuthMethod, type ServerHostKeyAlgorithm } from 'ssh2';
import { TransportError } from '../errors.ts';

/** How to log in at a machine's sshd, over a stream that leads there. */
export interface SshLogin {
  readonly hostName: string;
  /** The stream that speaks SSH on its other end. */
  readonly socket: Duplex;
  /** `root` if not given. */
  readonly username?: string;
  /** Private keys (in a format that OpenSSH reads), tried one after another, after those of an agent. */
  readonly privateKeys: readonly string[];
  /** Socket of an agent. */
  readonly agent?: string | null;
  /** The machine's public keys as `ssh-ed25519 AAAA…`; any other is refused. */
  readonly hostPublicKeys: readonly string[];
  readonly timeoutMs?: number;
  /** How long it may be silent before it counts as lost, in milliseconds. {@link usualSilenceMs} if not given. */
  readonly silenceMs?: number;
  /** What to do next about a key that is none of these, and about a login that is refused; for a lab's own host if not given. */
  readonly advice?: { readonly otherKey: string; readonly refused: string };
}

/** A connection that is logged in; `shownKey` is the one of the machine's keys that it showed. */
export interface SshConnection {
  readonly client: Client;
  readonly shownKey: string;
}

const keepaliveMs = 5_000;
/** A machine that has a processor of its own and is silent for so long is lost. */
export const usualSilenceMs = 15_000;

const adviceForLabs = {
  otherKey: 'something else answers in its place; take the lab down with "npm run lab down" and make it again.',
  refused: '"npm run lab doctor" says what this machine can do; "npm run lab logs" gathers the host\'s logs.',
};

/**
 * Logs in at a machine over the given stream.
 * @throws TransportError if it shows another key than those that are known, refuses ours, or does not answer.
 */
export const connectSsh = async (login: SshLogin): Promise<SshConnection> => {
  const { hostName, advice = adviceForLabs, username = 'root' } = login;
  const known = new Map(login.hostPublicKeys.map((key) => [key.split(' ')[1] ?? '', key]));
  const methods: readonly (AgentAuthMethod | PublicKeyAuthMethod)[] = [
    ...(login.agent ? [{ type: 'agent' as const, username, agent: login.agent }] : []),
    ...login.privateKeys.map((key) => ({ type: 'publickey' as const, username, key })),
  ];
  const client = new ssh2.Client();
  let shownKey: string | undefined;
  let shownOther = false;
  await new Promise<void>((resolve, reject) => {
    const refuse = (error?: Error & { readonly level?: string }): void => {
      if (shownOther)
        reject(
          new TransportError(`${hostName} shows another host key than the one it is known by.`, {
            next: advice.otherKey,
          }),
        );
      else if (error?.level === 'client-authentication')
        reject(
          new TransportError(`${hostName} does not let ${username} in with the keys there are.`, {
            cause: error,
            next: advice.refused,
          }),
        );
      else
        reject(
          new TransportError(`No SSH connection to ${hostName}: ${error?.message ?? 'it was closed'}`, {
            cause: error,
            next: advice.refused,
          }),
        );
    };
    client.on('error', refuse);
    client.once('close', () => {
      refuse();
    });
    client.once('ready', () => {
      client.off('error', refuse);
      resolve();
    });
    client.connect({
      sock: login.socket,
      username,
      authHandler: [...methods],
      // A machine has a key of each kind; it is to show one of those that are known.
      algorithms: { serverHostKey: signaturesOf(login.hostPublicKeys) },
      hostVerifier: (bytes: Buffer) => {
        shownKey = known.get(bytes.toString('base64'));
        shownOther = shownKey === undefined;
        return !shownOther;
      },
      readyTimeout: login.timeoutMs ?? 20_000,
      keepaliveInterval: keepaliveMs,
      keepaliveCountMax: Math.ceil((login.silenceMs ?? usualSilenceMs) / keepaliveMs),
    });
  });
  return { client, shownKey: shownKey ?? '' };
};

/** How a key of each kind may sign; those of RSA by newer ways than the one that the kind is named after. See RFC 8332. */
const signaturesOf = (publicKeys: readonly string[]): ServerHostKeyAlgorithm[] =>
  [...new Set(publicKeys.map((key) => key.split(' ')[0] ?? ''))].flatMap((type) =>
    type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type],
  ) as ServerHostKeyAlgorithm[];

/** Returns the key that a machine shows to somebody who knows none of it, as `ssh-ed25519 AAAA…`. Nobody logs in. */
export const askForHostKey = async (socket: Duplex, hostName: string): Promise<string> => {
  const client = new ssh2.Client();
  try {
    return await new Promise<string>((resolve, reject) => {
      client.on('error', (error) => {
        reject(
          new TransportError(`No SSH connection to ${hostName}: ${error.message}`, {
            cause: error,
            next: 'see whether it is an sshd that listens there.',
          }),
        );
      });
      client.connect({
        sock: socket,
        username: 'root',
        authHandler: [],
        hostVerifier: (bytes: Buffer) => {
          const type = bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString('latin1');
          resolve(`${type} ${bytes.toString('base64')}`);
          return false;
        },
        readyTimeout: 20_000,
      });
    });
  } finally {
    client.destroy();
  }
};
