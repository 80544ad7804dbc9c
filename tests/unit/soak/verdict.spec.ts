import { expect, test } from '@playwright/test';
import * as contention from '../../contention/verdict.ts';
import type { Kill } from '../../soak/kills.ts';
import { exitStatusOf, soakWords, type Soak } from '../../soak/verdict.ts';

const drill: Soak['drills'][number] = {
  ...{ title: 'lxc1 is recovered', verdict: 'passed', finding: null, reason: '', outcome: 'as it should' },
  contention: { longestStallMs: 40, slowdown: 1.3, idleShare: 0.5, stolenShare: 0, load: 2 },
};
const kill: Kill = {
  ...{ afterMs: 9_000, leases: ['x-1'], healedMs: 31_000, left: [], next: 'as it should', reason: '' },
};
const good: Soak = {
  ...{ version: 1, startedAt: '2026-11-22T00:00:00.000Z', seed: 7, release: '3.0.0' },
  ...{ drills: [drill], changes: [], kills: [kill], residue: [] },
};
const growth = { what: 'leases', unit: '', first: 0, last: 2, shift: 2, p: 0.001, isDrift: true };

for (const [what, change, status, said] of [
  [
    'all is as it should be',
    {},
    0,
    /^1 kills of the runner \(1 with a fault in effect\): 1 healed, the longest after 31000 ms; 1 next runs green$/m,
  ],
  [
    'a drill failed',
    { drills: [{ ...drill, verdict: 'failed', outcome: 'false alarm', reason: 'Error: no\nNext: look' }] },
    1,
    /^false alarm: lxc1 is recovered: Error: no$/m,
  ],
  [
    'a drill could not tell',
    { drills: [{ ...drill, verdict: 'inconclusive', outcome: 'could not tell' }] },
    3,
    /0 false alarms, 0 known findings, 1 inconclusive/,
  ],
  ['something grew', { changes: [growth] }, 1, /^drift: leases$/m],
  [
    'a kill was not healed',
    { kills: [{ ...kill, healedMs: null, left: ['lease x'] }] },
    1,
    /^a kill after 9000 ms was not healed: lease x$/m,
  ],
  [
    'the run after a kill was red',
    { kills: [{ ...kill, next: 'false alarm', reason: 'why' }] },
    1,
    /the next run was not green: why/,
  ],
  ['something is left at the end', { residue: ['left behind on lxc1: x'] }, 1, /^left behind on lxc1: x$/m],
  ['nothing ran', { drills: [], kills: [] }, 3, /^$/],
] satisfies [string, Partial<Soak>, number, RegExp][])
  test(`a soak in which ${what} ends with ${status}`, () => {
    const soak = { ...good, ...change };
    expect(exitStatusOf(soak)).toBe(status);
    expect(soakWords(soak)).toMatch(said);
  });

const busy: contention.Contention['drills'][number] = {
  ...{ how: 'beside busy loops', lab: 'contention-1', title: 'lxc1 is recovered' },
  ...{ verdict: 'inconclusive', finding: null, reason: 'The machine was too busy: it was. Seen: …', contention: null },
};

for (const [what, drills, status] of [
  ['inconclusive for the machine’s sake, as measured', [busy], 0],
  ['inconclusive for another reason', [{ ...busy, reason: 'TransportError: cut' }], 3],
  ['failed', [busy, { ...busy, verdict: 'failed', reason: 'ExpectationError: late' }], 1],
  ['failed as it is known to', [{ ...busy, verdict: 'failed', finding: 'docs/findings.md, 13' }], 0],
  ['not there', [], 3],
] satisfies [string, contention.Contention['drills'], number][])
  test(`beside busy loops, a drill that is ${what} ends it with ${status}`, () => {
    const found: contention.Contention = {
      ...{ version: 1, startedAt: '', seed: 1, labs: 0, loops: 12, stallMs: 0 },
      drills,
    };
    expect(contention.exitStatusOf(found)).toBe(status);
    const told = drills
      .filter(({ finding }) => finding === null)
      .map(({ verdict }) => `${verdict}: lxc1 is recovered:`);
    for (const line of told) expect(contention.contentionWords(found)).toContain(line);
  });
