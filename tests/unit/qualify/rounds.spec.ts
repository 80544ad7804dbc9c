import { expect, test } from '@playwright/test';
import { jobsOf, runInTurn, type Job } from '../../../fixtures/qualify/rounds.ts';

const named = ({ release, round }: Job): string => `${release}${round}`;
const jobs = jobsOf(['a', 'b', 'c'], 2);

test('each round has all releases before the next one begins, and begins with another one', () => {
  expect(jobs.map(named)).toEqual(['a1', 'b1', 'c1', 'b2', 'c2', 'a2']);
});

/** Runs the jobs, and lets one end whenever all that can begin have; the one that began last ends first. */
async function traced(limit: number, failing: readonly string[] = []) {
  const trace: string[] = [];
  const open: (() => void)[] = [];
  const settle = (): void => {
    setImmediate(() => open.pop()?.());
  };
  const all = runInTurn(jobs, limit, async (job) => {
    trace.push(`+${named(job)}`);
    const ended = new Promise<void>((resolve) => open.push(resolve));
    settle();
    await ended;
    trace.push(`-${named(job)}`);
    if (failing.includes(named(job))) throw new Error(named(job));
  });
  const error: unknown = await all.then(
    () => null,
    (reason: unknown) => reason,
  );
  return { trace, error };
}

test('as many run at once as may, never two of one release, and none is left out', async () => {
  for (const limit of [1, 2, 3, 9]) {
    const { trace } = await traced(limit);
    const begun = (release: string, until: number): number =>
      trace.slice(0, until + 1).reduce((all, step) => {
        const isOf = release === '' || step[1] === release;
        return isOf ? all + (step.startsWith('+') ? 1 : -1) : all;
      }, 0);
    const running = (release: string): number => Math.max(...trace.map((_, at) => begun(release, at)));
    expect(['a', 'b', 'c'].map(running)).toEqual([1, 1, 1]);
    expect(running('')).toBe(Math.min(limit, 3));
    expect(
      trace
        .filter((step) => step.startsWith('+'))
        .map((step) => step.slice(1))
        .sort(),
    ).toEqual(jobs.map(named).sort());
  }
});

test('after a failure none begins, those that run end, and the failure is told', async () => {
  const { trace, error } = await traced(2, ['b1']);
  expect(error).toEqual(new Error('b1'));
  expect(trace).toEqual(['+a1', '+b1', '-b1', '-a1']);
});
