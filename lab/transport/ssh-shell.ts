import pRetry from 'p-retry';
import type { ClientChannel } from 'ssh2';
import { CommandError, TransportError } from '../errors.ts';
import {
  defaultTimeoutMs,
  quote,
  type CommandResult,
  type CommandStream,
  type HostShell,
  type RunOptions,
  type StreamOptions,
} from './host-shell.ts';
import { connectSsh, type SshLogin } from './ssh-client.ts';
import { turnstile } from './turnstile.ts';

/** How long the transport may take beyond the limit that the host itself keeps. */
const transportGraceMs = 5_000;
const stderrTailBytes = 16_384;
const usualSessions = 10;
/** sshd counts a session that has ended until it gets round to forgetting it. */
const whileFull = { retries: 20, minTimeout: 50, factor: 1 } as const;
const outputLimitBytes = 64 * 1024 * 1024;

/** What both have in common: how many commands at once. */
interface Sessions {
  /**
   * How many commands its sshd lets run at once on one connection (MaxSessions in sshd_config(5)); what is more waits its turn. sshd's own
   * 10 if not given.
   */
  readonly sessions?: number;
}

/** A host that was made for a lab: it knows the lab's key, and shows one that was made with it. */
export interface SshTarget extends Pick<SshLogin, 'hostName' | 'socket' | 'timeoutMs' | 'silenceMs'>, Sessions {
  /** The lab's private key (OpenSSH format). */
  readonly privateKey: string;
  /** The host's public key as `ssh-ed25519 AAAA…`; any other is refused. */
  readonly hostPublicKey: string;
}

/** Any machine with an sshd. */
interface MachineTarget extends SshLogin, Sessions {
  /** How a user that is not root becomes it for every command; not at all if not given. */
  readonly becomeRoot?: 'sudo';
}

/** A shell over SSH. */
export interface SshShell extends HostShell {
  /** The key by which the host was recognised, as `ssh-ed25519 AAAA…`. */
  readonly hostPublicKey: string;
}

/** Says whether the host's sshd would not open a channel, which a moment later it may. */
const isRefusal = (error: Error): boolean =>
  error instanceof TransportError && error.cause instanceof Error && 'reason' in error.cause;

