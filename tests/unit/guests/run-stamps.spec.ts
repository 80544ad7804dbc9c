import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { parseRunStamp, type RunStamp } from '../../../lab/guests/run-stamps/run-stamps.ts';

const functions = new URL('../../../lab/guests/run-stamps/ocf-functions', import.meta.url).pathname;

/** Pacemaker's Dummy in small, as far as it meets the functions: a state file, and an action that may be told to fail. */
const agent = `#!/bin/sh
: \${OCF_FUNCTIONS:="\${OCF_ROOT}/resource.d/heartbeat/.ocf-shellfuncs"}
. "\${OCF_FUNCTIONS}"
OCF_RESKEY_state="$STATE"
case "$1" in
  start) touch "$OCF_RESKEY_state" ;;
  stop) [ "$FAIL" ] || rm -f "$OCF_RESKEY_state" ;;
esac
ocf_said "$1"
exit "\${FAIL:-0}"
`;

/** Makes a place for agents to run in, and returns what runs an action there and what reads the stamps. */
const makePlace = (folder: string) => {
  const [agentFile, state, runs] = ['agent', 'state', 'runs'].map((name) => join(folder, name));
  if (!agentFile || !state || !runs) throw new Error('no paths');
  mkdirSync(join(folder, 'resource.d/heartbeat'), { recursive: true });
  writeFileSync(join(folder, 'resource.d/heartbeat/.ocf-shellfuncs'), 'ocf_said() { echo "said $1"; }\n');
  writeFileSync(agentFile, agent);
  writeFileSync(runs, '');
  const act = async (action: string, environment: Readonly<Record<string, string>> = {}): Promise<[number, string]> => {
    const { exitCode, stdout } = await execa('sh', [agentFile, action], {
      env: {
        OCF_ROOT: folder,
        OCF_FUNCTIONS: functions,
        OCF_RESOURCE_INSTANCE: 'FAKE1',
        RUN_STAMPS: `${folder}/run*`,
        STATE: state,
        ...environment,
      },
      reject: false,
    });
    return [exitCode ?? -1, stdout];
  };
  const stamps = (): RunStamp[] =>
    readFileSync(runs, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => parseRunStamp('here', line));
  return { act, stamps, state };
};

test('a start and a stop leave a stamp each, and the agent has its functions and its exit code', async ({}, testInfo) => {
  const { act, stamps } = makePlace(testInfo.outputPath());
  const fromMs = Date.now();
  expect(await act('start')).toEqual([0, 'said start']);
  expect(await act('monitor')).toEqual([0, 'said monitor']);
  expect(await act('stop')).toEqual([0, 'said stop']);
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  expect(stamps()).toMatchObject([
    { resource: 'FAKE1', action: 'start', exitCode: 0, runs: true, bootId },
    { resource: 'FAKE1', action: 'stop', exitCode: 0, runs: false, bootId },
  ]);
  for (const { atMs } of stamps()) {
    expect(atMs).toBeGreaterThanOrEqual(fromMs);
    expect(atMs).toBeLessThanOrEqual(Date.now());
  }
});

test('what fails says so, and whether the resource runs all the same', async ({}, testInfo) => {
  const { act, stamps } = makePlace(testInfo.outputPath());
  expect(await act('start', { FAIL: '6' })).toEqual([6, 'said start']);
  expect(await act('stop', { FAIL: '1' })).toEqual([1, 'said stop']);
  expect(stamps()).toMatchObject([
    { action: 'start', exitCode: 6, runs: true },
    { action: 'stop', exitCode: 1, runs: true },
  ]);
});

test('an agent does its work where no stamp can be left', async ({}, testInfo) => {
  const { act, state } = makePlace(testInfo.outputPath());
  expect(await act('start', { RUN_STAMPS: '/nowhere/runs' })).toEqual([0, 'said start']);
  expect(readFileSync(state, 'utf8')).toBe('');
  rmSync(state);
});

for (const line of [
  'FAKE1 start 1795321484909410503 0 there',
  'FAKE1 monitor 1795321484909410503 0 there ac572f84-3926-4850-9ff6-aa4218cc8087',
  'FAKE1 start soon 0 there ac572f84-3926-4850-9ff6-aa4218cc8087',
])
  test(`"${line}" is no stamp`, () => {
    expect(() => parseRunStamp('lxc1', line)).toThrow(
      `An agent in lxc1 left a stamp that can't be understood: ${line}`,
    );
  });
