import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { TransportError, UsageError } from '../../errors.ts';
import type { Environment } from '../../settings.ts';

/** What to log in with; tried in this order. */
export interface Identity {
  /** Socket of an agent. */
  readonly agent: string | null;
  /** Private keys, in any format that OpenSSH reads. */
  readonly privateKeys: readonly string[];
}

const usualFiles = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * Finds what to log in with: the file that LAB_HOST_IDENTITY names and nothing else or, without it, the agent that
 * SSH_AUTH_SOCK names and the usual files below ~/.ssh.
 * @throws UsageError for a file that can't be used, TransportError where there is nothing at all.
 */
export const findIdentity = async (environment: Environment): Promise<Identity> => {
  const named = nonEmpty(environment.LAB_HOST_IDENTITY);
  if (named !== null) return { agent: null, privateKeys: [await namedKey(named)] };
  const agent = nonEmpty(environment.SSH_AUTH_SOCK);
  const folder = join(nonEmpty(environment.HOME) ?? homedir(), '.ssh');
  const found = await Promise.all(usualFiles.map((name) => readFile(join(folder, name), 'utf8').catch(() => null)));
  // One with a passphrase is for the agent.
  const privateKeys = found.filter((key) => key !== null && !(ssh2.utils.parseKey(key) instanceof Error));
  if (agent === null && privateKeys.length === 0)
    throw new TransportError(`There is no key to log in with: no agent, and none without a passphrase in ${folder}.`, {
      next: 'start an agent and add a key to it (ssh-add), or name the file of one in LAB_HOST_IDENTITY.',
    });
  return { agent, privateKeys: privateKeys as readonly string[] };
};

const namedKey = async (path: string): Promise<string> => {
  const refuse = (why: string, next: string, cause?: unknown): UsageError =>
    new UsageError(`LAB_HOST_IDENTITY is "${path}": ${why}.`, { next, ...(cause !== undefined && { cause }) });
  const key = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw refuse('that file can not be read', 'name the file of a private key, such as ~/.ssh/id_ed25519.', cause);
  });
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error && /encrypted|passphrase/iu.test(parsed.message))
    throw refuse(
      'that key has a passphrase',
      `add it to the agent (ssh-add ${path}) and leave LAB_HOST_IDENTITY out.`,
      parsed,
    );
  if (parsed instanceof Error)
    throw refuse('there is no private key in it', 'name the file of a private key, not of a public one.', parsed);
  if (!keysOf(parsed).some((each) => each.isPrivateKey()))
    throw refuse('that is a public key', 'name the file of its private key, usually the same without .pub.');
  return key;
};

/** What ssh2 read from a text: one key, though its types have several as well. */
export const keysOf = (parsed: ParsedKey | ParsedKey[]): readonly ParsedKey[] =>
  Array.isArray(parsed) ? parsed : [parsed];

const nonEmpty = (value: string | undefined): string | null => (value === undefined || value === '' ? null : value);