interface OpenChannel {
  readonly channel: ClientChannel;
  /** How the command ended; undefined where the channel closed without saying so, which is never a success. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | undefined } | undefined>;
}

/** Listens from the moment the channel is there: the exit status of a quick command comes in the same packet. */
const listenTo = (channel: ClientChannel): OpenChannel => {
  let exit: Awaited<OpenChannel['ended']>;
  const ended = new Promise<typeof exit>((resolve) => {
    channel.on('exit', (code: number | null, signal?: string) => {
      exit = { code, signal };
    });
    channel.on('close', () => {
      resolve(exit);
    });
  });
  return { channel, ended };
};

/**
 * Opens an SSH connection to a host of a lab over the given stream and returns a shell on it.
 * Throws a {@link TransportError} if the host refuses the key, shows another host key than the pinned one, or does not answer.
 */
export const openSshShell = ({ privateKey, hostPublicKey, ...target }: SshTarget): Promise<SshShell> =>
  openShellOfMachine({ ...target, privateKeys: [privateKey], hostPublicKeys: [hostPublicKey] });

/** The same on any machine, for whoever may log in there. */
export const openShellOfMachine = async (target: MachineTarget): Promise<SshShell> => {
  const { hostName } = target;
  /** What to tell when the connection goes: channels being opened, and whoever waits on `lost`. */
  const waiting = new Set<(error: Error) => void>();
  const lost = new Promise<Error>((resolve) => waiting.add(resolve));
  const lostWith = (error: Error): void => {
    for (const tell of waiting) tell(error);
    waiting.clear();
  };
  let state: 'open' | 'lost' = 'open';
  const describeLoss = (cause?: unknown): TransportError =>
    new TransportError(`The connection to ${hostName} was lost.`, {
      cause,
      next: 'see if the host still runs with "npm run lab status"; "npm run lab up" brings it back.',
    });
  const { client, shownKey } = await connectSsh(target);
  client.on('error', (error) => {
    state = 'lost';
    lostWith(describeLoss(error));
  });
  client.on('close', () => {
    state = 'lost';
    lostWith(describeLoss());
  });
  const asRoot = target.becomeRoot === 'sudo' ? 'sudo -n -H -- ' : '';
  const sessions = turnstile(target.sessions ?? usualSessions);
  const openChannel = async (command: string, terminal?: StreamOptions['terminal']): Promise<OpenChannel> => {
    await sessions.enter();
    try {
      const opened = await pRetry(() => requestChannel(command, terminal), {
        ...whileFull,
        shouldRetry: ({ error }) => isRefusal(error),
      });
      void opened.ended.then(sessions.leave);
      return opened;
    } catch (error) {
      sessions.leave();
      throw error;
    }
  };
  const requestChannel = (command: string, terminal?: StreamOptions['terminal']): Promise<OpenChannel> =>
    new Promise<OpenChannel>((resolve, reject) => {
      if (state === 'lost') {
        reject(describeLoss());
        return;
      }
      waiting.add(reject);
      const pty = terminal && { cols: terminal.columns, rows: terminal.rows, term: terminal.type };
      try {
        client.exec(command, pty ? { pty } : {}, (error, channel) => {
          waiting.delete(reject);
          if (!error) resolve(listenTo(channel));
          else if (state === 'lost') reject(describeLoss(error));
          else reject(new TransportError(`${hostName} opened no channel: ${error.message}`, { cause: error }));
        });
      } catch (error) {
        waiting.delete(reject);
        reject(describeLoss(error));
      }
    });

  const run = async (script: string, options: RunOptions = {}): Promise<CommandResult> => {
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    options.signal?.throwIfAborted();
    const seconds = (timeoutMs / 1000).toFixed(3);
    const { channel, ended } = await openChannel(`${asRoot}timeout -k 2 ${seconds} bash -c ${quote(script)}`);
    const summary = script.length > 160 ? `${script.slice(0, 157)}…` : script;
    return await new Promise<CommandResult>((resolve, reject) => {
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      let bytes = 0;
      const give = (error: Error): void => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', abort);
        channel.destroy();
        reject(error);
      };
      const abort = (): void => {
        give(new CommandError(`Given up on ${hostName}: ${summary}`, { cause: options.signal?.reason }));
      };
      const timer = setTimeout(() => {
        give(
          new TransportError(`${hostName} did not answer within ${timeoutMs + transportGraceMs} ms: ${summary}`, {
            next: 'the host hangs or the machine is overloaded; "npm run lab status" shows whether it answers at all.',
          }),
        );
      }, timeoutMs + transportGraceMs);
      options.signal?.addEventListener('abort', abort, { once: true });
      if (options.signal?.aborted) abort();
      const collect = (into: Buffer[]) => (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > outputLimitBytes)
          give(new CommandError(`More than ${outputLimitBytes} bytes of output on ${hostName}: ${summary}`));
        else into.push(chunk);
      };
      channel.on('data', collect(stdout));
      channel.stderr.on('data', collect(stderr));
      void ended.then((exit) => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', abort);
        if (!exit) {
          reject(describeLoss());
          return;
        }
        const result = {
          stdout: Buffer.concat(stdout).toString('utf8'),
          stderr: Buffer.concat(stderr).toString('utf8'),
          exitCode: exit.code ?? -1,
        };
        if (exit.code !== null && (options.accept ?? [0]).includes(exit.code)) {
          resolve(result);
          return;
        }
        const how =
          exit.code === 124
            ? `ran out of its ${timeoutMs} ms`
            : exit.code === null
              ? `was ended by ${exit.signal ?? 'a signal'}`
              : `ended with exit status ${exit.code}`;
        const output = [result.stderr.trim(), result.stdout.trim()].filter(Boolean).join('\n').slice(-2_000);
        reject(new CommandError(`A command on ${hostName} ${how}: ${summary}${output && `\n${output}`}`));
      });
      channel.end(options.input);
    });
  };

  return {
    hostName,
    hostPublicKey: shownKey,
    lost,
    run,
    async stream(script, { args = [], terminal, onStderr } = {}): Promise<CommandStream> {
      const command = [`exec ${asRoot}bash`, '-c', quote(script), 'bash', ...args.map(quote)].join(' ');
      const { channel, ended } = await openChannel(command, terminal);
      let stderrTail = Buffer.alloc(0);
      channel.stderr.on('data', (chunk: Buffer) => {
        stderrTail = Buffer.concat([stderrTail, chunk]).subarray(-stderrTailBytes);
        onStderr?.(chunk);
      });
      return {
        io: channel,
        ended: ended.then((exit) => exit && (exit.code ?? -1)),
        stderr: () => stderrTail.toString('utf8'),
        resize: (columns, rows) => {
          channel.setWindow(rows, columns, 0, 0);
        },
      };
    },
    async close() {
      if (state === 'lost') return;
      client.end();
      target.socket.destroy();
      await lost;
    },
  };
};
