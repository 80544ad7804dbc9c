import { createInterface } from 'node:readline/promises';
import type { Settings } from '../../settings.ts';
import type { SshShell } from '../../transport/ssh-shell.ts';
import { parseSshAddress } from './address.ts';
import { openMachine } from './connect.ts';
import type { Ask } from './host-key.ts';

/** Asks on the terminal, where there is one. */
const askHere: Ask =
  process.stdin.isTTY && process.stderr.isTTY
    ? async (question) => {
        const terminal = createInterface({ input: process.stdin, output: process.stderr });
        try {
          return await terminal.question(question);
        } finally {
          terminal.close();
        }
      }
    : null;

/** Opens a shell on the machine at an address; whoever sits at the terminal is asked about one that is not known. */
export const openByAddress = (
  settings: Settings,
  hostName: string,
  text: string,
  hostPublicKey?: string,
): Promise<SshShell> =>
  openMachine(
    {
      hostName,
      address: parseSshAddress(text, 'LAB_HOST'),
      ask: askHere,
      ...(hostPublicKey !== undefined && { hostPublicKey }),
    },
    settings,
    process.env,
  );

/** Opens a shell on the machine that LAB_HOST names, for as long as the work takes. */
export const onMachine = async <Result>(
  settings: Settings,
  work: (shell: SshShell) => Promise<Result>,
  hostName: string = settings.host,
): Promise<Result> => {
  const shell = await openByAddress(settings, hostName, settings.host);
  try {
    return await work(shell);
  } finally {
    await shell.close();
  }
};
