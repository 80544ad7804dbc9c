import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgottenFencing } from '../../fixtures/forgotten-fencing.ts';
import { drillsDocument, type DrillRecord } from '../../reporters/drill-record.ts';
import { expect, labCommand, runDrills, test } from './suite.ts';

const drillsIn = (folder: string): readonly DrillRecord[] =>
  drillsDocument.parse(JSON.parse(readFileSync(new URL(`../../${folder}/drills.json`, import.meta.url), 'utf8')))
    .drills;

const verdictsOf = (drills: readonly DrillRecord[]): readonly string[] => [
  ...new Set(drills.map(({ verdict }) => verdict)),
];

/** Pacemaker 3.0.0 forgets now and then to restart a guest; the drill is told as that finding, and what it is about can't be seen in it. */
const isForgotten = ({ finding }: DrillRecord): boolean => finding === forgottenFencing.description;

/** Runs one drill of `drills/verdicts.spec.ts` and returns its record. */
const verdictOf = async (title: string): Promise<DrillRecord & { exitCode: number; output: string }> => {
  const { exitCode, output } = await runDrills(['--config', 'tests/lab/drills.config.ts', '--grep', `${title}$`]);
  const [record] = drillsIn('results/test-drills');
  if (!record) throw new Error(`no drill ran:\n${output}`);
  return { ...record, exitCode, output };
};

/** The folder of a drill's evidence. */
const folderOf = ({ evidence }: DrillRecord): string =>
  fileURLToPath(new URL(`../../results/test-drills/${evidence ?? 'none'}`, import.meta.url));

test('every guest is recovered on a lab that is up, and each drill leaves its evidence', async ({ lab }) => {
  const { exitCode, output } = await runDrills(['pacemaker-remoted-killed']);
  expect(output).toContain('it is steady');
  expect(exitCode, output).toBe(0);
  const drills = drillsIn('results');
  expect(drills.map((drill) => drill.guest?.name)).toEqual(lab.plan.guests.map(({ name }) => name));
  const kept = drills.filter((drill) => !isForgotten(drill));
  expect(verdictsOf(kept)).toEqual(['passed']);
  for (const drill of kept) {
    const { injected, detected, stopped, restarted, reconnected, recovered } = drill.phases ?? {};
    const stamps = [injected, detected, stopped, restarted, reconnected, recovered];
    expect(stamps).toEqual(stamps.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(drill.sampling?.medianIntervalMs).toBeLessThan(250);
    expect(drill.failedActions).toHaveLength(1);
    expect(drill.relocations.length).toBeGreaterThan(0);
  }
  expect(readFileSync(new URL('../../results/junit.xml', import.meta.url), 'utf8')).toContain(
    'pacemaker_remoted is killed',
  );
});

for (const [kind, count] of Object.entries({ lxc: 24, kvm: 25 }))
  test(`the ${kind.toUpperCase()} walk-through passes, and leaves the lab as it was`, async ({ labIsUp: _ }) => {
    test.setTimeout(1_200_000);
    const { exitCode, output } = await runDrills([`${kind}-walkthrough`]);
    expect(exitCode, output).toBe(0);
    const drills = drillsIn('results');
    expect(drills).toHaveLength(count);
    expect(verdictsOf(drills.filter((drill) => !isForgotten(drill)))).toEqual(['passed']);
    expect(drills.every((drill) => drill.tags.includes('@walkthrough') && drill.tags.includes(`@${kind}`))).toBe(true);
    // By a command of its own: the host has been rebooted, which a connection from before does not survive.
    const reset = await labCommand('reset');
    expect(reset.output).toContain('was in its steady state');
    expect(reset.exitCode).toBe(0);
  });

test('drills of the catalogue get the verdicts that they should: a known failure fails, and does not turn the run red', async ({
  labIsUp: _,
}) => {
  test.setTimeout(600_000);
  const titles = [
    'pacemaker-remote-stopped: lxc1 leaves',
    'port-3121-new-rejected: lxc1 is left alone',
    'port-3121-wrong-authkey: lxc1 is given up',
    'domain-destroyed: lxc1 leaves',
    'domain-config-removed: lxc1 has nothing run twice',
    'resource-state-file-removed: lxc1',
  ];
  const { exitCode, output } = await runDrills(['--grep', titles.join('|')]);
  expect(exitCode, output).toBe(0);
  const verdicts = new Map(drillsIn('results').map(({ title, verdict }) => [title.split(':')[0], verdict]));
  expect(Object.fromEntries(verdicts)).toEqual({
    'pacemaker-remote-stopped': 'passed',
    'port-3121-new-rejected': 'passed',
    'port-3121-wrong-authkey': 'passed',
    'domain-destroyed': 'passed',
    'domain-config-removed': 'failed',
    'resource-state-file-removed': 'passed',
  });
});

test('drills of KVM guests are skipped in a plan without one, with the reason', async () => {
  const environment = { LAB_NAME: 'suite-test-lxc', LAB_PLAN: 'single' };
  const { exitCode, output } = await runDrills(['kvm-walkthrough', '--grep', 'authkey'], environment);
  expect(exitCode, output).toBe(0);
  const drills = drillsIn('results');
  expect(drills.map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['skipped', 'the plan single has no KVM guest'],
    ['skipped', 'the plan single has no KVM guest'],
  ]);
});

test('a kill that kills nothing is inconclusive', async ({ labIsUp: _ }) => {
  const drill = await verdictOf('a kill that kills nothing');
  expect(drill, drill.output).toMatchObject({ verdict: 'inconclusive', exitCode: 1, phases: null });
  expect(drill.reason).toContain('did not take effect in lxc1 within 2000 ms');
});

