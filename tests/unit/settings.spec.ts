import { expect, test } from '@playwright/test';
import { UsageError } from '../../lab/errors.ts';
import { findRelease } from '../../lab/find-release.ts';
import { defaultRelease } from '../../lab/releases.ts';
import { readSettings } from '../../lab/settings.ts';

test('an empty environment gives the defaults', () => {
  expect(readSettings({ HOME: '/home/someone' })).toEqual({
    labName: 'default',
    host: 'container',
    release: defaultRelease,
    guestRelease: defaultRelease,
    plan: 'default',
    install: 'auto',
    keep: 'none',
    evidence: 'failed',
    cacheDir: '/home/someone/.cache/pacemaker-guest-drills',
  });
});

test('the cache follows XDG_CACHE_HOME when it is absolute, and ignores it otherwise', () => {
  expect(readSettings({ XDG_CACHE_HOME: '/var/cache/me' }).cacheDir).toBe('/var/cache/me/pacemaker-guest-drills');
  expect(readSettings({ HOME: '/h', XDG_CACHE_HOME: 'cache' }).cacheDir).toBe('/h/.cache/pacemaker-guest-drills');
});

test('a flag wins over the environment, and a variable set to nothing counts as not set', () => {
  const settings = readSettings({ LAB_NAME: 'one', LAB_KEEP: '' }, { LAB_NAME: 'two' });
  expect(settings).toMatchObject({ labName: 'two', keep: 'none' });
});

for (const [name, value, allowed] of [
  ['LAB_NAME', 'Upper', 'a-z, 0-9 and -'],
  ['LAB_NAME', 'x'.repeat(33), '1 to 32'],
  ['LAB_HOST', 'moon', 'container'],
  ['LAB_INSTALL', 'yes', 'auto or never'],
  ['LAB_KEEP', 'true', 'none, failed or always'],
  ['LAB_EVIDENCE', 'no', 'failed or always'],
  ['LAB_CACHE_DIR', 'here/below', 'an absolute path'],
] as const) {
  test(`${name}=${value.slice(0, 12)} is refused with what is allowed`, () => {
    const read = () => readSettings({ [name]: value });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(name);
    expect(read).toThrow(`"${value}"`);
    expect(read).toThrow(allowed);
  });
}

test('an address of a machine is a host, and one that is none says why', () => {
  expect(readSettings({ LAB_HOST: 'ssh://somewhere' }).host).toBe('ssh://somewhere');
  expect(() => readSettings({ LAB_HOST: 'ssh://root:secret@somewhere' })).toThrow(/has a password in it/);
});

test('an unknown release lists the known ones', () => {
  expect(() => readSettings({ LAB_RELEASE: '9.9.9' })).toThrow(/"9.9.9" is not known[\s\S]*3\.0\.0 \(trixie\)/);
  expect(findRelease('3.0.0').suite).toBe('trixie');
});

test("the guests' release is the host's unless another one is asked for", () => {
  expect(readSettings({ LAB_RELEASE: '2.1.5' })).toMatchObject({ release: '2.1.5', guestRelease: '2.1.5' });
  const mixed = readSettings({ LAB_RELEASE: '3.0.3', LAB_GUEST_RELEASE: '2.1.5' });
  expect(mixed).toMatchObject({ release: '3.0.3', guestRelease: '2.1.5' });
  expect(() => readSettings({ LAB_GUEST_RELEASE: '9.9.9' })).toThrow(/"9\.9\.9" is not known/);
});
