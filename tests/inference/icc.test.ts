import { describe, expect, it } from "vitest";
import { icc } from "../../src/inference/icc.js";
import { lmm } from "../../src/inference/lmm.js";
import { reliability } from "../../src/inference/reliability.js";
import { summary } from "../../src/inference/summary/summary.js";
import { egsingle, hsbNull } from "./fits.js";

describe("intraclass correlation", () => {
  it("is tau / (tau + sigma^2) for one random intercept", () => {
    const [row] = icc(hsbNull);
    expect(row!.share).toBeCloseTo(8.61402 / (8.61402 + 39.14832), 5);
  });

  it("does not depend on the order in which the formula names the factors", () => {
    // Fits list the factor with most levels first, formulas may not: slopes must meet their own predictor values.
    const childFirst = lmm("math ~ year + (1 | childid) + (1 + year | schoolid)", egsingle);
    const schoolFirst = lmm("math ~ year + (1 + year | schoolid) + (1 | childid)", egsingle);
    expect(icc(schoolFirst)).toEqual(
      icc(childFirst).map((row) => ({ ...row, variance: expect.closeTo(row.variance, 6), share: expect.closeTo(row.share, 6) })),
    );
    expect(reliability(schoolFirst).map(({ group, term }) => [group, term])).toEqual(
      reliability(childFirst).map(({ group, term }) => [group, term]),
    );
    expect(summary(schoolFirst).text).not.toContain("NaN");
    const shares = icc(schoolFirst).map(({ share }) => share);
    expect(shares.every((share) => share > 0 && share < 1)).toBe(true);
  });
});
