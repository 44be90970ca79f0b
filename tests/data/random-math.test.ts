/** Logarithm, exponential and normal quantile against Math and against values computed with 40 digits (mpmath). */
import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.js";
import { portableExp, portableLog, portableLog1p, portableLog1pMinus } from "../../src/data/random-math.js";
import { portableNormalQuantile } from "../../src/data/random-normal.js";

/** Distance from b in units of its last place. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const spacing = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(b))), -1022) - 52);
  return Math.abs(a - b) / spacing;
}

describe("portableLog", () => {
  test("agrees with Math.log to 2 units in the last place", () => {
    const random = randomStream(1, "log");
    let worst = 0;
    for (let i = 0; i < 100_000; i++) {
      const wide = 2 ** (2044 * random.uniform() - 1022) * (1 + random.uniform() / 2);
      const near = 1 + random.normal() / 16;
      const very = 1 + random.normal() * 1e-9;
      for (const x of [wide, near, very]) worst = Math.max(worst, ulps(portableLog(x), Math.log(x)));
    }
    expect(worst).toBeLessThanOrEqual(2);
  });

  test.each([
    [3, 1.0986122886681098],
    [0.2, -1.6094379124341003],
    [1e300, 690.7755278982137],
    [0.999999, -1.000000500029089e-6],
    [5e-324, -744.4400719213812],
    [Number.MAX_VALUE, 709.782712893384],
  ])("of %d is %d", (x, log) => {
    // The next double is as good where the true value lies between the two.
    expect(ulps(portableLog(x), log)).toBeLessThanOrEqual(1);
  });

  test("at the ends and outside", () => {
    expect([portableLog(0), portableLog(-1), portableLog(Number.NaN)]).toEqual([Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN]);
    expect([portableLog(1), portableLog(Number.POSITIVE_INFINITY)]).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});

describe("portableExp", () => {
  test("agrees with Math.exp to 2 units in the last place", () => {
    const random = randomStream(1, "exp");
    let worst = 0;
    for (let i = 0; i < 100_000; i++) {
      for (const x of [1454 * random.uniform() - 744.5, random.normal(), random.normal() * 1e-6])
        worst = Math.max(worst, ulps(portableExp(x), Math.exp(x)));
    }
    expect(worst).toBeLessThanOrEqual(2);
  });

  test.each([
    [1, Math.E],
    [-30.25, 7.287724095819692e-14],
    [700.5, 1.6721859620674984e304],
    [-720, 2.0322308024e-313],
    [-745.13, 5e-324],
  ])("of %d is %d", (x, value) => {
    expect(ulps(portableExp(x), value)).toBeLessThanOrEqual(1);
  });

  test("at the ends and outside", () => {
    expect(portableExp(1)).toBe(Math.E);
    expect([portableExp(0), portableExp(-745.2), portableExp(-1e9), portableExp(Number.NEGATIVE_INFINITY)]).toEqual([1, 0, 0, 0]);
    expect(portableExp(709.782712893384)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect([portableExp(709.79), portableExp(Number.POSITIVE_INFINITY)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(portableExp(Number.NaN)).toBeNaN();
  });
});

describe("portableLog1p and portableLog1pMinus", () => {
  test.each([
    [1e-10, 9.999999999500001e-11, -4.999999999666667e-21],
    [-0.4, -0.5108256237659907, -0.1108256237659907],
    [5, 1.791759469228055, -3.208240530771945],
    [1e-3, 0.0009995003330835331, -4.996669164668332e-7],
    [-1e-3, -0.0010005003335835335, -5.003335835335002e-7],
    [0.2, 0.18232155679395465, -0.017678443206045377],
  ])("of %d", (x, log1p, minus) => {
    // Two products and a quotient after the logarithm; 10 units where x is subtracted from a logarithm of its own size (x = -0.4).
    expect(ulps(portableLog1p(x), log1p)).toBeLessThanOrEqual(3);
    expect(ulps(portableLog1pMinus(x), minus)).toBeLessThanOrEqual(10);
  });

  test("at the ends", () => {
    expect([portableLog1p(0), portableLog1p(-1)]).toEqual([0, Number.NEGATIVE_INFINITY]);
    expect(portableLog1pMinus(0)).toBeCloseTo(0, 300);
  });
});

describe("portableNormalQuantile", () => {
  test.each([
    [1e-15, -7.941345326170997],
    [0.001, -3.0902323061678136],
    [0.3, -0.5244005127080408],
    [0.975, 1.9599639845400538],
  ])("of %d is %d", (p, z) => {
    expect(Math.abs(portableNormalQuantile(p) / z - 1)).toBeLessThan(1e-15);
  });

  test("is symmetric, and infinite at the ends", () => {
    for (const p of [0.25, 2 ** -7, 2 ** -30, 2 ** -52]) expect(portableNormalQuantile(1 - p)).toBe(-portableNormalQuantile(p));
    expect([portableNormalQuantile(0), portableNormalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([portableNormalQuantile(-0.1), portableNormalQuantile(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
  });
});
