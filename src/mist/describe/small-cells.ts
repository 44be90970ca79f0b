/**
 * The rule of small cells: a share that rests on fewer than 5 teachers (or other adults), 10 students or 3 schools is not told. So
 * that what is left out cannot be found by subtraction, the next smallest goes with it; and none of all, or one, is told only as a
 * bound, as is all, or all but one:
 *
 *   units in the category  <= 1        at most  ceil(100 max(count, 1) / n) %
 *   units outside of it    <= 1        at least 100 - ceil(100 max(n - count, 1) / n) %
 *   any "at most" in the group         the smallest share that is no bound is left out
 *
 * Shares are whole percents that add up to 100 (largest remainders), before any is left out.
 */

/** The fewest units a share may rest on. */
export interface SmallCells {
  readonly teachers: number;
  readonly students: number;
  readonly schools: number;
}

/** The usual limits. */
export const smallCells: SmallCells = { teachers: 5, students: 10, schools: 3 };

/** A share as it may be told: exactly, as a bound, or not at all. */
export interface ToldShare {
  /** In percent; null where left out. */
  readonly percent: number | null;
  readonly bound: "at most" | "at least" | null;
}

/**
 * Whole percents that add up to 100.
 *
 * @example wholePercents([1, 1, 1]) // => [34, 33, 33]
 */
export function wholePercents(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => 0);
  const exact = counts.map((count) => (100 * count) / total);
  const percents = exact.map(Math.floor);
  const left = 100 - percents.reduce((sum, percent) => sum + percent, 0);
  const byRemainder = exact
    .map((value, k) => ({ k, remainder: value - percents[k]! }))
    .sort((a, b) => b.remainder - a.remainder || a.k - b.k);
  for (const { k } of byRemainder.slice(0, left)) percents[k]!++;
  return percents;
}

/**
 * The shares of one group's categories as they may be told.
 *
 * @param counts rows by category, @param units distinct units (persons, or schools) by category, @param outside distinct units in
 *   the other categories
 * @example toldShares([0, 10, 10], [0, 10, 10], [20, 10, 10]) // => [{ percent: 5, bound: "at most" }, { percent: null, bound: null }, { percent: 50, bound: null }]
 */
export function toldShares(counts: readonly number[], units: readonly number[], outside: readonly number[]): readonly ToldShare[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const percents = wholePercents(counts);
  const bound = (count: number): number => Math.min(100, Math.ceil((100 * Math.max(count, 1)) / total));
  const shares = counts.map((count, k): ToldShare => {
    if (outside[k]! <= 1) return { percent: 100 - bound(total - count), bound: "at least" };
    if (units[k]! <= 1) return { percent: bound(count), bound: "at most" };
    return { percent: percents[k]!, bound: null };
  });
  if (!shares.some((share) => share.bound === "at most")) return shares;
  const exact = shares.flatMap((share, k) => (share.bound === null ? [k] : []));
  const smallest = exact.reduce((least, k) => (least < 0 || counts[k]! < counts[least]! ? k : least), -1);
  return shares.map((share, k) => (k === smallest ? { percent: null, bound: null } : share));
}

/**
 * Which groups are left out besides those that are too small: where along a row or column of the table of groups just one is left
 * out, the smallest other one goes with it.
 *
 * @param sizes one a group, @param small which are too small
 * @param margins for each grouping variable and each group the value; one variable alone makes one row
 * @example withComplements([3, 20, 30], [true, false, false], [["1", "2", "3"]]) // => [true, true, false]
 */
export function withComplements(sizes: readonly number[], small: readonly boolean[], margins: readonly (readonly string[])[]): boolean[] {
  const left = [...small];
  const lines = margins.length === 1 ? [sizes.map(() => "")] : margins;
  for (let changed = true; changed; ) {
    changed = false;
    for (const line of lines) {
      for (const value of new Set(line)) {
        const members = line.flatMap((other, k) => (other === value ? [k] : []));
        const others = members.filter((k) => !left[k]);
        if (members.length - others.length !== 1 || others.length === 0) continue;
        left[others.reduce((least, k) => (sizes[k]! < sizes[least]! ? k : least))] = true;
        changed = true;
      }
    }
  }
  return left;
}
