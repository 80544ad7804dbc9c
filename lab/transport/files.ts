import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError, TransportError } from '../errors.ts';
import { quote, type HostShell } from './host-shell.ts';

/** What an exit status says of a command that carried a file; null for success. */
const failureOf = (shell: HostShell, doing: string, status: number | undefined, stderr: string): Error | null => {
  if (status === 0) return null;
  if (status === undefined)
    return new TransportError(`The connection to ${shell.hostName} was lost while ${doing}.`, {
      next: 'do it again; "npm run lab status" shows whether the host answers.',
    });
  return new CommandError(`${shell.hostName} failed while ${doing} (exit status ${status}): ${stderr.trim()}`);
};

/**
 * Writes a file on a host, at the pace at which the host takes it. It is written aside, and renamed when all of it is there: what
 * breaks on the way leaves the file as it was. Throws a CommandError or a TransportError, or what the content fails with.
 */
export const writeTo = async (
  shell: HostShell,
  path: string,
  content: Readable | Buffer | string,
  mode = 0o644,
): Promise<void> => {
  const source = content instanceof Readable ? content : Readable.from([Buffer.from(content)]);
  const aside = quote(`${path}.${randomBytes(6).toString('hex')}`);
  const channel = await shell.stream(`umask 077; exec cat >${aside}`);
  channel.io.resume();
  try {
    const [sent, status] = await Promise.allSettled([pipeline(source, channel.io), channel.ended]);
    // A host that does not take it ends the content's stream; a content that fails looks to the host like its end.
    const failure = failureOf(
      shell,
      `writing ${path}`,
      status.status === 'fulfilled' ? status.value : undefined,
      channel.stderr(),
    );
    if (failure && !(sent.status === 'rejected' && source.errored)) throw failure;
    if (sent.status === 'rejected') throw sent.reason;
    await shell.run(`chmod ${mode.toString(8)} ${aside} && mv -T ${aside} ${quote(path)}`);
  } catch (error) {
    await shell.run(`rm -f ${aside}`).catch(() => undefined);
    throw error;
  }
};

/** Reads a file of a host as a stream, at the pace of whoever reads it, who may destroy it before its end. */
export const readFrom = async (shell: HostShell, path: string): Promise<Readable> => {
  const channel = await shell.stream(`exec cat -- ${quote(path)}`);
  const { io, ended } = channel;
  const read = new PassThrough();
  io.on('error', () => undefined);
  io.pipe(read, { end: false });
  read.on('close', () => {
    io.destroy();
  });
  void ended.then((status) => {
    const failure = failureOf(shell, `reading ${path}`, status, channel.stderr());
    if (failure) read.destroy(failure);
    else read.end();
  });
  return read;
};
