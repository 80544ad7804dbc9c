/** Lets only so many in at once. */
export interface Turnstile {
  /** Waits until there is room, in the order in which they came. */
  readonly enter: () => Promise<void>;
  /** Makes room for the next one. */
  readonly leave: () => void;
}

/** Makes a turnstile for so many at once. */
export const turnstile = (places: number): Turnstile => {
  const waiting: (() => void)[] = [];
  let free = places;
  return {
    enter: () =>
      new Promise((resolve) => {
        if (free > 0) {
          free -= 1;
          resolve();
        } else waiting.push(resolve);
      }),
    leave: () => {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
};
