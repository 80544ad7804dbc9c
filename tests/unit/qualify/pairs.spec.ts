import path from 'node:path';
import { expect, test } from '@playwright/test';
import { UsageError } from '../../../lab/errors.ts';
import { pairsOf, releasesIn } from '../../../fixtures/qualify/pairs.ts';

test('a release alone has guests of its own', () => {
  expect(releasesIn('3.0.0')).toEqual({ release: '3.0.0', guestRelease: '3.0.0' });
});

test('a pair has guests of another release', () => {
  expect(releasesIn('3.0.0+2.1.5')).toEqual({ release: '3.0.0', guestRelease: '2.1.5' });
  expect(releasesIn('debsrc:sid@trixie+src:/x')).toEqual({ release: 'debsrc:sid@trixie', guestRelease: 'src:/x' });
});

test('a path may have the sign in it that stands between the two', () => {
  expect(releasesIn('src:/x/c++')).toEqual({ release: 'src:/x/c++', guestRelease: 'src:/x/c++' });
  expect(releasesIn('debs:/a+b+2.0.5')).toEqual({ release: 'debs:/a+b', guestRelease: '2.0.5' });
});

test('a release that is not known is refused, on either side', () => {
  for (const asked of ['9.9.9', '3.0.0+9.9.9', '9.9.9+3.0.0']) expect(() => releasesIn(asked)).toThrow(UsageError);
});

test('each release is paired with each release of guests; one with itself is that release', () => {
  expect(pairsOf(['2.1.5', '3.0.0'], ['2.0.5', '3.0.0'])).toEqual([
    '2.1.5+2.0.5',
    '2.1.5+3.0.0',
    '3.0.0+2.0.5',
    '3.0.0',
  ]);
});

test('without releases of guests they are as they were asked for, with absolute paths', () => {
  expect(pairsOf(['3.0.0', '3.0.0+2.1.5', 'src:tree'], [])).toEqual([
    '3.0.0',
    '3.0.0+2.1.5',
    `src:${path.resolve('tree')}`,
  ]);
});
