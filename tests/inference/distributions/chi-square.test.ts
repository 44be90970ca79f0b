import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chiSquareCdf, chiSquareQuantile, chiSquareUpper } from "../../../src/inference/distributions/chi-square.js";
import { normalUpper } from "../../../src/models/special/normal.js";
import { DF_EXPONENTS, extreme, relative, TOLERANCE, worst, worstOf } from "./reference.js";

describe("chi-square agrees with outside values", () => {
  it.each([
    ["chiSquareCdf", chiSquareCdf],
    ["chiSquareUpper", chiSquareUpper],
    ["chiSquareQuantile", chiSquareQuantile],
  ] as const)("R: %s", (name, f) => {
    const { entry, error } = worst(name, (x, df) => f(x!, df!));
    expect(error, entry).toBeLessThan(TOLERANCE);
  });

  it("quadrature at extreme df, both tails", () => {
    const { entry, error } = worstOf(extreme.chiSquare!, ([x, df, lower, upper]) =>
      Math.max(relative(chiSquareCdf(x!, df!), lower!), relative(chiSquareUpper(x!, df!), upper!)),
    );
    expect(error, entry).toBeLessThan(TOLERANCE);
  });

  it("the closed forms for 1 and 2 df", () => {
    for (const x of [1e-9, 0.3, 2, 40, 1200]) {
      expect(relative(chiSquareUpper(x, 2), Math.exp(-x / 2))).toBeLessThan(1e-12);
      expect(relative(chiSquareUpper(x, 1), 2 * normalUpper(Math.sqrt(x)))).toBeLessThan(1e-12);
    }
  });
});

describe("chi-square", () => {
  it("leads back from a quantile to its probability, in either tail", () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: Math.log(0.999), noNaN: true }), fc.double(DF_EXPONENTS), (logP, exponent) => {
        const p = Math.exp(logP);
        const df = 10 ** exponent;
        const upper = chiSquareQuantile(p, df, "upper");
        // a double near 1e8 resolves a probability to about (deviation in sd) sqrt(df / 2) 1e-16
        expect(Math.abs(chiSquareUpper(upper, df) / p - 1)).toBeLessThan(1e-10);
        const lower = chiSquareQuantile(p, df);
        if (lower > 0) expect(Math.abs(chiSquareCdf(lower, df) / p - 1)).toBeLessThan(1e-10);
      }),
      { numRuns: 500 },
    );
  });

  it("falls as x rises and rises with df, over the seam between the methods", () => {
    let previous = 1;
    for (let x = 200; x < 700; x += 1) {
      const upper = chiSquareUpper(x, 400);
      expect(upper).toBeLessThanOrEqual(previous);
      previous = upper;
    }
    expect(chiSquareUpper(420, 399.9999999)).toBeLessThan(chiSquareUpper(420, 400));
    expect(relative(chiSquareUpper(420, 399.9999999999), chiSquareUpper(420, 400))).toBeLessThan(1e-11);
  });

  it("with 0 df is a point mass at zero that counts with the upper tail", () => {
    expect(chiSquareUpper(0, 0)).toBe(1);
    expect(chiSquareUpper(1e-9, 0)).toBe(0);
    expect(chiSquareCdf(0, 0)).toBe(0);
    expect(chiSquareCdf(1e-9, 0)).toBe(1);
    expect(chiSquareQuantile(0.7, 0)).toBe(0);
  });

  it("reaches its ends, and answers NaN to invalid arguments", () => {
    expect(chiSquareUpper(-1, 3)).toBe(1);
    expect(chiSquareUpper(0, 3)).toBe(1);
    expect(chiSquareUpper(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(chiSquareCdf(3, Number.POSITIVE_INFINITY)).toBe(0);
    expect(chiSquareQuantile(0, 3)).toBe(0);
    expect(chiSquareQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(chiSquareQuantile(0, 3, "upper")).toBe(Number.POSITIVE_INFINITY);
    expect(chiSquareQuantile(1, 3, "upper")).toBe(0);
    expect(chiSquareQuantile(1e-300, 0.5)).toBe(0);
    expect(chiSquareQuantile(0.3, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    for (const value of [
      chiSquareUpper(1, -1),
      chiSquareUpper(1, Number.NaN),
      chiSquareUpper(Number.NaN, 2),
      chiSquareUpper(Number.NaN, 0),
      chiSquareQuantile(0.5, -1),
      chiSquareQuantile(0.5, Number.NaN),
      chiSquareQuantile(-0.5, 1),
      chiSquareQuantile(Number.NaN, 1),
    ]) {
      expect(value).toBeNaN();
    }
  });
});
