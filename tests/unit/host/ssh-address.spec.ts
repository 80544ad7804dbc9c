import { expect, test } from '@playwright/test';
import { describeAddress, knownHostsName, parseSshAddress } from '../../../lab/host/bare-metal/address.ts';

for (const [text, address, written, known] of [
  [
    'ssh://lab.example.org',
    { username: 'root', host: 'lab.example.org', port: 22 },
    'ssh://root@lab.example.org',
    'lab.example.org',
  ],
  [
    'ssh://ops@10.0.0.7:2222',
    { username: 'ops', host: '10.0.0.7', port: 2222 },
    'ssh://ops@10.0.0.7:2222',
    '[10.0.0.7]:2222',
  ],
  [
    'ssh://root@[fd00::7]:2222/',
    { username: 'root', host: 'fd00::7', port: 2222 },
    'ssh://root@[fd00::7]:2222',
    '[fd00::7]:2222',
  ],
] as const)
  test(`${text} is an address`, () => {
    const parsed = parseSshAddress(text, 'LAB_HOST');
    expect(parsed).toEqual(address);
    expect(describeAddress(parsed)).toBe(written);
    expect(knownHostsName(parsed)).toBe(known);
  });

for (const [text, says] of [
  [
    'lab.example.org',
    /LAB_HOST is "lab\.example\.org": it does not begin with ssh:\/\/\.\nNext: set LAB_HOST to ssh:\/\//,
  ],
  ['ssh://', /it (is no address|names no host)/],
  ['ssh://host:99999', /it is no address/],
  ['ssh://root:secret@host', /"ssh:\/\/root:…@host": it has a password in it[^]*LAB_HOST_IDENTITY/],
  ['ssh://host/path', /there is more in it than user, host and port/],
  ['ssh://a%20b@host', /"a b" is no name of a user/],
] as const)
  test(`${text} is refused`, () => {
    expect(() => parseSshAddress(text, 'LAB_HOST')).toThrow(says);
  });
