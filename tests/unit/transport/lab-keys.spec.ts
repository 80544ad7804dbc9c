import { expect, test } from '@playwright/test';
import ssh2 from 'ssh2';
import { makeKeyPair } from '../../../lab/transport/lab-keys.ts';

test('every key pair can be read again, and its halves belong together', () => {
  // ssh2 itself makes one in 256 that can't.
  for (let made = 0; made < 1_500; made += 1) {
    const pair = makeKeyPair('lab-test');
    const privateKey = ssh2.utils.parseKey(pair.privateKey);
    const publicKey = ssh2.utils.parseKey(pair.publicKey);
    if (privateKey instanceof Error) throw privateKey;
    if (publicKey instanceof Error) throw publicKey;
    expect(publicKey.getPublicSSH().equals(privateKey.getPublicSSH())).toBe(true);
  }
});
