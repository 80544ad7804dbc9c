import { readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { readBundle } from '../../../fixtures/evidence/bundle.ts';
import { judge } from '../../../fixtures/evidence/judge.ts';
import { catalogue, findFault } from '../../../lab/faults/catalogue.ts';

/** Evidence of a drill for each promise, from a real lab (Pacemaker 3.0.0), named by the promise. */
const recorded = new URL('../../recorded/bundles/', import.meta.url);
const promises = readdirSync(recorded).sort();
const bundleOf = (promise: string) => readBundle(new URL(promise, recorded).pathname);

/** Broken, and known: docs/findings.md, 8. */
const broken = 'lxc-nothing-runs-twice';

test('there is one of every family of faults, and of both kinds of guests', async () => {
  const bundles = await Promise.all(promises.map(bundleOf));
  const families = bundles.map(({ outcome }) => findFault(outcome.fault.name).family);
  expect([...new Set(families)].sort()).toEqual([...new Set(catalogue.map(({ family }) => family))].sort());
  expect([...new Set(bundles.map(({ outcome }) => outcome.guest.kind))].sort()).toEqual(['kvm', 'lxc']);
});

for (const promise of promises) {
  test(`${promise}: the verdict is what it was`, async () => {
    const bundle = await bundleOf(promise);
    const { verdict, reason } = judge(bundle);
    expect(verdict).toBe(promise === broken ? 'failed' : 'passed');
    expect({ verdict, reason }).toEqual({ verdict: bundle.verdict, reason: bundle.reason });
  });

  test(`${promise}: every phase that has a budget is judged by it`, async () => {
    const { outcome } = await bundleOf(promise);
    for (const phase of Object.keys(outcome.budgets)) {
      const bundle = await bundleOf(promise);
      // The first sample after the fault is later than a millisecond, but for what is seen at once.
      const tooShort = judge(await readBundle(new URL(promise, recorded).pathname, { [phase]: 0.001 }));
      const judged = bundle.expectations.some(({ matcher }) => matcher === 'toRecoverInTime');
      expect(tooShort.problems.some((problem) => problem.includes(`${phase}: after`))).toBe(judged);
    }
  });
}

for (const promise of promises.filter((each) => each !== broken))
  test(`no other drill keeps the promise of ${promise}`, async () => {
    const { expectations, outcome } = await bundleOf(promise);
    const others = await Promise.all(
      promises.filter((each) => each !== broken).map(async (each) => [each, await bundleOf(each)] as const),
    );
    const keeping = others.filter(
      ([each, bundle]) =>
        each !== promise &&
        bundle.outcome.guest.name === outcome.guest.name &&
        judge({ ...bundle, expectations, others: [] }).verdict === 'passed',
    );
    expect(keeping.map(([each]) => each)).toEqual([]);
  });
