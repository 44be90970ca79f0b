import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalCdf, normalLogCdf, normalLogUpper, normalQuantile, normalUpper } from "../../../src/models/special/normal.js";
import { TOLERANCE, worst } from "../../inference/distributions/reference.js";

describe("the normal distribution agrees with R", () => {
  it.each([
    ["normalUpper", normalUpper],
    ["normalLogUpper", normalLogUpper],
    ["normalQuantile", normalQuantile],
  ] as const)("%s", (name, f) => {
    const { entry, error } = worst(name, (x) => f(x));
    expect(error, entry).toBeLessThan(TOLERANCE);
  });
});

describe("the normal distribution", () => {
  it("mirrors its tails at zero", () => {
    for (const z of [0, 0.3, 0.67448975, 1, 5.656854249492381, 20]) {
      expect(normalCdf(-z)).toBe(normalUpper(z));
      expect(normalLogCdf(-z)).toBe(normalLogUpper(z));
      expect(normalCdf(z) + normalUpper(z)).toBeCloseTo(1, 15);
    }
  });

  it("leads back from a quantile to its probability in either tail", () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: Math.log(0.999), noNaN: true }), (logP) => {
        const p = Math.exp(logP);
        // d log p / d log z is about z^2 <= 1400, times the rounding of z
        expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-12);
        expect(normalQuantile(p, "upper")).toBe(-normalQuantile(p));
      }),
    );
  });

  it("falls as z rises, over every seam of the approximations", () => {
    let previous = 1;
    for (let z = -8; z < 38; z += 1 / 64) {
      const upper = normalUpper(z);
      expect(upper).toBeLessThanOrEqual(previous);
      previous = upper;
    }
  });

  it("reaches its ends", () => {
    expect(normalUpper(Number.POSITIVE_INFINITY)).toBe(0);
    expect(normalUpper(1e308)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalLogUpper(Number.POSITIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalLogUpper(Number.NEGATIVE_INFINITY)).toBeCloseTo(0, 15);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(0, "upper")).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(0.5)).toBe(0);
  });

  it("answers NaN to what is no number or no probability", () => {
    for (const value of [
      normalCdf(Number.NaN),
      normalUpper(Number.NaN),
      normalLogUpper(Number.NaN),
      normalQuantile(-0.1),
      normalQuantile(1.1),
      normalQuantile(Number.NaN),
    ]) {
      expect(value).toBeNaN();
    }
  });
});
