import { expect, test } from '@playwright/test';
import type { DrillRecord } from '../../../reporters/drill-record.ts';
import { summaryText, type Links } from '../../../reporters/summary.ts';
import { recordedDrill } from './recorded-drills.ts';

const summary = (drills: DrillRecord[], errors: string[] = [], links: Links = 'without links'): string =>
  summaryText({ version: 1, startedAt: '2026-01-02T03:04:05.678Z', durationMs: 61_000, errors, drills }, links);

test('it says what ran on what, and has a line for each drill, what needs attention first', () => {
  const bad = { id: 'bad', title: 'lxc1 | <b>', verdict: 'failed', reason: 'twice\nNext: look' } as const;
  const text = summary([recordedDrill({ title: 'good' }), recordedDrill(bad)]);
  expect(text).toMatch(/^# Drills: 1 passed, 1 failed\n/);
  expect(text).toContain('Pacemaker 3.0.0-3.0.0 · Debian GNU/Linux 13 (trixie) · plan lxc on a container · started');
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  expect(rows.slice(2)).toEqual([
    '| ❌ failed | lxc1 \\| &lt;b> | lxc2 | 26 | 2229 | 2854 | 5631 | 7639 | 9127 |',
    '| ✅ passed | good | lxc2 | 26 | 2229 | 2854 | 5631 | 7639 | 9127 |',
  ]);
  expect(text).toContain('\n## Not passed\n\n- **failed**: lxc1 \\| &lt;b>: twice Next: look\n');
});

test('the slowest recoveries are named, slowest first, with how near they came to a budget', () => {
  const recovered = (title: string, ms: number): DrillRecord =>
    recordedDrill({ id: title, title, phases: { ...recordedDrill().phases, recovered: ms } as DrillRecord['phases'] });
  const text = summary([1, 2, 3, 4, 5, 6].map((at) => recovered(`drill ${at}`, at * 10_000)));
  expect(text.slice(text.indexOf('## Slowest')).match(/^- drill \d/gm)).toEqual(
    ['6', '5', '4', '3', '2'].map((at) => `- drill ${at}`),
  );
  expect(text).toContain('- drill 6: recovered after 60.0 s, at most 129 % of a budget used');
});

test('drills whose repeats do not agree are named as flaky; where none was repeated nothing is said', () => {
  const repeat = (at: number, change: Partial<DrillRecord> = {}): DrillRecord =>
    recordedDrill({ repeat: at, ...change });
  const text = summary([repeat(0), repeat(1, { verdict: 'failed', reason: 'twice' }), repeat(2)]);
  expect(text).toMatch(/## Flaky\n\n- .*: 2 passed, 1 failed of 3\n/);
  expect(text).toContain('| ❌ 2 of 3 passed |');
  expect(summary([repeat(0), repeat(1)])).toContain('## Flaky\n\nAll repeats agree.');
  expect(summary([repeat(0)])).not.toContain('Flaky');
});

test('with links a drill leads to its picture and its evidence, of repeats to those of the worst', () => {
  const good = recordedDrill({ title: 'good [1]', picture: 'timelines/good.svg' });
  const bad = { verdict: 'failed', reason: 'twice', picture: 'timelines/bad.svg', evidence: 'evidence/bad' } as const;
  const drills = [good, recordedDrill({ title: 'good [1]', repeat: 1, ...bad })];
  const text = summary(drills, [], 'with links');
  expect(text).toContain('| ❌ 1 of 2 passed | [good \\[1\\]](timelines/bad.svg) |');
  expect(text).toContain('- **failed**: good \\[1\\]: twice ([evidence](evidence/bad/README.md))\n');
  expect(summary(drills)).not.toContain('](');
});

test('a known finding is told beside its reason, and what is outside any drill apart', () => {
  const known = { verdict: 'failed', reason: 'twice', finding: 'docs/findings.md, 8' } as const;
  const text = summary([recordedDrill(known)], ['LabError: it is gone\nNext: up']);
  expect(text).toContain('| 📌 known finding |');
  expect(text).toMatch(/- \*\*known finding\*\*: .*: twice \(known: docs\/findings\.md, 8\)/);
  expect(text).toContain('## Outside any drill\n\n- LabError: it is gone Next: up\n');
  expect(summary([])).toContain('No drill ran.');
});

test('the summary of 500 failed drills fits into what a job may show', () => {
  const drills = Array.from({ length: 500 }, (_, at) =>
    recordedDrill({ id: `${at}`, title: `drill ${at}`, verdict: 'failed', reason: `reason ${at}` }),
  );
  const text = summary(drills);
  expect(text).toContain('- and 450 more, in `drills.json`');
  expect(Buffer.byteLength(text)).toBeLessThan(1_048_576);
});
