import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { FaultError } from '../../../lab/errors.ts';
import { findFault } from '../../../lab/faults/catalogue.ts';
import type { FaultSite } from '../../../lab/faults/fault.ts';
import { hostClockScripts } from '../../../lab/faults/host-clock.ts';
import { loadPlan } from '../../../lab/plan.ts';
import { recordedHost, recordingShell } from './recording-shell.ts';

const plan = await loadPlan('single');
const [guest] = plan.guests;
if (!guest) throw new Error('the plan has no guest');

/** A site whose host is one boot after the other, as often as it is ended. */
const siteOf = (host: Partial<FaultSite['host']>, boots: readonly string[] = ['one']) => {
  const { shell, scripts } = recordingShell();
  const left = [...boots];
  const site: FaultSite = {
    ...{ guest, plan, host: { ...recordedHost, ...host } },
    shell: {
      ...shell,
      run: async (script, options) =>
        script.includes('boot_id')
          ? { stdout: `1795312531650509\n${left.shift() ?? ''}\n`, stderr: '', exitCode: 0 }
          : await shell.run(script, options),
    },
  };
  return { site, scripts };
};

const ends = {
  'host-power-lost': { losePower: () => Promise.resolve() },
  'host-reset': { reset: () => Promise.resolve() },
  'host-crashed': { crash: () => Promise.resolve('sysrq triggered crash') },
} as const;

for (const [name, host] of Object.entries(ends)) {
  test(`${name} can be had where the host can be ended so, and nowhere else`, async () => {
    expect(await findFault(name).available(siteOf(host).site)).toBeNull();
    expect(await findFault(name).available(siteOf({}).site)).toMatch(/power switch|reset button/);
    await expect(findFault(name).inject(siteOf({}).site)).rejects.toThrow(FaultError);
  });

  test(`${name} is proven by another boot of the host`, async () => {
    const { atMs, proof, leaseId } = await findFault(name).inject(siteOf(host, ['one', 'another']).site);
    expect({ atMs, leaseId }).toEqual({ atMs: 1_795_312_531_650.509, leaseId: null });
    expect(proof).toMatch(/, and it was booted anew$/);
    await expect(findFault(name).inject(siteOf(host, ['one', 'one']).site)).rejects.toThrow(
      /did not take effect in lxc1/,
    );
  });
}

test('the proof of a crash is what the kernel said', async () => {
  const { proof } = await findFault('host-crashed').inject(siteOf(ends['host-crashed'], ['one', 'another']).site);
  expect(proof).toContain('Kernel panic - not syncing: sysrq triggered crash');
});

/** A site whose host has stood still as told, and whose uptime is first one, then the other. */
const stillSite = (said: string, ...uptimes: readonly string[]): FaultSite => {
  const left = [...uptimes];
  const { site } = siteOf({ standStill: () => Promise.resolve(said) });
  const run: FaultSite['shell']['run'] = (script, options) =>
    script.includes('/proc/uptime')
      ? Promise.resolve({ stdout: `1795312531650509 ${left.shift() ?? ''}\n`, stderr: '', exitCode: 0 })
      : site.shell.run(script, options);
  return { ...site, shell: { ...site.shell, run } };
};

test('host-paused is proven by the time that the host’s uptime has missed', async () => {
  const fault = findFault('host-paused');
  expect(await fault.available(stillSite('paused'))).toBeNull();
  expect(await fault.available(siteOf({}).site)).toMatch(/stand still from outside/);
  // Nothing passes here, so that an uptime that misses 8 s is 8 s less.
  const { atMs, proof } = await fault.inject(stillSite('paused', '20.00', '12.00'));
  expect(atMs).toBe(1_795_312_531_650.509);
  expect(proof).toMatch(/^it was paused, and its uptime missed 80\d\d ms$/);
  await expect(fault.inject(stillSite('paused', '20.00', '20.00'))).rejects.toThrow(/did not take effect in lxc1/);
  await expect(fault.inject(stillSite('running', '20.00', '12.00'))).rejects.toThrow(/host was running/);
  await expect(fault.inject(siteOf({}).site)).rejects.toThrow(FaultError);
});

for (const { name, needs, inject, heal } of hostClockScripts) {
  const scriptsFor = (host: Partial<FaultSite['host']>): readonly string[] =>
    [needs, inject, heal].map((script) => script?.(siteOf(host).site) ?? '');

  test(`${name}: nothing for a host that shares its kernel would set a clock`, () => {
    expect(scriptsFor({ can: { ownKernel: false } }).join('\n')).not.toMatch(/clock_settime|python3 -c/);
    expect(scriptsFor({ can: { ownKernel: true } }).join('\n')).toMatch(/clock_settime/);
  });

  test(`${name}: a machine that no lab booted says that it is none, whatever is remembered of it`, () => {
    // Of the scripts this one alone is run here: it looks, and sets nothing.
    for (const [ownKernel, reason] of [
      [true, 'the host says that it is no machine that the lab booted'],
      [false, 'the host has no kernel of its own'],
    ] as const) {
      const [script = ''] = scriptsFor({ can: { ownKernel } });
      const { status, stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
      expect(status).not.toBe(0);
      expect(stdout).toContain(reason);
    }
  });
}
