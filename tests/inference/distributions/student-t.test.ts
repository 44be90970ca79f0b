import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { studentTCdf, studentTQuantile, studentTTwoSided, studentTUpper } from "../../../src/inference/distributions/student-t.js";
import { normalQuantile, normalUpper } from "../../../src/models/special/normal.js";
import { DF_EXPONENTS, extreme, relative, TOLERANCE, worst, worstOf } from "./reference.js";

describe("Student's t agrees with outside values", () => {
  it.each([
    ["studentTUpper", studentTUpper],
    ["studentTTwoSided", studentTTwoSided],
    ["studentTQuantile", studentTQuantile],
  ] as const)("R: %s", (name, f) => {
    const { entry, error } = worst(name, (x, df) => f(x!, df!));
    expect(error, entry).toBeLessThan(TOLERANCE);
  });

  it("quadrature at extreme df", () => {
    const { entry, error } = worstOf(extreme.studentT!, ([t, df, , upper]) => relative(studentTTwoSided(t!, df!), upper!));
    expect(error, entry).toBeLessThan(TOLERANCE);
  });

  it("the closed forms for 1 and 2 df", () => {
    for (const t of [1e-9, 0.2, 1, 7, 1e5, 1e200]) {
      expect(relative(studentTTwoSided(t, 1), (2 * Math.atan(1 / t)) / Math.PI)).toBeLessThan(1e-12);
      const root = Math.hypot(t, Math.SQRT2);
      expect(relative(studentTTwoSided(t, 2), 2 / root / (root + t))).toBeLessThan(1e-12);
    }
  });
});

describe("Student's t", () => {
  it("is symmetric", () => {
    for (const df of [0.5, 3.3, 1e6]) {
      for (const t of [0, 0.4, 2, 30]) {
        expect(studentTCdf(-t, df)).toBe(studentTUpper(t, df));
        expect(studentTTwoSided(-t, df)).toBe(studentTTwoSided(t, df));
        expect(studentTCdf(t, df) + studentTUpper(t, df)).toBeCloseTo(1, 15);
      }
    }
    expect(studentTQuantile(0.3, 7)).toBe(-studentTQuantile(0.3, 7, "upper"));
  });

  it("leads back from a quantile to its probability", () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: Math.log(0.999), noNaN: true }), fc.double(DF_EXPONENTS), (logP, exponent) => {
        const p = Math.exp(logP);
        const t = studentTQuantile(p, 10 ** exponent);
        if (Number.isFinite(t)) expect(Math.abs(studentTCdf(t, 10 ** exponent) / p - 1)).toBeLessThan(1e-11);
      }),
      { numRuns: 500 },
    );
  });

  it("falls as t rises", () => {
    for (const df of [0.5, 4, 399, 1e7]) {
      let previous = 1;
      for (let t = -6; t < 30; t += 1 / 16) {
        const upper = studentTUpper(t, df);
        expect(upper).toBeLessThanOrEqual(previous);
        previous = upper;
      }
    }
  });

  it("becomes the normal distribution: at infinite df exactly, at huge df nearly", () => {
    for (const t of [-3, 0, 0.5, 2, 9]) {
      expect(studentTUpper(t, Number.POSITIVE_INFINITY)).toBe(normalUpper(t));
      expect(relative(studentTUpper(t, 1e16), normalUpper(t))).toBeLessThan(1e-11); // the difference is of order t^4 / df
    }
    expect(studentTTwoSided(-2, Number.POSITIVE_INFINITY)).toBe(2 * normalUpper(2));
    expect(studentTQuantile(0.9, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.9));
    expect(relative(studentTUpper(2, 1e300), normalUpper(2))).toBeLessThan(1e-13);
  });

  it("keeps its heavy tails beyond the range of t^2", () => {
    // P(|T| > t) is proportional to t^-df far out
    expect(relative(studentTTwoSided(1e300, 0.5), studentTTwoSided(1e100, 0.5) * 1e-100)).toBeLessThan(1e-12);
    expect(relative(studentTQuantile(1e-140, 0.5), studentTQuantile(1e-60, 0.5) * 1e160)).toBeLessThan(1e-12);
    expect(studentTQuantile(1e-300, 0.5)).toBe(Number.NEGATIVE_INFINITY);
    expect(studentTUpper(-1e-200, 3)).toBe(0.5);
  });

  it("reaches its ends, and answers NaN to invalid arguments", () => {
    expect(studentTUpper(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(studentTCdf(Number.POSITIVE_INFINITY, 3)).toBe(1);
    expect(studentTQuantile(0, 3)).toBe(Number.NEGATIVE_INFINITY);
    expect(studentTQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(studentTQuantile(0.5, 0.5)).toBe(0);
    for (const value of [
      studentTUpper(1, 0),
      studentTUpper(1, -2),
      studentTUpper(1, Number.NaN),
      studentTTwoSided(Number.NaN, 5),
      studentTQuantile(0.3, 0),
      studentTQuantile(0.5, Number.NaN),
      studentTQuantile(1.5, 3),
      studentTQuantile(Number.NaN, 3),
    ]) {
      expect(value).toBeNaN();
    }
  });
});
