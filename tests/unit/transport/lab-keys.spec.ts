import { expect, test } from '@playwright/test';
import ssh2 from 'ssh2';
import { makeKeyPair } from '../../../lab/transport/lab-keys.ts';

const read = (key: string): ssh2.ParsedKey => {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return parsed;
};

test('every key pair can be read again, and its halves belong together', () => {
  // ssh2 itself makes one in 256 that can't.
  for (let made = 0; made < 1_500; made += 1) {
    const pair = makeKeyPair('lab-test');
    expect(read(pair.publicKey).getPublicSSH().equals(read(pair.privateKey).getPublicSSH())).toBe(true);
  }
});
