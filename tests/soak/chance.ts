import { createHash } from 'node:crypto';

/** Returns numbers from 0 (included) to 1 (not), as if by chance: for the same seed and name always the same, in the same order. */
export const chance = (seed: number, name: string): (() => number) => {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${name} ${drawn}`).digest().readUIntBE(0, 6) / 2 ** 48;
  };
};