test('a fault without a target is inconclusive', async ({ labIsUp: _ }) => {
  const drill = await verdictOf('a guest without a daemon to kill');
  expect(drill, drill.output).toMatchObject({ verdict: 'inconclusive', exitCode: 1 });
  expect(drill.reason).toContain('no pacemaker_remoted to kill in nobody');
});

test('a guest that does not come back fails the drill, in words that say what is missing, with evidence to judge again', async ({
  labIsUp: _,
}) => {
  const drill = await verdictOf('a guest that cannot come back');
  expect(drill, drill.output).toMatchObject({
    verdict: 'failed',
    exitCode: 1,
    phases: { restarted: null, recovered: null },
  });
  expect(drill.output).toContain('restarted: not reached; the budget is 6000 ms');
  expect(drill.output).toMatch(/at the end \(\d+ ms after the fault\) .*lxc1/);

  const folder = folderOf(drill);
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(readme).not.toContain('not to be had');
  for (const file of ['samples.frames.gz', 'cib-before.xml', 'example-host/scheduler-inputs.tar.gz', 'lxc1/domain.xml'])
    expect(existsSync(join(folder, file)), file).toBe(true);
  expect(readFileSync(join(folder, 'example-host/pacemaker.log'), 'utf8')).toContain('container1');
  const judged = await labCommand('judge', folder);
  expect(judged.output).toContain('restarted: not reached; the budget is 6000 ms');
  expect(judged.exitCode).toBe(1);
});

test('with LAB_KEEP=failed the lab is left as the drill left it', async ({ labIsUp: _ }) => {
  const only = [
    '--config',
    'tests/lab/drills.config.ts',
    '--grep',
    'a guest that cannot come back$|a fault that the lab refuses$',
  ];
  const { output } = await runDrills(only, { LAB_KEEP: 'failed' });
  const drills = drillsIn('results/test-drills');
  expect(drills.map(({ verdict }) => verdict)).toEqual(['failed', 'skipped']);
  expect(output).toMatch(/Evidence: results\/test-drills\/evidence\/.* \(the lab: LAB_NAME=.* npm run lab shell\)/);
  const reset = await labCommand('reset');
  expect(reset.output).toContain('cleaned up failed actions and fail counts');
  expect(reset.exitCode).toBe(0);
});

test('a resource that does not start again on the guest fails the drill', async ({ labIsUp: _ }) => {
  const drill = await verdictOf('an agent that does not start in the guest');
  expect(drill, drill.output).toMatchObject({ verdict: 'failed', exitCode: 1 });
  expect(drill.output).toMatch(/also recorded: FAKE\d_start_0 on lxc1/);
});

test('a budget that a machine that stood still could not keep is inconclusive, and judged so again', async ({
  labIsUp: _,
}) => {
  const drill = await verdictOf('a budget that is missed on a machine that stands still');
  expect(drill, drill.output).toMatchObject({ verdict: 'inconclusive', exitCode: 1 });
  expect(drill.reason).toMatch(/^The machine was too busy: a process on the host had to wait \d{4} ms for a processor/);
  expect(drill.contention?.longestStallMs).toBeGreaterThan(2_000);
  const judged = await labCommand('judge', folderOf(drill));
  expect(judged.output).toContain('The machine was too busy');
  expect(judged.exitCode, judged.output).toBe(3);
});

test('a control channel that is cut in the middle is made anew, and the drill goes on', async ({ labIsUp: _ }) => {
  const drill = await verdictOf('a control channel that is cut in the middle');
  expect(drill, drill.output).toMatchObject({ verdict: 'passed', exitCode: 0, phases: { injected: 0 } });
  expect(drill.sampling?.maxGapMs, 'the gap is told').toBeGreaterThan(drill.sampling?.medianIntervalMs ?? Infinity);
});

test('a control channel that is cut and cannot be made anew is inconclusive, and the next drill is fine', async ({
  labIsUp: _,
}) => {
  const drill = await verdictOf('a control channel that is cut in the middle and cannot be made anew');
  expect(drill, drill.output).toMatchObject({ verdict: 'inconclusive', exitCode: 1 });
  expect(drill.reason).toContain('TransportError');
  expect(drill).toMatchObject({ phases: { injected: 0, recovered: null }, picture: expect.stringMatching(/\.svg$/) });
  const judged = await labCommand('judge', folderOf(drill));
  expect(judged.exitCode, judged.output).toBe(3);
  const { exitCode, output } = await runDrills(['--grep', 'lxc1 is recovered when']);
  expect(exitCode, output).toBe(0);
});

test('a fault that is not available here is skipped, with the reason', async ({ labIsUp: _ }) => {
  expect(await verdictOf('an unavailable fault')).toMatchObject({
    verdict: 'skipped',
    reason: 'this kernel has no netem',
    exitCode: 0,
  });
});

test('two runs on one lab: the second is told who has it, and disturbs nothing', async ({ lab }) => {
  const first = runDrills(['--grep', 'lxc1 is recovered when']);
  const lock = join(lab.settings.cacheDir, 'labs', `${lab.settings.labName}.lock`);
  await expect.poll(() => existsSync(lock), { timeout: 30_000 }).toBe(true);
  const reset = await labCommand('reset');
  expect(reset.exitCode).toBe(3);
  expect(reset.output).toContain('LockError');
  const second = await runDrills(['--config', 'tests/lab/drills.config.ts', '--grep', 'unavailable']);
  expect(second.exitCode).toBe(1);
  expect(second.output).toContain('for a run of drills');
  expect((await first).exitCode, (await first).output).toBe(0);
});
