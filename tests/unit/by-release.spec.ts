import { expect, test } from '@playwright/test';
import { byRelease, isWithin } from '../../fixtures/by-release.ts';

const words = (release: string): string =>
  byRelease(
    'new',
    [
      { until: '2.1.10', value: 'middle', source: 'a commit' },
      { until: '2.1.2', value: 'old', source: 'another commit' },
    ],
    release,
  );

for (const [release, value] of [
  ['2.0.5', 'old'],
  ['2.1.2', 'middle'],
  ['2.1.9', 'middle'],
  ['2.1.10', 'new'],
  ['3.0.3', 'new'],
] as const)
  test(`${release} is held to what it does: ${value}`, () => {
    expect(words(release)).toBe(value);
  });

test('what never changed is the same for every release', () => {
  expect(byRelease('same', [], '2.0.5')).toBe('same');
});

for (const [version, within] of [
  ['2.1.2', false],
  ['2.1.3', true],
  ['2.1.10', true],
  ['3.0.0', false],
] as const) {
  test(`${version} is ${within ? '' : 'not '}one of those from 2.1.3 until 3.0.0`, () => {
    expect(isWithin({ from: '2.1.3', until: '3.0.0' }, version)).toBe(within);
  });
}
