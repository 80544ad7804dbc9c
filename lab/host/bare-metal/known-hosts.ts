import { createHash, createHmac } from 'node:crypto';

/** What files of known hosts say about a machine. */
export interface KnownKeys {
  /** Its keys, as `ssh-ed25519 AAAA…`. */
  readonly trusted: readonly string[];
  /** Keys that are marked as revoked, for this machine or for all. */
  readonly revoked: readonly string[];
}

/**
 * Reads the lines about a machine from a file of known hosts, whose names may be hashed, negated or patterns (sshd(8), SSH_KNOWN_HOSTS FILE
 * FORMAT). Certificate authorities are left out: this suite checks no certificates.
 * @param name The name as {@link import('./address.ts').knownHostsName} gives it.
 */
export const readKnownHosts = (content: string, name: string): KnownKeys => {
  const trusted: string[] = [];
  const revoked: string[] = [];
  for (const line of content.split('\n')) {
    const words = line.trim().split(/\s+/u);
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
    const [names = '', type = '', key = ''] = words;
    if (names === '' || names.startsWith('#') || !/^[\w@.-]+$/u.test(type) || !/^[A-Za-z0-9+/]+=*$/u.test(key))
      continue;
    if (!isNamed(names, name)) continue;
    if (marker === undefined) trusted.push(`${type} ${key}`);
    else if (marker === '@revoked') revoked.push(`${type} ${key}`);
  }
  return { trusted, revoked };
};

const isNamed = (names: string, name: string): boolean => {
  const hashed = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/u.exec(names);
  if (hashed) {
    const [, salt = '', sum = ''] = hashed;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === sum;
  }
  const patterns = names.split(',');
  const matches = (pattern: string): boolean => expressionOf(pattern).test(name);
  return (
    patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))
  );
};

const expressionOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/gu, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'iu',
  );

/** A key's fingerprint, as ssh shows it: `SHA256:…`. */
export const fingerprintOf = (publicKey: string): string =>
  `SHA256:${createHash('sha256')
    .update(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'))
    .digest('base64')
    .replace(/=+$/u, '')}`;
