import { createHmac } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findHostKeys, trustOnFirstUse } from '../../../lab/host/bare-metal/host-key.ts';
import { fingerprintOf, readKnownHosts } from '../../../lab/host/bare-metal/known-hosts.ts';
import { makeKeyPair } from '../../../lab/transport/lab-keys.ts';

const publicKey = (): string => makeKeyPair('').publicKey.trim().split(' ').slice(0, 2).join(' ');
const one = publicKey();
const other = publicKey();

const hashed = (name: string): string => {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

for (const [what, line, name, trusted] of [
  ['a plain name', `host ${one}`, 'host', [one]],
  ['one of several names', `a,host,b ${one} comment`, 'host', [one]],
  ['a pattern', `*.example.org ${one}`, 'lab.example.org', [one]],
  ['a pattern that does not match', `*.example.org ${one}`, 'lab.example.com', []],
  ['a negated pattern', `*.example.org,!lab.example.org ${one}`, 'lab.example.org', []],
  ['a port', `[host]:2222 ${one}`, '[host]:2222', [one]],
  ['another port', `[host]:2222 ${one}`, 'host', []],
  ['a hashed name', `${hashed('host')} ${one}`, 'host', [one]],
  ['another hashed name', `${hashed('host')} ${one}`, 'other', []],
  ['a comment', `# host ${one}`, 'host', []],
  ['a certificate authority', `@cert-authority host ${one}`, 'host', []],
  ['what is no key', 'host ssh-ed25519 $$$', 'host', []],
] as const)
  test(`known hosts: ${what}`, () => {
    expect(readKnownHosts(`\n${line}\n`, name).trusted).toEqual(trusted);
  });

test('a fingerprint is as ssh shows it', () => {
  expect(fingerprintOf('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl')).toBe(
    'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
  );
});

const environment = async (knownHosts: string) => {
  const folder = test.info().outputPath('cache');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'known_hosts'), knownHosts);
  return folder;
};
const address = { username: 'root', host: 'host', port: 22 };

test('a key that is revoked is not trusted', async () => {
  const folder = await environment(`host ${one}\nhost ${other}\n@revoked * ${one}\n`);
  expect(await findHostKeys(address, { HOME: '/nowhere' }, folder)).toEqual([other]);
});

test('LAB_HOST_KEY goes before what is known', async () => {
  const folder = await environment(`host ${one}\n`);
  expect(await findHostKeys(address, { HOME: '/nowhere', LAB_HOST_KEY: `${other} root@host` }, folder)).toEqual([
    other,
  ]);
  await expect(findHostKeys(address, { HOME: '/nowhere', LAB_HOST_KEY: 'SHA256:abc' }, folder)).rejects.toThrow(
    /LAB_HOST_KEY is "SHA256:abc…", which is no public key of a host\.\nNext: set it to what stands in/,
  );
});

test('an unknown key is trusted when a person says so, and known from then on', async () => {
  const folder = await environment('');
  const asked: string[] = [];
  await trustOnFirstUse(address, one, folder, (question) => {
    asked.push(question);
    return Promise.resolve(' Yes ');
  });
  expect(asked.join()).toContain(fingerprintOf(one));
  expect(await readFile(join(folder, 'known_hosts'), 'utf8')).toBe(`host ${one}\n`);
  expect(await findHostKeys(address, { HOME: '/nowhere' }, folder)).toEqual([one]);
});

for (const [who, ask] of [
  ['a person who does not know', () => Promise.resolve('y')],
  ['nobody', null],
] as const)
  test(`an unknown key is not trusted where ${who} is asked`, async () => {
    const folder = await environment('');
    await expect(trustOnFirstUse(address, one, folder, ask)).rejects.toThrow(
      /is not known here, and the ssh-ed25519 key with the fingerprint SHA256:[^]*Next: compare the fingerprint[^]*LAB_HOST_KEY/,
    );
    expect(await readFile(join(folder, 'known_hosts'), 'utf8')).toBe('');
  });
