import { expect, test } from '@playwright/test';
import { decodeUtf8 } from '../../../lab/observation/decode-utf8.ts';

test('text is decoded as it is, a byte order mark at its beginning included', () => {
  expect(decodeUtf8(Buffer.from('\u{feff}Größe → 1'))).toBe('\u{feff}Größe → 1');
});

test('what is not UTF-8 is refused, and it is said what to look at', () => {
  expect(() => decodeUtf8(Buffer.from([0x61, 0xff]))).toThrow(/not UTF-8[^]*\nNext: Look at the raw sample/);
});
