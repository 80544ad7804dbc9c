import ssh2 from 'ssh2';
import { LabError } from '../errors.ts';

/** A key pair in OpenSSH's formats. */
export interface KeyPair {
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string;
}

/** One in 256 comes out malformed: that many in a row would be another fault. */
const attempts = 20;

/**
 * Makes an ed25519 key pair with the given comment. ssh2 1.17 drops the leading zero bytes of a public key, and such a pair
 * cannot be read again: it is thrown away, and another one made. Throws a LabError if none can be made.
 */
export const makeKeyPair = (comment: string): KeyPair => {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error))
      return { privateKey: pair.private, publicKey: pair.public };
  }
  throw new LabError(`None of ${attempts} new SSH keys could be read again.`, {
    next: 'install the locked packages: npm ci',
  });
};
