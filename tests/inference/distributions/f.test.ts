import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chiSquareUpper } from "../../../src/inference/distributions/chi-square.js";
import { fCdf, fQuantile, fUpper } from "../../../src/inference/distributions/f.js";
import { studentTTwoSided } from "../../../src/inference/distributions/student-t.js";
import { DF_EXPONENTS, extreme, relative, TOLERANCE, worst, worstOf } from "./reference.js";

const INFINITY = Number.POSITIVE_INFINITY;

describe("F agrees with outside values", () => {
  it.each([
    ["fCdf", fCdf],
    ["fUpper", fUpper],
    ["fQuantile", fQuantile],
  ] as const)("R: %s", (name, f) => {
    const { entry, error } = worst(name, (x, df1, df2) => f(x!, df1!, df2!));
    expect(error, entry).toBeLessThan(TOLERANCE);
  });

  it("quadrature at extreme df, both tails", () => {
    const { entry, error } = worstOf(extreme.f!, ([x, df1, df2, lower, upper]) =>
      Math.max(relative(fCdf(x!, df1!, df2!), lower!), relative(fUpper(x!, df1!, df2!), upper!)),
    );
    expect(error, entry).toBeLessThan(TOLERANCE);
  });

  it("the closed form for 2 numerator df", () => {
    for (const df2 of [0.7, 8, 1e5]) {
      for (const f of [1e-6, 1, 30]) expect(relative(fUpper(f, 2, df2), (1 + (2 * f) / df2) ** (-df2 / 2))).toBeLessThan(1e-10);
    }
  });
});

describe("F", () => {
  const exponent = fc.double(DF_EXPONENTS);

  it("leads back from a quantile to its probability, in either tail", () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: Math.log(0.999), noNaN: true }), exponent, exponent, (logP, e1, e2) => {
        const p = Math.exp(logP);
        const [df1, df2] = [10 ** e1, 10 ** e2];
        const upper = fQuantile(p, df1, df2, "upper");
        if (upper < INFINITY) expect(Math.abs(fUpper(upper, df1, df2) / p - 1)).toBeLessThan(1e-10);
        const lower = fQuantile(p, df1, df2);
        if (lower > 0) expect(Math.abs(fCdf(lower, df1, df2) / p - 1)).toBeLessThan(1e-10);
      }),
      { numRuns: 500 },
    );
  });

  it("turns upside down when its df change places", () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), exponent, exponent, (power, e1, e2) => {
        const f = 2 ** power; // its reciprocal is exact
        const [df1, df2] = [10 ** e1, 10 ** e2];
        const [a, b] = [fUpper(f, df1, df2), fCdf(1 / f, df2, df1)];
        expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-11 * b);
      }),
    );
  });

  it("with 1 numerator df is the square of Student's t", () => {
    for (const df of [0.5, 6, 1e6])
      for (const t of [0.5, 2, 16]) expect(relative(fUpper(t * t, 1, df), studentTTwoSided(t, df))).toBeLessThan(1e-13);
  });

  it("with infinite df is chi-square over its df, or the reciprocal of that", () => {
    expect(fUpper(2.5, 3, INFINITY)).toBe(chiSquareUpper(7.5, 3));
    expect(relative(fUpper(2.5, 3, 1e15), chiSquareUpper(7.5, 3))).toBeLessThan(1e-12);
    expect(fCdf(0.4, INFINITY, 3)).toBe(chiSquareUpper(7.5, 3));
    expect(relative(fCdf(fQuantile(0.3, INFINITY, 5), INFINITY, 5), 0.3)).toBeLessThan(1e-13);
    expect([0.9, 1, 1.1].map((f) => fCdf(f, INFINITY, INFINITY))).toEqual([0, 0.5, 1]);
    expect(fQuantile(0.3, INFINITY, INFINITY)).toBe(1);
  });

  it("rises with f, through the middle of huge df and over the seams between the methods", () => {
    for (const [df1, df2] of [
      [1e8, 1e8],
      [399, 401],
      [400, 400],
      [0.5, 1e8],
      [5, 2],
    ] as const) {
      let previous = 0;
      const spread = Math.min(3, 8 * Math.sqrt(2 / df1 + 2 / df2));
      for (let s = -spread; s <= spread; s += spread / 200) {
        const lower = fCdf(Math.exp(s), df1, df2);
        expect(lower).toBeGreaterThanOrEqual(previous);
        previous = lower;
      }
    }
    expect(relative(fUpper(1.2, 399.9999999999, 500), fUpper(1.2, 400, 500))).toBeLessThan(1e-11);
  });

  it("reaches its ends, and answers NaN to invalid arguments", () => {
    expect(fUpper(-1, 2, 3)).toBe(1);
    expect(fUpper(0, 2, 3)).toBe(1);
    expect(fUpper(INFINITY, 2, 3)).toBe(0);
    expect(fUpper(0, INFINITY, 3)).toBe(1);
    expect(relative(fUpper(1e300, 0.5, 0.5), fUpper(1e100, 0.5, 0.5) * 1e-50)).toBeLessThan(1e-12);
    expect(fQuantile(0, 2, 3)).toBe(0);
    expect(fQuantile(1, 2, 3)).toBe(INFINITY);
    expect(fQuantile(0, 2, 3, "upper")).toBe(INFINITY);
    expect(fQuantile(1, 2, 3, "upper")).toBe(0);
    expect(fQuantile(1e-300, 0.5, 4)).toBe(0);
    expect(fQuantile(1e-300, 4, 0.5, "upper")).toBe(INFINITY);
    for (const value of [
      fUpper(1, 0, 3),
      fUpper(1, 3, -1),
      fUpper(1, Number.NaN, 3),
      fUpper(1, 3, Number.NaN),
      fUpper(Number.NaN, 3, 3),
      fUpper(Number.NaN, 3, INFINITY),
      fUpper(Number.NaN, INFINITY, INFINITY),
      fQuantile(0.5, 0, 3),
      fQuantile(0.5, 3, Number.NaN),
      fQuantile(2, 3, 3),
      fQuantile(Number.NaN, 3, 3),
    ]) {
      expect(value).toBeNaN();
    }
  });
});
