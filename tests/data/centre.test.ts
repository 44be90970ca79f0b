import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cgm, cwc, grandMean, groupMean, meanOf, unitMeans } from "../../src/data/centre.js";
import { makeFactor } from "../../src/data/factor.js";

const g = makeFactor("g", ["a", "a", "b", null, "c"], { levels: ["a", "b", "c", "d"] });
const x = Float64Array.of(1, 3, 9, 100, Number.NaN);

describe("centring", () => {
  test("the grand mean is over rows, or over units each of which counts once", () => {
    expect(meanOf(x)).toBe(28.25);
    expect(grandMean(x, g)).toBe(5.5);
    expect(cgm(x, g)).toEqual(Float64Array.of(-4.5, -2.5, 3.5, 94.5, Number.NaN));
  });

  test("units without values have no mean", () => {
    expect(unitMeans(x, g)).toEqual(Float64Array.of(2, 9, Number.NaN, Number.NaN));
  });

  test("within a cluster the unit's mean is subtracted; where the unit is missing the result is missing", () => {
    expect(cwc(x, g)).toEqual(Float64Array.of(-1, 1, 0, Number.NaN, Number.NaN));
    expect(groupMean(x, g)).toEqual(Float64Array.of(2, 2, 9, Number.NaN, Number.NaN));
  });

  test("means are taken over the rows asked for, results given for all", () => {
    expect(cgm(x, undefined, { rows: [0, 2] })).toEqual(Float64Array.of(-4, -2, 4, 95, Number.NaN));
    expect(cwc(x, g, { rows: [0, 2] })).toEqual(Float64Array.of(0, 2, 0, Number.NaN, Number.NaN));
  });

  test("sums lose nothing to cancellation", () => {
    expect(meanOf([1e16, 1, -1e16, 1])).toBe(0.5);
    expect(unitMeans([1e16, 1, -1e16, 1], makeFactor("g", ["a", "a", "a", "a"]))).toEqual(Float64Array.of(0.5));
  });

  test("an infinite value makes an infinite mean, not NaN", () => {
    expect(meanOf([1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
    expect(unitMeans([Number.NEGATIVE_INFINITY, 1], makeFactor("g", ["a", "a"]))).toEqual(Float64Array.of(Number.NEGATIVE_INFINITY));
  });

  test("cwc plus the group mean is the value, and cwc has mean zero in each unit", () => {
    const row = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom("a", "b", "c"));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const values = rows.map(([value]) => value);
        const group = makeFactor(
          "g",
          rows.map(([, unit]) => unit),
        );
        const within = cwc(values, group);
        const means = groupMean(values, group);
        // one rounding of numbers up to 2e6
        for (const [i, value] of within.entries()) expect(value + means[i]!).toBeCloseTo(values[i]!, 8);
        for (const mean of unitMeans(within, group)) expect(mean).toBeCloseTo(0, 8);
      }),
    );
  });

  test("sequences of unequal length are refused", () => {
    expect(() => cwc([1], g)).toThrow("The two sequences must be equally long: one has 1 row, the other 5.");
  });
});
