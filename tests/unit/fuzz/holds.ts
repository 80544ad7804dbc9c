import { test } from '@playwright/test';
import fc from 'fast-check';

/** Cases of each property where `FUZZ_RUNS` does not say otherwise: few, so that the unit tests stay quick. */
const runsAsShipped = 60;
/** More than a case may take with the slowest property on a busy machine. */
const mostMsOfACase = 500;

const numberFrom = (name: 'FUZZ_SEED' | 'FUZZ_RUNS', otherwise: number): number => {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`${name} is "${text}": set it to a whole number, or to nothing.`);
  return Number(text);
};

const beginningOf = (text: string): string => (text.length > 4_000 ? `${text.slice(0, 4_000)}…` : text);

/**
 * Asserts that a property holds for cases drawn at random: as many as `FUZZ_RUNS` says, from the seed `FUZZ_SEED`, or from
 * one of its own, which is noted in the test's annotations and told when the property does not hold.
 *
 * @param property what holds, as fast-check takes it; it throws where it does not
 * @throws Error with the smallest case that was found, what it broke, and how to see it again
 */
export function holds<Case>(property: fc.IProperty<Case>): void {
  const seed = numberFrom('FUZZ_SEED', Math.floor(Math.random() * 2 ** 31));
  const numRuns = numberFrom('FUZZ_RUNS', runsAsShipped);
  test.info().annotations.push({ type: 'FUZZ_SEED', description: String(seed) });
  test.setTimeout(60_000 + numRuns * mostMsOfACase);
  const outcome = fc.check(property, { seed, numRuns });
  if (!outcome.failed) return;
  const cause = outcome.errorInstance;
  throw new Error(
    [
      `The property does not hold, as case ${outcome.numRuns} shows (made smaller ${outcome.numShrinks} times):`,
      beginningOf(fc.stringify(outcome.counterexample)),
      beginningOf(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)),
      `Next: see it again with FUZZ_SEED=${seed} FUZZ_RUNS=${numRuns}, and this test's name behind --grep.`,
    ].join('\n'),
  );
}
