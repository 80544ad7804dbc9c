import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrillRecord } from '../../reporters/drill-record.ts';
import { drillsOfLastRun, evidenceOf, expect, labCommand, pictureOf, runDrills, test } from './suite.ts';

/** Runs one drill of `drills/verdicts.spec.ts` and returns its record. */
const verdictOf = async (title: string): Promise<DrillRecord & { exitCode: number; output: string }> => {
  const { exitCode, output } = await runDrills(['--config', 'tests/lab/drills.config.ts', '--grep', `${title}$`]);
  const [record] = drillsOfLastRun();
  if (!record) throw new Error(`no drill ran:\n${output}`);
  return { ...record, exitCode, output };
};

test('a kill that kills nothing is inconclusive', async ({ labIsUp: _ }) => {
  const drill = await verdictOf('a kill that kills nothing');
  expect(drill, drill.output).toMatchObject({ verdict: 'inconclusive', exitCode: 1, phases: null });
  expect(drill.reason).toContain('did not take effect in lxc1 within 2000 ms');
  expect(pictureOf(drill)).toContain('given up after 2');
  expect(existsSync(join(evidenceOf(drill), 'samples.frames.gz'))).toBe(true);
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

  const folder = evidenceOf(drill);
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
  const drills = drillsOfLastRun();
  expect(drills.map(({ verdict }) => verdict)).toEqual(['failed', 'skipped']);
  expect(output).toMatch(/Evidence: results\/lab-tests\/\d\/evidence\/.* \(the lab: LAB_NAME=.* npm run lab shell\)/);
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
  const judged = await labCommand('judge', evidenceOf(drill));
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
  const judged = await labCommand('judge', evidenceOf(drill));
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
