import { describe, expect, it } from "vitest";
import { betaTails } from "../../../../src/inference/distributions/special/incomplete-beta.js";
import { gammaTails } from "../../../../src/inference/distributions/special/incomplete-gamma.js";
import { logConcaveTail } from "../../../../src/inference/distributions/special/log-concave-tail.js";
import { log1pMinus, stirlingCorrection } from "../../../../src/models/special/stirling.js";
import { relative } from "../reference.js";

describe("the special functions below the distributions", () => {
  it("stirlingCorrection gives back factorials and the half-integer gamma", () => {
    const logGamma = (a: number): number => (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + stirlingCorrection(a);
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(Math.abs(logGamma(n) - Math.log(factorial))).toBeLessThan(2e-14);
      factorial *= n;
    }
    expect(Math.abs(logGamma(0.5) - Math.log(Math.PI) / 2)).toBeLessThan(2e-15);
    expect(stirlingCorrection(1e8) * 12e8).toBeCloseTo(1, 15);
  });

  it("log1pMinus agrees with its Taylor series near zero and with itself over the seams", () => {
    for (const u of [1e-3, -1e-3, 1e-6, -1e-12]) {
      const series = -(u ** 2) / 2 + u ** 3 / 3 - u ** 4 / 4 + u ** 5 / 5 - u ** 6 / 6;
      expect(relative(log1pMinus(u), series)).toBeLessThan(3e-16 + Math.abs(u) ** 5);
    }
    for (const u of [0.3, -0.3]) expect(relative(log1pMinus(u), Math.log1p(u) - u)).toBeLessThan(5e-15);
    expect(log1pMinus(0)).toBeCloseTo(0, 300);
  });

  it("logConcaveTail integrates the half-normal and the exponential", () => {
    const normal = { log: (u: number): number => (-u * u) / 2, derivative: (u: number): number => -u, curvature: 1 };
    for (const sign of [1, -1] as const) {
      expect(relative(logConcaveTail(normal, 0, sign, Number.POSITIVE_INFINITY), Math.sqrt(Math.PI / 2))).toBeLessThan(1e-15);
    }
    const exponential = { log: (u: number): number => -3 * u, derivative: (): number => -3, curvature: 0 };
    expect(relative(logConcaveTail(exponential, 2, 1, Number.POSITIVE_INFINITY), Math.exp(-6) / 3)).toBeLessThan(1e-14);
    expect(relative(logConcaveTail(exponential, 2, 1, 0.1), (Math.exp(-6) - Math.exp(-6.3)) / 3)).toBeLessThan(1e-14);
  });

  it("the tails sum to 1 and their slope is the derivative", () => {
    for (const [a, x] of [
      [0.25, 0.1],
      [3, 5],
      [150, 170],
      [5000, 4900],
    ] as const) {
      const { lower, upper, slope } = gammaTails(a, x);
      expect(lower + upper).toBeCloseTo(1, 14);
      const h = 1e-5; // central differences: error h^2 times a third derivative, which is within 1e4 of the slope
      const difference = (gammaTails(a, x * Math.exp(h)).lower - gammaTails(a, x * Math.exp(-h)).lower) / (2 * h);
      expect(relative(difference, slope)).toBeLessThan(1e-6);
    }
    for (const [a, b, f] of [
      [0.25, 4000, 0.3],
      [3, 5, 2],
      [500, 300, 1.1],
    ] as const) {
      const { lower, upper, slope } = betaTails(a, b, f);
      expect(lower + upper).toBeCloseTo(1, 14);
      const h = 1e-5;
      const difference = (betaTails(a, b, f * Math.exp(h)).lower - betaTails(a, b, f * Math.exp(-h)).lower) / (2 * h);
      expect(relative(difference, slope)).toBeLessThan(1e-6);
    }
  });

  it("invalid parameters give NaN", () => {
    for (const a of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(gammaTails(a, 1).lower).toBeNaN();
      expect(betaTails(a, 1, 1).lower).toBeNaN();
      expect(betaTails(1, a, 1).lower).toBeNaN();
    }
    expect(gammaTails(1, Number.NaN).upper).toBeNaN();
    expect(betaTails(1, 1, Number.NaN).upper).toBeNaN();
  });
});
