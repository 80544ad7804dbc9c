import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { runLab } from './run-lab.ts';

const commands = ['up', 'down', 'status', 'reset', 'shell', 'logs', 'doctor', 'build', 'faults', 'inject', 'heal'];

test('help names every command and every setting', async () => {
  const { stdout, exitCode } = await runLab(['--help']);
  expect(exitCode).toBe(0);
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  for (const name of ['NAME', 'HOST', 'RELEASE', 'GUEST_RELEASE', 'PLAN', 'INSTALL', 'KEEP', 'CACHE_DIR'])
    expect(stdout.replace(/\s+/g, ' ')).toContain(`(LAB_${name})`);
});

for (const command of commands) {
  test(`${command} --help shows an example`, async () => {
    const { stdout, exitCode } = await runLab([command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\\n  npm run lab (-- )?${command}`));
  });
}

for (const [args, says] of [
  [['bogus'], /unknown command 'bogus'/],
  [['up', '--bogus'], /unknown option '--bogus'/],
  [['up', 'now'], /too many arguments/],
  [['status', '--from'], /argument missing/],
  [['--name', 'Not A Name', 'status'], /^UsageError: LAB_NAME is "Not A Name"/],
  [['status', '--release', '0.1'], /^UsageError: Pacemaker release "0\.1" is not known\.\nNext: Choose one of/],
  [['up', '--host', 'cloud'], /^UsageError: LAB_HOST is "cloud"/],
  [['up', '--plan', 'nothing-like-it'], /^UsageError: There is no plan named "nothing-like-it"\.\nNext: /],
] as const) {
  test(`"lab ${args.join(' ')}" is refused with exit status 2`, async ({}, testInfo) => {
    const { stdout, stderr, exitCode } = await runLab(args, { LAB_CACHE_DIR: testInfo.outputPath('cache') });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(says);
  });
}

test('no command at all shows the help and is a wrong request', async () => {
  const { stderr, exitCode } = await runLab([]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^Usage: lab/);
});

test('a flag wins over its variable, before and after the command', async ({}, testInfo) => {
  const LAB_CACHE_DIR = testInfo.outputPath('cache');
  for (const args of [
    ['--name', 'second', 'status'],
    ['status', '--name', 'second'],
  ]) {
    const { stderr } = await runLab(args, { LAB_CACHE_DIR, LAB_NAME: 'first' });
    expect(stderr).toMatch(/^LabError: There is no lab "second"\.\nNext: .*LAB_NAME=second npm run lab up/);
  }
});

for (const command of ['status', 'reset', 'shell']) {
  test(`${command} without a lab is lab trouble, and brings none up`, async ({}, testInfo) => {
    const LAB_CACHE_DIR = testInfo.outputPath('cache');
    const { stdout, stderr, exitCode } = await runLab([command], { LAB_CACHE_DIR });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
    expect(stderr).toMatch(/^LabError: There is no lab "default"\.\nNext: bring it up: npm run lab up$/);
  });
}

test('down without a lab says so, succeeds, and leaves nothing', async ({}, testInfo) => {
  const LAB_CACHE_DIR = testInfo.outputPath('cache');
  const { stdout, stderr, exitCode } = await runLab(['down', '--engine'], { LAB_CACHE_DIR, LAB_INSTALL: 'never' });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toMatch(/there is no lab "default"\.\nNo private engine was running\.$/i);
  expect(readdirSync(LAB_CACHE_DIR)).toEqual(['labs']);
  expect(readdirSync(path.join(LAB_CACHE_DIR, 'labs'))).toEqual([]);
});

test('down forgets a lab whose state is corrupt', async ({}, testInfo) => {
  const LAB_CACHE_DIR = testInfo.outputPath('cache');
  mkdirSync(path.join(LAB_CACHE_DIR, 'labs/default'), { recursive: true });
  writeFileSync(path.join(LAB_CACHE_DIR, 'labs/default/state.json'), '{"suiteVersion"');
  const before = await runLab(['status'], { LAB_CACHE_DIR });
  expect(before.exitCode).toBe(3);
  expect(before.stderr).toMatch(/^LabError: The state .* is corrupt .*\nCause: .*JSON.*\nNext: .*npm run lab down$/);
  expect((await runLab(['down'], { LAB_CACHE_DIR })).exitCode).toBe(0);
  expect(readdirSync(path.join(LAB_CACHE_DIR, 'labs'))).toEqual([]);
});

test('a lab of another version of the suite is named as that', async ({}, testInfo) => {
  const LAB_CACHE_DIR = testInfo.outputPath('cache');
  mkdirSync(path.join(LAB_CACHE_DIR, 'labs/default'), { recursive: true });
  writeFileSync(path.join(LAB_CACHE_DIR, 'labs/default/state.json'), '{"suiteVersion":"9.9.9"}');
  const { stderr, exitCode } = await runLab(['status'], { LAB_CACHE_DIR });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^LabError: .* made by version 9\.9\.9 of this suite.*\nNext: .*npm run lab down$/);
});

test('an engine that is named and does not answer is lab trouble', async ({}, testInfo) => {
  const settings = { LAB_CACHE_DIR: testInfo.outputPath('cache'), DOCKER_HOST: 'tcp://127.0.0.1:1' };
  const { stderr, exitCode } = await runLab(['down'], settings);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^LabError: No Docker Engine answers at DOCKER_HOST=tcp:\/\/127\.0\.0\.1:1/);
  const doctor = await runLab(['doctor', '--json'], settings);
  expect(doctor.exitCode).toBe(3);
  const { ready, findings } = JSON.parse(doctor.stdout) as {
    ready: boolean;
    findings: { what: string; level: string }[];
  };
  expect(ready).toBe(false);
  expect(findings.find(({ what }) => what === 'engine')).toMatchObject({ level: 'problem' });
});

test('a cache folder that cannot be made is lab trouble and no bug', async ({}, testInfo) => {
  const file = testInfo.outputPath('file');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  const { stderr, exitCode } = await runLab(['up'], { LAB_CACHE_DIR: path.join(file, 'cache') });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^LabError: .*ENOTDIR.*\nNext: /);
});

test('doctor starts and makes nothing', async ({}, testInfo) => {
  const LAB_CACHE_DIR = testInfo.outputPath('cache');
  const { stdout } = await runLab(['doctor'], { LAB_CACHE_DIR });
  expect(stdout).toMatch(/^ok +Node +\d/);
  for (const what of ['engine', 'memory', 'disk', 'overlayfs', '/dev/fuse', 'cgroups', 'KVM', 'labs'])
    expect(stdout).toMatch(new RegExp(`^(ok|warning|problem) +${what} `, 'm'));
  expect(() => readdirSync(LAB_CACHE_DIR)).toThrow(/ENOENT/);
});
