import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { findEngine } from '../../../lab/engine/find-engine.ts';
import { lxcProcessFunctions } from '../../../lab/guests/lxc/processes.ts';
import { hostKinds } from '../../../lab/host/host-kinds.ts';
import { loadPlan } from '../../../lab/plan.ts';
import { openProgress } from '../../../lab/progress/open-progress.ts';
import { readSettings } from '../../../lab/settings.ts';
import { labCommand, runDrills, withLab } from '../suite.ts';
import { saveImages, startEngineMachine, type EngineMachine } from './engine-machine.ts';

const settings = readSettings({ ...process.env, LAB_HOST: 'container', LAB_PLAN: 'single' });

/** Writes the images of a lab that this machine's engine has, or makes, into an archive; an emulated one would take an hour to make them. */
const archiveOfImages = async (): Promise<string> => {
  const order = {
    settings,
    plan: await loadPlan(settings.plan),
    progress: openProgress(),
    signal: new AbortController().signal,
  };
  const supply = await hostKinds.container.prepare(order);
  const made = new Map(await supply.make(order.plan.guests));
  const archive = join(settings.cacheDir, 'images-for-another-engine.tar');
  const { address } = await findEngine(settings, order.progress, order.signal);
  await saveImages(address, [made.get('host') ?? '', made.get('guest') ?? ''], archive);
  return archive;
};

/** One engine for all tests, which follow each other. */
const test = base.extend<object, { machine: EngineMachine }>({
  machine: [
    async ({}, use) => {
      const machine = await timed(
        'an engine of its own, with the images',
        archiveOfImages().then((archive) => startEngineMachine(settings.cacheDir, archive)),
      );
      try {
        Object.assign(process.env, { DOCKER_HOST: machine.engine, LAB_HOST: 'container', LAB_PLAN: 'single' });
        await use(machine);
      } finally {
        await machine.off();
      }
    },
    { scope: 'worker', timeout: 3_600_000 },
  ],
});
test.describe.configure({ mode: 'serial' });

const timed = async <Result>(what: string, work: Promise<Result>): Promise<Result> => {
  const startedAt = performance.now();
  const result = await work;
  process.stdout.write(`${what}: ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
  return result;
};

test('the engine has cgroups of version 2 alone', async ({ machine }) => {
  expect(await machine.run('docker info --format "{{.CgroupVersion}} {{.CgroupDriver}}"')).toBe('2 systemd');
  expect(await machine.run('grep -c " cgroup " /proc/mounts || true')).toBe('0');
});

test('a lab comes up on it', async ({ machine: _ }) => {
  const up = await timed('up', labCommand('up'));
  expect(up.exitCode, up.output).toBe(0);
  const status = await labCommand('status', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({ steady: true, deviations: [] });
});

test('a guest is below the group that libvirt gave it, and nothing of it outlives its domain', async ({
  machine: _,
}) => {
  await withLab(async ({ shell }) => {
    const { stdout } = await shell.run(
      `${lxcProcessFunctions}
      init=$(init_of lxc1)
      domain=$(cat /run/libvirt/lxc/lxc1.pid)
      echo "$domain $(start_of "$domain") $(sed -n 's/^0:://p' "/proc/$domain/cgroup")"
      pgrep --ns "$init" --nslist pid '' | while read -r process; do
        echo "$process $(start_of "$process") $(sed -n 's/^0:://p' "/proc/$process/cgroup")"
      done`,
    );
    const [domain = '', ...processes] = stdout.trim().split('\n');
    const group = domain.split(' ')[2];
    expect(group).toContain('lxc1');
    expect(processes.length).toBeGreaterThan(3);
    expect(processes.filter((process) => !process.split(' ')[2]?.startsWith(`${group}/`))).toEqual([]);

    await shell.run('virsh -c lxc:/// destroy lxc1');
    const left = async () =>
      (
        await shell.run(
          `${lxcProcessFunctions}
          while read -r process start _; do [ "$(start_of "$process" 2>/dev/null)" != "$start" ] || echo "$process"; done`,
          { input: `${processes.join('\n')}\n` },
        )
      ).stdout;
    await expect.poll(left, { timeout: 30_000 }).toBe('');
  });
});

test('the drill guest-failure passes on it', async ({ machine: _ }, testInfo) => {
  const drills = await timed(
    'guest-failure',
    runDrills(['--grep', 'guest-failure'], { DRILLS_RESULTS: testInfo.outputPath('results') }),
  );
  expect(drills.exitCode, drills.output).toBe(0);
  expect(drills.output).toContain('1 passed, 0 failed');
});

test('nothing is left on it when the lab is down', async ({ machine }) => {
  const down = await labCommand('down');
  expect(down.exitCode, down.output).toBe(0);
  expect(await machine.run('docker ps --all --quiet')).toBe('');
  expect(await machine.run('docker volume ls --quiet')).toMatch(/^pacemaker-guest-drills-root-\w+$/);
});
