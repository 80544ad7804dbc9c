import { expect, test } from '@playwright/test';
import { LabError } from '../../../lab/errors.ts';
import { readCrash, waitForCrash } from '../../../lab/host/crash.ts';

const before = '[    0.000000] Linux version 6.12.1\r\n[  100.000000] a word\r\n';
const panic =
  '[  200.100000] Kernel panic - not syncing: sysrq triggered crash\r\n[  200.200000] Rebooting in 1 seconds..\r\n';
const nextBoot = 'SeaBIOS\r\n[    0.000000] Linux version 6.12.1\r\n';

test('a console tells of a crash, and whether the kernel has begun anew', () => {
  expect(readCrash('')).toEqual({ panic: null, begunAnew: 'not yet' });
  expect(readCrash(before)).toEqual({ panic: null, begunAnew: 'not yet' });
  expect(readCrash(panic)).toEqual({ panic: 'sysrq triggered crash', begunAnew: 'not yet' });
  expect(readCrash(before + panic + nextBoot)).toEqual({ panic: 'sysrq triggered crash', begunAnew: 'yes' });
});

test('a line that is still being written is not read', () => {
  expect(readCrash('[  200.100000] Kernel panic - not syncing: sysrq trig').panic).toBeNull();
});

/** A machine that says so much more each time it is listened to, and how often its power was cut; a second is 10 ms. */
const machine = (...said: readonly string[]) => {
  const rest = [...said];
  let heard = before;
  let cuts = 0;
  return {
    cuts: () => cuts,
    console: () => {
      heard += rest.shift() ?? '';
      return Promise.resolve(heard);
    },
    cut: () => {
      cuts += 1;
      return Promise.resolve();
    },
    timeFactor: 0.01,
  };
};

test('a host that crashes and begins anew by itself keeps its power', async () => {
  const host = machine('', panic, '', nextBoot);
  expect(await waitForCrash(host, before.length)).toBe('sysrq triggered crash');
  expect(host.cuts()).toBe(0);
});

test('a host that hangs after its crash is given its power anew', async () => {
  const host = machine(panic);
  expect(await waitForCrash(host, before.length)).toBe('sysrq triggered crash');
  expect(host.cuts()).toBe(1);
});

test('a host that goes on has not crashed, whatever it said earlier', async () => {
  const host = machine('[  101.000000] another word\r\n');
  await expect(waitForCrash(host, before.length)).rejects.toThrow(LabError);
  const crashedOnce = machine(panic, nextBoot);
  await crashedOnce.console();
  await expect(waitForCrash(crashedOnce, (before + panic).length)).rejects.toThrow(/did not crash/);
  expect(host.cuts() + crashedOnce.cuts()).toBe(0);
});
