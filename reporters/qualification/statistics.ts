/** Two samples of one measure that were taken under the same conditions, such as a drill's recoveries on two releases. */
export interface TwoSamples {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** How often each whole number comes up by chance: `shares[0]` is that of `from`, and so on. They add up to 1. */
interface Distribution {
  readonly from: number;
  readonly shares: Float64Array;
}

const ascending = (values: readonly number[]): readonly number[] => values.toSorted((one, other) => one - other);

/** Returns the value below which a share of the values lies, between two of them where need be (R's type 7); null of none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = ascending(values);
  const at = (sorted.length - 1) * share;
  const [lower, upper] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return lower === undefined || upper === undefined ? null : lower + (upper - lower) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number | null => quantile(values, 0.5);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** In how many ways `chosen` of `all` can be chosen. */
export function binomial(all: number, chosen: number): number {
  let ways = 1;
  for (let at = 1; at <= chosen; at += 1) ways = (ways * (all - chosen + at)) / at;
  return Math.round(ways);
}

/** Ranks from 1, times two, so that the mean rank of values that are equal is a whole number as well. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const sorted = ascending(values);
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}

/** How a sum of `chosen` of the doubled ranks comes out if all choices are alike: the distribution of its difference from its mean. */
function chanceOf(ranks: readonly number[], chosen: number): Distribution {
  const most = sum(ascending(ranks).slice(ranks.length - chosen));
  const ways = Array.from({ length: chosen + 1 }, () => new Float64Array(most + 1));
  ways[0]?.set([1]);
  for (const rank of ranks)
    for (let size = chosen; size > 0; size -= 1) {
      const [smaller, larger] = [ways[size - 1], ways[size]];
      if (!smaller || !larger) continue;
      for (let total = rank; total <= most; total += 1)
        larger[total] = (larger[total] ?? 0) + (smaller[total - rank] ?? 0);
    }
  const all = binomial(ranks.length, chosen);
  const shares = (ways[chosen] ?? new Float64Array()).map((count) => count / all);
  return trimmed({ from: -(sum(ranks) * chosen) / ranks.length, shares });
}

/** Shares so small that they change no digit of a p that anybody reads. */
const nothing = 1e-20;

function trimmed({ from, shares }: Distribution): Distribution {
  const first = shares.findIndex((share) => share > nothing);
  const last = shares.findLastIndex((share) => share > nothing);
  return { from: from + first, shares: shares.slice(first, last + 1) };
}

/** The distribution of the sum of two. */
function together(one: Distribution, other: Distribution): Distribution {
  const shares = new Float64Array(one.shares.length + other.shares.length - 1);
  one.shares.forEach((share, at) => {
    if (share === 0) return;
    other.shares.forEach((more, beyond) => {
      shares[at + beyond] = (shares[at + beyond] ?? 0) + share * more;
    });
  });
  return trimmed({ from: one.from + other.from, shares });
}

/** Sums of floating point numbers differ in their last digits. */
const alike = 1e-9;

/**
 * Returns how likely a difference at least as great as the one seen is if `before` and `after` were shuffled (two-sided):
 * the Mann-Whitney U test, exact for any size and with equal values among the samples. With several pairs of samples
 * each is ranked and shuffled by itself, and their rank sums are added up (a stratified rank test, after van Elteren): a
 * change that all of them share shows even where each alone has too few values. Pairs of which one is empty count for
 * nothing; 1 is returned if all do.
 *
 * @see Mann, Whitney: On a test of whether one of two random variables is stochastically larger than the other (1947)
 * @see van Elteren: On the combination of independent two sample tests of Wilcoxon (1960)
 */
export function rankTest(strata: readonly TwoSamples[]): number {
  let chance: Distribution = { from: 0, shares: Float64Array.of(1) };
  let seen = 0;
  for (const { before, after } of strata) {
    if (before.length === 0 || after.length === 0) continue;
    const ranks = doubledRanks([...after, ...before]);
    const own = ranks.slice(0, after.length);
    seen += sum(own) - (sum(ranks) * after.length) / ranks.length;
    chance = together(chance, chanceOf(ranks, after.length));
  }
  const asGreat = chance.shares.filter((_, at) => Math.abs(chance.from + at) >= Math.abs(seen) - alike);
  return Math.min(1, sum([...asGreat]));
}

/** The smallest p that {@link rankTest} can give for two samples of these sizes, however much they differ. */
export const smallestP = (before: number, after: number): number =>
  before === 0 || after === 0 ? 1 : 2 / binomial(before + after, before);

/** How many values each sample needs so that {@link rankTest} can show a difference at the level, in so many comparisons. */
export function valuesNeeded(comparisons: number, level: number): number {
  let values = 2;
  while (smallestP(values, values) * comparisons > level) values += 1;
  return values;
}

/** By how much one sample lies above another. */
export interface Shift {
  /** Hodges-Lehmann's estimate: the median of all differences between a value of `after` and one of `before`. */
  readonly shift: number;
  /** In which it lies with 95 % confidence at least; null where the samples are too small to say so. */
  readonly interval: readonly [number, number] | null;
  /** Cliff's delta, from -1 to 1: how much more often a value of `after` is the greater of two than the smaller. */
  readonly delta: number;
}

const confidence = 0.95;

/** Returns by how much `after` lies above `before`, or null where one of them is empty. */
export function shiftOf({ before, after }: TwoSamples): Shift | null {
  const differences = ascending(after.flatMap((value) => before.map((other) => value - other)));
  const shift = median(differences);
  if (shift === null) return null;
  // The interval is made of the differences that the rank test of values without equals would not reject. Their doubled
  // ranks are even, and so is every second share nothing.
  const { shares } = chanceOf(doubledRanks([...before, ...after].map((_, at) => at)), after.length);
  const tail = [...shares].filter((_, at) => at % 2 === 0);
  let cut = 0;
  let left = (1 - confidence) / 2;
  while (cut < tail.length && (tail[cut] ?? 1) <= left + alike) {
    left -= tail[cut] ?? 0;
    cut += 1;
  }
  const [lower, upper] = [differences[cut - 1], differences[differences.length - cut]];
  const greater = differences.filter((difference) => difference > 0).length;
  const smaller = differences.filter((difference) => difference < 0).length;
  return {
    shift,
    interval: cut === 0 || lower === undefined || upper === undefined ? null : [lower, upper],
    delta: (greater - smaller) / differences.length,
  };
}

/**
 * Corrects the p of several comparisons so that, at a level, the chance of even one false alarm among all of them is no
 * greater than it; whatever they have to do with each other. Returns them in the order given.
 *
 * @see Holm: A simple sequentially rejective multiple test procedure (1979)
 */
export function holm(ps: readonly number[]): readonly number[] {
  const order = ps.map((p, at) => ({ p, at })).toSorted((one, other) => one.p - other.p);
  const adjusted = ps.map(() => 1);
  let least = 0;
  order.forEach(({ p, at }, place) => {
    least = Math.max(least, Math.min(1, p * (ps.length - place)));
    adjusted[at] = least;
  });
  return adjusted;
}

/** How many of how many. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

/** Returns how likely at least as many hits of `after` are if hits come up alike in both: Fisher's exact test, one-sided. */
export function fisherTest(before: Share, after: Share): number {
  const hits = before.hits + after.hits;
  const all = binomial(before.of + after.of, hits);
  let ways = 0;
  for (let more = after.hits; more <= Math.min(hits, after.of); more += 1)
    if (hits - more <= before.of) ways += binomial(after.of, more) * binomial(before.of, hits - more);
  return Math.min(1, ways / all);
}
