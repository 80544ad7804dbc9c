import { expect, test } from '@playwright/test';
import { divideTime, gatherRelease } from '../../../fixtures/qualify/gather-runs.ts';
import { openState, type QualifyState } from '../../../fixtures/qualify/qualify-state.ts';
import { troubleOf } from '../../../fixtures/qualify/run-drills.ts';
import { settingsFor } from '../../../fixtures/qualify/release-labs.ts';
import { readSettings } from '../../../lab/settings.ts';
import type { DrillRecord, DrillsDocument } from '../../../reporters/drill-record.ts';
import { writeDrillsFile } from '../../../reporters/drills-file.ts';
import { recordedDrill } from '../reporters/recorded-drills.ts';
import { smallMachine } from '../reporters/qualification/qualification-samples.ts';

const startedAt = '2026-01-02T03:04:05.678Z';
const document = (drills: readonly DrillRecord[], errors: readonly string[] = []): DrillsDocument => ({
  version: 1,
  startedAt,
  durationMs: 30_000,
  errors: [...errors],
  drills: [...drills],
});
const drill = (change: Partial<DrillRecord> = {}): DrillRecord =>
  recordedDrill({ durationMs: 9_000, resetMs: 2_000, picture: 'timelines/it.svg', ...change });

const stateIn = (results: string): QualifyState =>
  openState(
    results,
    {
      releases: ['3.0.0'],
      choice: [],
      plan: 'lxc',
      host: 'container',
      suite: '0.1.0',
      code: 'c0de',
      machine: smallMachine,
    },
    { existing: 'go on', startedAt },
  );

test('a run counts if all drills had their turn, whatever came of them', () => {
  const notStarted = drill({ verdict: 'skipped', reason: 'Not started: the run ended before its turn came.' });
  expect(troubleOf(0, document([drill()]))).toBeNull();
  expect(troubleOf(1, document([drill({ verdict: 'failed' })], ['a picture could not be drawn']))).toBeNull();
  expect(troubleOf(1, document([drill(), notStarted], ['LabError: no space\nNext: make some']))).toBe(
    'LabError: no space',
  );
  expect(troubleOf(1, document([drill(), notStarted]))).toBe('it ended before all drills had');
  expect(troubleOf(1, document([], ['LabError: no engine']))).toBe('LabError: no engine');
  expect(troubleOf(1, document([]))).toBe('no drill was chosen');
  expect(troubleOf(1, null)).toBe('it left no results');
  expect(troubleOf(undefined, document([drill()]))).toBe('Playwright ended with undefined');
});

test('what runs left is gathered with links from the results; runs that are missing say why', ({}, testInfo) => {
  const results = testInfo.outputPath('results');
  const state = stateIn(results);
  writeDrillsFile(state.folderOf({ release: '3.0.0', round: 1 }), document([drill({ evidence: 'evidence/it' })]));
  state.addRun({ release: '3.0.0', round: 1, startedAt, wallMs: 33_000, trouble: null });
  state.addRun({ release: '3.0.0', round: 2, startedAt, wallMs: 0, trouble: 'the lab did not come up: no space' });
  const tested = gatherRelease(state, '3.0.0', { repeat: 3, results, machine: smallMachine });
  expect(tested.release).toMatchObject({ name: '3.0.0', reported: '3.0.0-3.0.0', os: 'Debian GNU/Linux 13 (trixie)' });
  expect(tested.release.rounds.map(({ state: each, trouble, folder }) => [each, trouble, folder])).toEqual([
    ['done', null, 'qualification/3.0.0/round-1'],
    ['missing', 'the lab did not come up: no space', null],
    ['missing', 'it was not run', null],
  ]);
  expect(tested.results.map(({ result }) => result)).toEqual([
    expect.objectContaining({
      release: '3.0.0',
      round: 1,
      picture: 'qualification/3.0.0/round-1/timelines/it.svg',
      evidence: 'qualification/3.0.0/round-1/evidence/it',
      accelerator: null,
    }),
  ]);
});

test('the time is divided over all calls, and over what each run was busy with', ({}, testInfo) => {
  const state = stateIn(testInfo.outputPath('results'));
  expect(divideTime(state)).toBeNull();
  writeDrillsFile(state.folderOf({ release: '3.0.0', round: 1 }), document([drill(), drill({ id: 'other' })]));
  state.addRun({ release: '3.0.0', round: 1, startedAt, wallMs: 33_000, trouble: null });
  const spent = { wallMs: 60_000, labs: 1, building: 10_000, bringingUp: 5_000, takingDown: 1_000, lost: 0, idle: 500 };
  state.addSpent(spent);
  state.addSpent({ ...spent, labs: 2, building: 0, lost: 3_000 });
  expect(divideTime(state)).toEqual({
    wallMs: 120_000,
    labs: 2,
    spentMs: {
      building: 10_000,
      bringingUp: 10_000,
      drills: 18_000,
      resets: 4_000,
      betweenDrills: 8_000,
      startingAndReporting: 3_000,
      takingDown: 2_000,
      lost: 3_000,
      idle: 1_000,
    },
  });
});

test('each release has a lab of its own, with a name that a lab may have', () => {
  const settings = readSettings({ HOME: '/home/x' });
  const names = [
    '3.0.0',
    'src:/home/x/a-very-long-path-to-a/pacemaker-3.0.4-rc1',
    'src:/home/x/a-very-long-path-to-a/other',
  ].map((release, at) => settingsFor(settings, release, at).labName);
  expect(names[0]).toBe('qualify-1-3-0-0');
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]{1,32}$/);
  expect(settingsFor({ ...settings, labName: 'nightly' }, '3.0.0', 1).labName).toBe('nightly-2-3-0-0');
});
