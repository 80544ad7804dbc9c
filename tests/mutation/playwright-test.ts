/**
 * What the unit tests use of @playwright/test, given by Vitest: Stryker can run many mutants in one process with that, and
 * tell which test reaches which mutant, while Playwright has no such runner.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect as vitestExpect, it } from 'vitest';

type Body = (fixtures: object, testInfo: object) => Promise<void> | void;
type Matcher = (
  value: unknown,
  ...given: readonly unknown[]
) => { readonly pass: boolean; readonly message: () => string };

const info = { annotations: [] };

export const test = Object.assign(
  (title: string, body: Body): void => {
    it(title, () => body({}, info));
  },
  {
    ...{ describe, beforeAll, beforeEach, afterAll, afterEach },
    info: () => info,
    setTimeout: () => undefined,
  },
);

/** Playwright makes an expect of its own that knows the matchers, where Vitest teaches them to the only one that there is. */
const knowing = (matchers: Readonly<Record<string, Matcher>>) => {
  const taught = (value: unknown, wanted: 'so' | 'not so') =>
    Object.fromEntries(
      Object.entries(matchers).map(([name, matcher]) => [
        name,
        (...given: readonly unknown[]) => {
          const { pass, message } = matcher(value, ...given);
          if (pass !== (wanted === 'so')) throw new Error(message());
        },
      ]),
    );
  const expectWith = (value: unknown, message?: string) =>
    Object.defineProperty(Object.assign(vitestExpect(value, message), taught(value, 'so')), 'not', {
      get: () => Object.assign(vitestExpect(value, message).not, taught(value, 'not so')),
    });
  return Object.assign(expectWith, vitestExpect, {
    configure: () => knowing(matchers),
    extend: (more: Readonly<Record<string, Matcher>>) => knowing({ ...matchers, ...more }),
  });
};

export const expect = knowing({});
