import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { LabError, TransportError } from '../../errors.ts';

/** How long QEMU may take to answer: it does so even while the machine in it is busy. */
const answerTimeoutMs = 10_000;

/** A connection to a running machine's QEMU. QEMU serves one at a time, so none is kept longer than it is used. */
export interface Qmp extends AsyncDisposable {
  /** Has QEMU do something and returns what it answers. Throws a LabError if it refuses, a TransportError if it goes away. */
  execute(command: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Settles when QEMU has closed the connection, as it does when it ends. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

const message = z.union([
  z.object({ QMP: z.unknown() }).transform(() => ({ kind: 'greeting' as const })),
  z.object({ return: z.unknown() }).transform((said) => ({ kind: 'answer' as const, value: said.return })),
  z
    .object({ error: z.object({ desc: z.string() }) })
    .transform(({ error }) => ({ kind: 'refusal' as const, reason: error.desc })),
  z.object({ event: z.string() }).transform(() => ({ kind: 'event' as const })),
]);
type Message = z.infer<typeof message>;

/**
 * Connects to the QMP socket of a machine and negotiates; see https://www.qemu.org/docs/master/interop/qmp-spec.html.
 * @param path The socket's path.
 * @throws TransportError if nobody answers there.
 */
export const connectQmp = async (path: string): Promise<Qmp> => {
  const socket = createConnection(path);
  const gone = (cause?: unknown): TransportError =>
    new TransportError(`The machine's QEMU does not answer at ${path}.`, {
      cause,
      next: 'it may have ended: its console log, next to that socket, has its last words.',
    });
  let trouble: unknown;
  const waiting: { readonly take: (said: Message) => void; readonly giveUp: () => void }[] = [];
  socket.on('error', (error) => {
    trouble = error;
  });
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      for (const { giveUp } of waiting.splice(0)) giveUp();
      resolve();
    });
  });
  // QEMU answers in the order in which it was asked; what it tells unasked is nobody's answer.
  const next = (): Promise<Message> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.destroy();
      }, answerTimeoutMs);
      waiting.push({
        take: (said) => {
          clearTimeout(timer);
          resolve(said);
        },
        giveUp: () => {
          clearTimeout(timer);
          reject(gone(trouble));
        },
      });
      if (socket.destroyed) socket.emit('close');
    });
  createInterface({ input: socket })
    .on('line', (line) => {
      const said = message.safeParse(JSON.parse(line));
      if (!said.success) socket.destroy(new Error(`QEMU said what is no QMP: ${line}`));
      else if (said.data.kind !== 'event') waiting.shift()?.take(said.data);
    })
    .on('error', () => undefined);
  const execute: Qmp['execute'] = async (command, parameters) => {
    const answer = next();
    socket.write(`${JSON.stringify({ execute: command, ...(parameters && { arguments: parameters }) })}\n`);
    const said = await answer;
    if (said.kind === 'refusal')
      throw new LabError(`The machine's QEMU refuses ${command}: ${said.reason}`, {
        next: 'its console log, next to its socket, shows what state it is in.',
      });
    return said.kind === 'answer' ? said.value : null;
  };
  const close = async (): Promise<void> => {
    socket.destroy();
    await closed;
  };
  try {
    await next();
    await execute('qmp_capabilities');
  } catch (error) {
    await close();
    throw error;
  }
  return { execute, closed, close, [Symbol.asyncDispose]: close };
};
