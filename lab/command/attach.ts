import { constants } from 'node:os';
import type { ReadStream, WriteStream } from 'node:tty';
import type { HostShell } from '../transport/host-shell.ts';

/**
 * Joins this process's terminal to a script on a host: every key goes there, its size follows, and the terminal is as it
 * was afterwards whatever happens. Returns the script's exit status, or undefined if the connection broke.
 */
export const attachTerminal = async (
  host: HostShell,
  script: string,
  { input, output }: { readonly input: ReadStream; readonly output: WriteStream },
): Promise<number | undefined> => {
  const terminal = { columns: output.columns, rows: output.rows, type: process.env.TERM ?? 'xterm' };
  const channel = await host.stream(script, { terminal });
  const { io, ended } = channel;
  const restore = (): void => {
    input.setRawMode(false);
  };
  const follow = (): void => {
    channel.resize(output.columns, output.rows);
  };
  const send = (keys: Buffer): void => {
    io.write(keys);
  };
  process.once('exit', restore);
  input.setRawMode(true);
  output.on('resize', follow);
  input.on('data', send);
  io.on('error', () => undefined);
  io.pipe(output, { end: false });
  try {
    return await ended;
  } finally {
    input.off('data', send);
    input.pause();
    output.off('resize', follow);
    restore();
    process.off('exit', restore);
  }
};

/** What a shell says of a command that a closed pipe ended. */
const unreadStatus = 128 + constants.signals.SIGPIPE;

/** Joins this process's standard streams, which are no terminal, to a script on a host; otherwise like the former. */
export const attachPipes = async (host: HostShell, script: string): Promise<number | undefined> => {
  const { io, ended } = await host.stream(script, {
    onStderr: (chunk) => {
      process.stderr.write(chunk);
    },
  });
  io.on('error', () => undefined);
  io.pipe(process.stdout, { end: false });
  process.stdin.pipe(io);
  // With nobody left to read it, the script has no reason to go on; what it has sent already will not be read either.
  const unread = new Promise<number>((resolve) => {
    process.stdout.once('error', () => {
      resolve(unreadStatus);
    });
  });
  try {
    return await Promise.race([ended, unread]);
  } finally {
    process.stdin.unpipe(io);
    process.stdin.pause();
  }
};
