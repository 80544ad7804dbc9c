import { expect, test } from '@playwright/test';
import { closingTable } from '../../../reporters/closing-table.ts';
import type { DrillRecord } from '../../../reporters/drill-record.ts';

const record = (changes: Partial<DrillRecord> = {}): DrillRecord => ({
  id: 'guest.spec.ts › lxc1',
  title: 'lxc1 comes back',
  tags: [],
  repeat: 0,
  verdict: 'passed',
  reason: '',
  finding: null,
  release: null,
  guest: { name: 'lxc1', kind: 'lxc' },
  fault: null,
  injectedAtMs: null,
  phases: { injected: 0, detected: 41.6, stopped: 180, restarted: 2600, reconnected: 4300, recovered: 6300 },
  budgets: {},
  failedActions: [],
  relocations: [],
  sampling: null,
  contention: null,
  durationMs: 7000,
  resetMs: null,
  seed: null,
  picture: null,
  evidence: null,
  lab: null,
  ...changes,
});

test('colours the verdict alone, and keeps the columns in line', () => {
  const records = [record(), record({ id: 'b', title: 'b', verdict: 'failed', reason: 'twice' })];
  const coloured = closingTable(records, [], 'colour', 'results');
  const plain = closingTable(records, [], 'plain', 'results');
  expect(coloured).toContain('\u001b[31mfailed\u001b[39m');
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  expect(plain.split('\n')[2]).toBe(
    'lxc1 comes back  lxc1   passed         42      180       2600         4300       6300      7000',
  );
});

test('three repeats get a line each, four share one', () => {
  const repeats = [0, 1, 2, 3].map((repeat) => record({ repeat, durationMs: 7000 + repeat }));
  expect(closingTable(repeats.slice(1), [], 'plain', 'results').match(/lxc1 comes back/g)).toHaveLength(3);
  const shared = closingTable(repeats, [], 'plain', 'results');
  expect(shared.match(/lxc1 comes back/g)).toHaveLength(1);
  expect(shared).toMatch(/4 of 4 passed .* 7002 \(7000–7003\)$/m);
});

test('cuts a long title in the table and gives the reason of alike repeats once, in two lines', () => {
  const title = 'a guest whose title goes on and on and on until nobody reads it any more';
  const failed = { title, verdict: 'failed', reason: 'one\ntwo\nthree' } as const;
  const text = closingTable([record(failed), record({ ...failed, repeat: 1 })], [], 'plain', 'results');
  expect(text).toContain('a guest whose title goes on and on and on until…');
  expect(text).toContain(`\nfailed: ${title} (2 times)\n  one\n  two\n\n0 passed, 2 failed`);
});

test('names the picture and the evidence of a drill that did not pass', () => {
  const places = { picture: 'timelines/b.svg', evidence: 'evidence/b' };
  const records = [record(places), record({ id: 'b', title: 'b', verdict: 'failed', reason: 'twice', ...places })];
  expect(closingTable(records, [], 'plain', 'results')).toContain(
    '\nfailed: b\n  twice\n  Timeline: results/timelines/b.svg\n  Evidence: results/evidence/b\n\n1 passed, 1 failed',
  );
});
