import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultRelease } from '../../lab/releases.ts';
import type { Qualification } from '../../reporters/qualification/qualification.ts';
import { expect, labCommand, labEnvironment, startLabCommand, test } from './suite.ts';

test('a qualification that is cut off takes its lab down, goes on where it was, and is its own baseline', async ({}, testInfo) => {
  test.setTimeout(900_000);
  const results = testInfo.outputPath('results');
  const args = [
    ...['qualify', '--releases', defaultRelease, '--repeat', '2', '--plan', 'lxc'],
    ...['--grep', 'resource-failed-by-hand: lxc1', '--results', results],
  ];
  const runner = startLabCommand(args);
  try {
    const said = { timeout: 600_000, intervals: [500] };
    await expect.poll(() => runner.said(), said).toMatch(/round 2 of 2 …/);
    expect(await runner.end('SIGINT'), runner.said()).toBe(130);
  } finally {
    await runner.kill();
  }
  const gone = await labCommand(
    'status',
    '--name',
    `${labEnvironment.LAB_NAME}-1-${defaultRelease.replaceAll('.', '-')}`,
  );
  expect(gone.output).toContain('There is no lab');

  const rest = await labCommand(...args);
  expect(rest.exitCode, rest.output).toBe(0);
  expect(rest.output).toContain('1 of 2 runs are there');
  expect(rest.output).not.toContain('round 1 of 2');
  const file = path.join(results, 'qualification.json');
  const { drills, releases } = JSON.parse(readFileSync(file, 'utf8')) as Qualification;
  expect(releases[0]?.rounds.map(({ state }) => state)).toEqual(['done', 'done']);
  expect(drills.map((drill) => drill.results.map(({ round, verdict }) => [round, verdict]))).toEqual([
    [
      [1, 'passed'],
      [2, 'passed'],
    ],
  ]);

  const saved = testInfo.outputPath('saved.json');
  cpSync(file, saved);
  const judged = await labCommand(...args, '--baseline', saved);
  expect(judged.exitCode, judged.output).toBe(0);
  expect(judged.output).toContain(`${defaultRelease} is not worse than ${defaultRelease} (saved).`);
});
