import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { openState, type EndedRun, type Identity } from '../../../fixtures/qualify/qualify-state.ts';

const identity: Identity = {
  releases: ['3.0.0', 'src:/x'],
  choice: ['--grep=@quick'],
  plan: 'lxc',
  host: 'container',
  suite: '0.1.0',
  code: 'c0de',
  machine: { cpu: 'a processor', cores: 4, memoryGiB: 16 },
};
const startedAt = '2026-01-02T03:04:05.678Z';
const later = '2026-01-03T03:04:05.678Z';
const run = (round: number, trouble: string | null = null): EndedRun => ({
  release: '3.0.0',
  round,
  startedAt,
  wallMs: 9,
  trouble,
});

test('a run that is done is remembered, one that counts for nothing is made again', ({}, testInfo) => {
  const results = testInfo.outputPath('results');
  const first = openState(results, identity, { existing: 'go on', startedAt });
  first.addRun(run(1));
  first.addRun(run(2, 'the lab did not come up'));
  const second = openState(results, identity, { existing: 'go on', startedAt: later });
  expect(second.startedAt).toBe(startedAt);
  expect([1, 2, 3].map((round) => second.isDone({ release: '3.0.0', round }))).toEqual([true, false, false]);
  second.addRun(run(2));
  expect(second.isDone({ release: '3.0.0', round: 2 })).toBe(true);
  expect(second.runs).toHaveLength(2);
});

test('runs of other parameters, other code or another machine are not mixed, and it is said what differs', ({}, testInfo) => {
  const results = testInfo.outputPath('results');
  openState(results, identity, { existing: 'go on', startedAt }).addRun(run(1));
  const open = (change: Partial<Identity>) => () =>
    openState(results, { ...identity, ...change }, { existing: 'go on', startedAt });
  expect(open({ code: 'dead', plan: 'default' })).toThrow(
    /state\.json is of another qualification.*\(plan: lxc there, default here; code: c0de there, dead here\)\.\nNext: finish that one.*--fresh.*--results/,
  );
  expect(open({ releases: ['3.0.0'] })).toThrow(/releases: \["3\.0\.0","src:\/x"\] there, \["3\.0\.0"\] here/);
  expect(open({ machine: { ...identity.machine, cores: 2 } })).toThrow(/machine: .*"cores":4.* there/);
  expect(open({})).not.toThrow();
});

test('begun anew, nothing of what was there stays', ({}, testInfo) => {
  const results = testInfo.outputPath('results');
  const old = openState(results, identity, { existing: 'go on', startedAt });
  old.addRun(run(1));
  const folder = old.folderOf({ release: 'src:/x', round: 1 });
  expect(path.relative(results, folder)).toBe('qualification/src-x/round-1');
  mkdirSync(folder, { recursive: true });
  const state = openState(results, { ...identity, code: 'dead' }, { existing: 'fresh', startedAt: later });
  expect(state.startedAt).toBe(later);
  expect(state.isDone({ release: '3.0.0', round: 1 })).toBe(false);
  expect(existsSync(folder)).toBe(false);
});

test('a state that is cut short is refused', ({}, testInfo) => {
  const results = testInfo.outputPath('results');
  mkdirSync(path.join(results, 'qualification'), { recursive: true });
  writeFileSync(path.join(results, 'qualification/state.json'), '{"version":1,');
  expect(() => openState(results, identity, { existing: 'go on', startedAt })).toThrow(
    /can't be understood.*\nNext: begin anew/,
  );
});
