import { Duplex, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { LabError, TransportError } from '../errors.ts';
import { demultiplex } from './demultiplex.ts';

/** A command that runs in a container, with its standard streams. */
export interface ExecStream {
  /**
   * Reads the command's standard output and writes its standard input, byte for byte. Ending the writing side leaves the
   * reading side open; destroying it cuts the connection. It closes when the command ends, and with a TransportError when
   * the engine goes away in the middle of something.
   */
  readonly duplex: Duplex;
  /** Its standard error. It has to be read, or resumed, for the standard output to flow. */
  readonly stderr: Readable;
  /** Its exit status. Rejects with a TransportError when the connection is cut before the command has ended. */
  readonly exitCode: Promise<number>;
}

const exitTimeoutMs = 3000;

/**
 * Starts a command in a running container.
 * @param command The program and its arguments; no shell is involved.
 * @throws TransportError when the engine does not start it.
 */
export const execStream = async (container: Docker.Container, command: readonly string[]): Promise<ExecStream> => {
  const name = command[0] ?? '';
  let exec: Docker.Exec;
  let socket: Duplex;
  try {
    exec = await container.exec({
      Cmd: [...command],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
    });
    socket = await exec.start({ hijack: true, stdin: true, Tty: false });
  } catch (error) {
    throw new TransportError(`The engine did not start ${name} in the container: ${messageOf(error)}.`, {
      cause: error,
      next: 'See whether the container runs ("npm run lab status").',
    });
  }
  const streams = connect(socket, name);
  const exitCode = streams.ended.then(() => exitCodeOf(exec, name));
  // Nobody has to ask for it.
  exitCode.catch(() => undefined);
  return { duplex: streams.duplex, stderr: streams.stderr, exitCode };
};

/** Joins the engine's multiplexed socket to two streams, with backpressure both ways. */
const connect = (
  socket: Duplex,
  name: string,
): { readonly duplex: Duplex; readonly stderr: Readable; readonly ended: Promise<void> } => {
  const full = new Set<Readable>();
  const drained = (stream: Readable) => (): void => {
    full.delete(stream);
    if (full.size === 0) socket.resume();
  };
  const give = (stream: Readable, chunk: Buffer): void => {
    // What nobody will read any more must not hold up the other stream.
    if (stream.destroyed || stream.push(chunk)) return;
    full.add(stream);
    socket.pause();
  };
  const stderr: Readable = new Readable({
    read: () => {
      drained(stderr)();
    },
    destroy: (error, done) => {
      drained(stderr)();
      done(error);
    },
  });
  const duplex: Duplex = new Duplex({
    // Once the command's output has ended there is nobody to write to.
    allowHalfOpen: false,
    read: () => {
      drained(duplex)();
    },
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(chunk, done);
    },
    final: (done) => {
      if (socket.writable) socket.end(done);
      else done();
    },
    destroy: (error, done) => {
      socket.destroy();
      if (!stderr.destroyed) stderr.push(null);
      done(error);
    },
  });
  const demultiplexer = demultiplex((channel, chunk) => {
    give(channel === 'stderr' ? stderr : duplex, chunk);
  });
  const cut = (cause: unknown): void => {
    duplex.destroy(
      new TransportError(`The engine's stream to ${name} was cut.`, {
        cause,
        next: 'See whether the engine and the container still run ("npm run lab status").',
      }),
    );
  };
  const ended = new Promise<void>((resolve) => {
    let over = false;
    const finish = (): void => {
      if (over) return;
      over = true;
      if (!duplex.destroyed) {
        if (demultiplexer.isBetweenFrames()) {
          duplex.push(null);
          stderr.push(null);
        } else cut(undefined);
      }
      resolve();
    };
    socket.on('data', (chunk: Buffer) => {
      try {
        demultiplexer.take(chunk);
      } catch (error) {
        cut(error);
      }
    });
    socket.on('error', (error) => {
      if (!duplex.destroyed) cut(error);
    });
    socket.on('end', finish);
    socket.on('close', finish);
  });
  return { duplex, stderr, ended };
};

/** The engine closes the stream a moment before it knows the exit status. */
const exitCodeOf = async (exec: Docker.Exec, name: string): Promise<number> => {
  const until = performance.now() + exitTimeoutMs;
  let cause: unknown;
  do {
    try {
      const { Running: running, ExitCode: code } = await exec.inspect({
        abortSignal: AbortSignal.timeout(exitTimeoutMs),
      });
      if (!running && code !== null) return code;
    } catch (error) {
      cause = error;
      break;
    }
    await delay(20);
  } while (performance.now() < until);
  throw new TransportError(
    `The engine does not know how ${name} ended${cause === undefined ? '' : `: ${messageOf(cause)}`}.`,
    {
      cause,
      next: 'See whether the engine and the container still run ("npm run lab status").',
    },
  );
};

/** What a command that ran to its end left. */
export interface FinishedCommand {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * Runs a command in a container to its end. It is ended by `timeout` in the container too, so none is left spinning there.
 * @param options.input What it reads from its standard input, which then ends.
 * @param options.timeoutMs How long it may take, in milliseconds.
 * @returns Its output as UTF-8 and its exit status, whatever that is.
 * @throws LabError when it takes too long; TransportError when the connection is cut; the signal's reason when aborted.
 */
export const runToEnd = async (
  container: Docker.Container,
  command: readonly string[],
  options: { readonly input?: string | Buffer; readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<FinishedCommand> => {
  options.signal?.throwIfAborted();
  const seconds = Math.ceil(options.timeoutMs / 1000) + 1;
  const { duplex, stderr, exitCode } = await execStream(container, [
    'timeout',
    '--kill-after=1',
    String(seconds),
    ...command,
  ]);
  const tooLong = new LabError(
    `${command.join(' ')} took longer than ${options.timeoutMs / 1000} s in the container.`,
    {
      next: 'See what holds it up there ("npm run lab shell").',
    },
  );
  const timer = setTimeout(() => duplex.destroy(tooLong), options.timeoutMs);
  const abort = (): void => {
    duplex.destroy(options.signal?.reason instanceof Error ? options.signal.reason : new Error('aborted'));
  };
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    duplex.end(options.input ?? '');
    const [output, problems] = await Promise.all([text(duplex), text(stderr)]);
    return { stdout: output, stderr: problems, exitCode: await exitCode };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.trim() : String(error));
