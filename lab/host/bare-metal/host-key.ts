import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { TransportError, UsageError } from '../../errors.ts';
import type { Environment } from '../../settings.ts';
import { describeAddress, knownHostsName, type SshAddress } from './address.ts';
import { keysOf } from './identity.ts';
import { fingerprintOf, readKnownHosts } from './known-hosts.ts';

/** Asks a person and returns the answer; null where nobody is there to ask. */
export type Ask = ((question: string) => Promise<string>) | null;

const ourKnownHosts = (cacheDir: string): string => join(cacheDir, 'known_hosts');

/**
 * Finds the keys by which a machine is known: LAB_HOST_KEY alone where that is set and it is about this machine; else what is in the
 * person's, the system's and this suite's own files of known hosts.
 * @returns The keys as `ssh-ed25519 AAAA…`; none if the machine is not known.
 * @throws UsageError for a LAB_HOST_KEY that is no key.
 */
export const findHostKeys = async (
  address: SshAddress,
  environment: Environment,
  cacheDir: string,
): Promise<readonly string[]> => {
  const given = environment.LAB_HOST_KEY;
  if (given !== undefined && given !== '') return [readGivenKey(given)];
  const home = environment.HOME === undefined || environment.HOME === '' ? homedir() : environment.HOME;
  const files = [
    ourKnownHosts(cacheDir),
    ...['known_hosts', 'known_hosts2'].map((name) => join(home, '.ssh', name)),
    '/etc/ssh/ssh_known_hosts',
  ];
  const contents = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const known = contents.map((content) => readKnownHosts(content, knownHostsName(address)));
  const revoked = new Set(known.flatMap((each) => each.revoked));
  return [...new Set(known.flatMap((each) => each.trusted))].filter((key) => !revoked.has(key));
};

const readGivenKey = (given: string): string => {
  const parsed = ssh2.utils.parseKey(given);
  const [type = '', key = ''] = given.trim().split(/\s+/u);
  if (parsed instanceof Error || keysOf(parsed).some((each) => each.isPrivateKey()))
    throw new UsageError(`LAB_HOST_KEY is "${given.slice(0, 40)}…", which is no public key of a host.`, {
      next: 'set it to what stands in the machine\'s /etc/ssh/ssh_host_ed25519_key.pub: "ssh-ed25519 AAAA…".',
    });
  return `${type} ${key}`;
};

/**
 * Has a person decide whether the key that an unknown machine shows is to be trusted from now on, and writes it down then.
 * @throws TransportError that says how else to make it known, if the person does not trust it or nobody is there.
 */
export const trustOnFirstUse = async (
  address: SshAddress,
  shownKey: string,
  cacheDir: string,
  ask: Ask,
): Promise<void> => {
  const name = describeAddress(address);
  const [type = ''] = shownKey.split(' ');
  const what = `${type} key with the fingerprint ${fingerprintOf(shownKey)}`;
  const answer = ask
    ? await ask(
        `${name} is not known here. It shows an ${what}.\n` +
          'Compare that with what its console says (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). Trust it from now on? [yes/no] ',
      )
    : 'nobody to ask';
  if (answer.trim().toLowerCase() !== 'yes')
    throw new TransportError(`${name} is not known here, and the ${what} that it shows is not trusted.`, {
      next:
        'compare the fingerprint with what its console says; then answer yes on a terminal, log in once with ssh (which adds it to ' +
        '~/.ssh/known_hosts), or set LAB_HOST_KEY to its public key.',
    });
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  await appendFile(ourKnownHosts(cacheDir), `${knownHostsName(address)} ${shownKey}\n`, { mode: 0o600 });
};
