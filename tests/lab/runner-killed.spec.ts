import { listLeases } from '../../lab/faults/lease.ts';
import type { Lab } from '../../lab/lab.ts';
import { expect, runDrills, startDrills, test, type RunningCommand } from './suite.ts';

const drill = ['--config', 'tests/lab/drills.config.ts', '--grep', 'a fault that lasts'];
/** A lease holds for 30 s, the host looks every 5 s, and healing takes it a moment. */
const undoneWithinMs = 60_000;

/** The packet filter's rules on the host that were not there when the lab came up. */
const foreignRules = async (lab: Lab): Promise<readonly string[]> =>
  (await lab.residue()).filter((line) => line.startsWith(`left behind on ${lab.shell.hostName}: packet filter`));
/** Waits until the fault is there, as the host shows it. */
const inEffect = async (lab: Lab, runner: RunningCommand): Promise<void> => {
  const found = { timeout: 90_000, intervals: [250], message: 'a rule of the fault on the host' };
  await expect.poll(() => foreignRules(lab), found).not.toEqual([]);
  expect(await listLeases(lab.shell)).toEqual([expect.stringMatching(/^port-3121-dropped-/)]);
  expect(runner.runs(), runner.said()).toBe(true);
};
const samplers = async (lab: Lab): Promise<string> =>
  (await lab.shell.run('shopt -s nullglob; echo /run/guest-drills-sampler.*')).stdout.trim();

test('the host undoes the fault of a runner that was killed, and the next run starts on a steady lab', async ({
  lab,
}) => {
  test.setTimeout(420_000);
  const runner = startDrills(drill);
  try {
    await inEffect(lab, runner);
  } finally {
    await runner.kill();
  }

  const undone = { timeout: undoneWithinMs, intervals: [1_000] };
  await expect.poll(() => listLeases(lab.shell), { ...undone, message: 'leases on the host' }).toEqual([]);
  expect(await foreignRules(lab)).toEqual([]);
  await expect.poll(() => samplers(lab), { ...undone, message: 'samplers on the host' }).toBe('');

  const { exitCode, output } = await runDrills(['pacemaker-remoted-killed', '--grep', 'lxc1']);
  expect(exitCode, output).toBe(0);
  expect(output, 'the reset has nothing left to heal').not.toContain('healed port-3121-dropped');
});

test('a runner that is told to end undoes its fault itself, and calls the drill inconclusive', async ({ lab }) => {
  const runner = startDrills(drill);
  try {
    await inEffect(lab, runner);
    expect(await runner.end('SIGTERM'), runner.said()).toBe(130);
  } finally {
    await runner.kill();
  }
  expect(await listLeases(lab.shell)).toEqual([]);
  expect(await lab.residue()).toEqual([]);
  expect(runner.said()).toContain('1 inconclusive');
});
