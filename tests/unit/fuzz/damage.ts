import fc from 'fast-check';
import { hostilePieces } from './drawn-cluster.ts';

/** Something that is done to bytes; places are told as parts of the whole, so that it fits any length. */
export type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'put'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'lose'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'swap'; readonly at: number; readonly length: number }
  | { readonly kind: 'cut'; readonly at: number };

/** A part of the whole, each as likely as any other: fast-check prefers small numbers as a rule. */
export const anyPlace = fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1_000_000);
const at = anyPlace;
const length = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 }));

/** Bytes that are no UTF-8, or not what they seem: overlong, half a surrogate, Latin-1, UTF-16, and the forbidden ones. */
const wrongBytes = [
  ...[
    [0xff],
    [0xc3],
    [0xe9],
    [0x80],
    [0xc0, 0xbc],
    [0xc1, 0x81],
    [0xe0, 0x80, 0xbc],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
  ],
  ...[
    [0],
    [1],
    [8],
    [0x0b],
    [0x1f],
    [0x7f],
    [0xef, 0xbf, 0xbe],
    [0xff, 0xfe],
    [0xfe, 0xff],
    [0xef, 0xbb, 0xbf],
    [0x3c, 0],
  ],
].map((bytes) => Uint8Array.from(bytes));

const hostile = hostilePieces.map((piece) => new TextEncoder().encode(piece));

const flip = fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) });

/** One to three flipped bits. */
export const flips = fc.array(flip, { minLength: 1, maxLength: 3 });

/** One to four damages of any kind. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.oneof(
    flip,
    fc.record({ kind: fc.constant('put' as const), at, bytes: fc.constantFrom(...hostile, ...wrongBytes) }),
    fc.record({ kind: fc.constant('lose' as const), at, length }),
    fc.record({ kind: fc.constant('repeat' as const), at, length }),
    fc.record({ kind: fc.constant('swap' as const), at, length }),
    fc.record({ kind: fc.constant('cut' as const), at }),
  ),
  { minLength: 1, maxLength: 4 },
);

/** The byte at a part of the whole. */
export const placeIn = (bytes: Uint8Array, at: number): number => Math.floor(at * bytes.length);

const damaged = (bytes: Buffer, damage: Damage): Buffer => {
  const at = placeIn(bytes, damage.at);
  const upTo = (length: number): number => Math.min(at + length, bytes.length);
  switch (damage.kind) {
    case 'flip': {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << damage.bit);
      return copy;
    }
    case 'put':
      return Buffer.concat([bytes.subarray(0, at), damage.bytes, bytes.subarray(at)]);
    case 'lose':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(upTo(damage.length))]);
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, upTo(damage.length)), bytes.subarray(at)]);
    case 'swap': {
      const [middle, end] = [upTo(damage.length), upTo(2 * damage.length)];
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(middle, end),
        bytes.subarray(at, middle),
        bytes.subarray(end),
      ]);
    }
    case 'cut':
      return bytes.subarray(0, at);
  }
};

/** The bytes after all damages, one after the other. */
export const damageAll = (bytes: Buffer, all: readonly Damage[]): Buffer => all.reduce(damaged, bytes);
