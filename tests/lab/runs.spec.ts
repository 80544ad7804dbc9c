import { kindOf, readGuestTruth } from '../../lab/guests/guest-kinds.ts';
import { readBootClocks, readRunStamps, trimRunStamps, type RunStamp } from '../../lab/guests/run-stamps/run-stamps.ts';
import type { Lab } from '../../lab/lab.ts';
import { drillsOfLastRun, expect, runDrills, test } from './suite.ts';

const now = async (lab: Lab): Promise<number> => Number((await lab.shell.run('echo $EPOCHREALTIME')).stdout) * 1_000;
/** What the last stamp of each resource says to be running, by place. */
const running = async (lab: Lab): Promise<Record<string, string>> => {
  const stamps = await readRunStamps(lab.shell, lab.plan);
  return Object.fromEntries(
    [...stamps].flatMap(([place, left]) =>
      [...new Map(left.map((stamp) => [stamp.resource, stamp])).values()]
        .filter(({ runs }) => runs)
        .map(({ resource }): [string, string] => [resource, place]),
    ),
  );
};

test('the agents in every guest leave stamps of what they run, which are read at once', async ({ lab }) => {
  expect(await running(lab)).toEqual(lab.state.baseline.placement);
  const startedAt = performance.now();
  await readRunStamps(lab.shell, lab.plan);
  expect(performance.now() - startedAt).toBeLessThan(300);
});

test('a stop and a start in any guest leave a stamp each, on the host’s clock', async ({ lab }) => {
  const { shell, plan } = lab;
  const truths = await readGuestTruth(shell, plan.guests);
  const clocks = await readBootClocks(shell, plan.guests, truths);
  const tried: string[] = [];
  for (const place of truths.keys()) {
    // One that is enabled again can be balanced to another guest, and others with it.
    const [resource] = Object.entries(await running(lab)).find(([, runsIn]) => runsIn === place) ?? [];
    // eslint-disable-next-line playwright/no-conditional-in-test -- a guest may have nothing to run
    if (resource === undefined) continue;
    tried.push(place);
    const fromMs = await now(lab);
    await shell.run(`pcs resource disable ${resource} --wait=30`, { timeoutMs: 40_000 });
    const untilMs = await now(lab);
    await shell.run(`pcs resource enable ${resource} --wait=30`, { timeoutMs: 40_000 });
    const bootId = truths.get(place)?.bootId ?? '';
    const stamps = (await readRunStamps(shell, plan)).get(place) ?? [];
    const stop = stamps.findLast(({ action }) => action === 'stop');
    expect(stop, place).toMatchObject({ resource, exitCode: 0, runs: false, bootId });
    const { aheadMs, errorMs } = clocks.get(bootId) ?? { aheadMs: NaN, errorMs: NaN };
    expect((stop?.atMs ?? NaN) - aheadMs, place).toBeGreaterThan(fromMs - errorMs);
    expect((stop?.atMs ?? NaN) - aheadMs, place).toBeLessThan(untilMs + errorMs);
    expect(Object.keys(await running(lab))).toContain(resource);
  }
  expect(tried).not.toEqual([]);
});

test('files of stamps that have grown are cut down to what tells what runs', async ({ lab }) => {
  const { shell, plan } = lab;
  const before = await running(lab);
  const paths = plan.guests.map((guest) => kindOf(guest).stampsPath(guest));
  await shell.run(
    `for file in ${paths.join(' ')}; do
      while [ $(stat -c %s "$file") -lt 200000 ]; do cp "$file" /run/doubled && cat /run/doubled >>"$file"; done
    done
    rm /run/doubled`,
  );
  const stampsOfGuests = async (): Promise<readonly (readonly RunStamp[])[]> =>
    [...(await readRunStamps(shell, plan))].filter(([place]) => place !== shell.hostName).map(([, stamps]) => stamps);
  const grown = await stampsOfGuests();
  expect(Math.min(...grown.map(({ length }) => length))).toBeGreaterThan(1_000);
  await trimRunStamps(shell, plan);
  // One for each that ever ran there, whichever tests and drills those were of.
  expect((await stampsOfGuests()).map(({ length }) => length)).toEqual(
    grown.map((stamps) => new Set(stamps.map(({ resource }) => resource)).size),
  );
  expect(await running(lab)).toEqual(before);
});

test('a guest that runs on while the cluster takes it for stopped is found by what runs twice', async ({ lab: _ }) => {
  const args = ['--config', 'tests/lab/drills.config.ts', '--grep', 'a guest that runs on'];
  const { exitCode, output } = await runDrills(args);
  expect(exitCode).toBe(1);
  expect(output).toMatch(
    /FAKE\d ran in lxc1 and in lxc\d at once for \d+ ms, as its agents' stamps say: in lxc1 it was not stopped, .* \(\d+ ms after the fault, until \d+ ms after the fault\)/,
  );
  expect(drillsOfLastRun().map(({ verdict }) => verdict)).toEqual(['failed']);
});
