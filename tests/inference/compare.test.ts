/** Comparisons: what is compared with what, and what is refused. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { compare } from "../../src/inference/compare.js";
import { chiSquareUpper } from "../../src/inference/distributions/chi-square.js";
import { referenceDistribution, referenceP, type TermShape } from "../../src/inference/likelihood-ratio.js";
import { lmm } from "../../src/inference/lmm.js";
import { loadFit, saveFit } from "../../src/inference/saved-fit.js";
import { FitError } from "../../src/messages.js";
import { boundary, dyestuff2, hsb, hsbNull, intercept, interceptMl, sleepstudy, slope, slopeMl } from "./fits.js";

const reference = JSON.parse(readFileSync(new URL("reference.json", import.meta.url), "utf8"));
const term = (group: string, effects: readonly string[], covariance: TermShape["covariance"] = "unstructured"): TermShape => ({
  group,
  covariance,
  effects,
});

describe("the reference distribution", () => {
  const one = [term("g", ["1"])];

  test("of a fixed effect is chi-square", () => {
    expect(referenceDistribution(one, one, 2, 2)).toEqual({ kind: "chi-square", parts: [{ weight: 1, df: 2 }] });
  });

  test("of one variance is half the point zero and half chi-square with 1 d.f. (Self & Liang 1987, case 5)", () => {
    const found = referenceDistribution([], one, 0, 1)!;
    expect(found.parts).toEqual([
      { weight: 0.5, df: 0 },
      { weight: 0.5, df: 1 },
    ]);
    expect(referenceP(2.705543, found)).toBeCloseTo(0.05, 6);
    expect(referenceP(0, found)).toBe(1);
  });

  test("of a slope beside S effects is half chi-square with S and half with S + 1 d.f. (Stram & Lee 1994, case 3)", () => {
    expect(referenceDistribution([term("g", ["1", "x"])], [term("g", ["1", "x", "z"])], 0, 3)!.parts.map(({ df }) => df)).toEqual([2, 3]);
    expect(referenceP(5.138, referenceDistribution(one, [term("g", ["1", "x"])], 0, 2)!)).toBeCloseTo(0.05, 3);
  });

  test("of several separate variances has binomial weights", () => {
    const larger = [...one, term("h", ["1"]), term("g", ["x"])];
    expect(referenceDistribution(one, larger, 1, 3)!.parts).toEqual([
      { weight: 0.25, df: 1 },
      { weight: 0.5, df: 2 },
      { weight: 0.25, df: 3 },
    ]);
    expect(referenceDistribution(one, [term("g", ["1", "x", "z"], "diagonal")], 0, 2)!.kind).toBe("mixture");
  });

  test("of the covariances alone is chi-square", () => {
    const diagonal = [term("g", ["1", "x"], "diagonal")];
    expect(referenceDistribution(diagonal, [term("g", ["1", "x"])], 0, 1)).toEqual({ kind: "chi-square", parts: [{ weight: 1, df: 1 }] });
  });

  test("of several tied variances is not known: the plain chi-square is conservative", () => {
    expect(referenceDistribution(one, [term("g", ["1", "x", "z"])], 0, 5)).toEqual({ kind: "conservative", parts: [{ weight: 1, df: 5 }] });
    expect(referenceDistribution(one, [...one, term("h", ["1", "x"])], 0, 3)!.kind).toBe("conservative");
  });

  test("does not exist where the smaller random part is not within the larger", () => {
    expect(referenceDistribution([term("h", ["1"])], [term("g", ["1", "x"])], 0, 2)).toBeNull();
    expect(referenceDistribution([term("g", ["1", "x"])], [term("g", ["1", "x", "z"], "diagonal")], 0, 0)).toBeNull();
  });
});

describe("compare", () => {
  test("gives lme4's statistics and names the mixture", () => {
    const { rows } = compare({ intercepts: interceptMl, slopes: slopeMl });
    expect(rows[0]).toMatchObject({ model: "intercepts", npar: 4, chiSquare: null, df: null, pValue: null, reference: null });
    expect(rows[1]!.chiSquare).toBeCloseTo(reference.lrt.slope, 5);
    expect(rows[1]).toMatchObject({ model: "slopes", npar: 6, df: 2, reference: "50:50 mixture of chi-square with 1 and 2 d.f." });
    expect(rows[1]!.pValue).toBeCloseTo((chiSquareUpper(rows[1]!.chiSquare!, 1) + chiSquareUpper(rows[1]!.chiSquare!, 2)) / 2, 15);
  });

  test("tests fixed effects of ML fits by chi-square", () => {
    const { rows, notes } = compare(lmm("Reaction ~ 1 + (Days | Subject)", sleepstudy, { method: "ml" }), slopeMl);
    expect(rows[1]!.chiSquare).toBeCloseTo(reference.lrt.fixed, 5);
    expect(rows[1]).toMatchObject({ df: 1, reference: "chi-square with 1 d.f." });
    expect(notes).toEqual([]);
  });

  test("orders models by their number of parameters, whatever order they came in", () => {
    expect(compare(slope, intercept).rows.map(({ npar }) => npar)).toEqual([4, 6]);
  });

  test("finds nested fixed parts in any coding", () => {
    const ml = { method: "ml" } as const;
    const a = lmm("Reaction ~ Days + (1 | Subject)", sleepstudy, ml);
    const b = lmm("Reaction ~ poly(Days, 3) + (1 | Subject)", sleepstudy, ml);
    expect(compare(a, b).rows[1]).toMatchObject({ df: 2, reference: "chi-square with 2 d.f." });
    const c = lmm("Reaction ~ I(Days > 4) + I(Days^2) + (1 | Subject)", sleepstudy, ml);
    const other = compare(a, c);
    expect(other.rows[1]).toMatchObject({ chiSquare: null, pValue: null });
    expect(other.notes.map(({ code }) => code)).toEqual(["not-nested"]);
  });

  test("works on saved fits as on fits in memory", () => {
    const saved = compare({ a: loadFit(saveFit(interceptMl)), b: loadFit(saveFit(slopeMl)) });
    const fresh = compare({ a: interceptMl, b: slopeMl });
    expect(JSON.parse(JSON.stringify(saved))).toEqual(JSON.parse(JSON.stringify(fresh)));
  });

  test("says that a mixture is approximate where the smaller model is at its boundary", () => {
    const rows = dyestuff2.toRows().map((row, i) => ({ ...row, half: i % 2 === 0 ? "a" : "b" }));
    const table = Table.from(rows as Record<string, unknown>[]);
    const smaller = lmm("Yield ~ 1 + (1 | Batch)", table);
    expect(smaller.singular).toBe(true);
    const { notes } = compare(smaller, lmm("Yield ~ 1 + (1 | Batch) + (1 | half)", table));
    expect(notes.map(({ code }) => code)).toContain("mixture-at-boundary");
    expect(notes[0]!.message).toBe(
      "Model 1 has a variance estimated as zero itself, so the mixture is an approximation. A parametric bootstrap would be exact.",
    );
  });

  test("prints as a table", async () => {
    await expect(`${compare({ intercepts: interceptMl, slopes: slopeMl })}\n`).toMatchFileSnapshot("printed/compare.txt");
  });
});

describe("compare refuses", () => {
  const refusal = (...models: Parameters<typeof compare>): string => {
    try {
      compare(...models);
    } catch (error) {
      expect(error).toBeInstanceOf(FitError);
      return (error as Error).message;
    }
    throw new Error("nothing was refused");
  };

  test("REML fits with different fixed effects", () => {
    expect(refusal(lmm("Reaction ~ 1 + (Days | Subject)", sleepstudy), slope)).toBe(
      "Model 1 and Model 2 were fitted by REML with different fixed effects (or the same in another coding). REML's criterion is that of the data " +
        'freed from the fixed effects, so the two are not on one scale. Refit both with method "ml" (--method ml) and compare those.',
    );
  });

  test("REML fits of the same fixed part in another coding", () => {
    const a = lmm("mAch ~ sector + (1 | school)", hsb);
    const b = lmm("mAch ~ sector + (1 | school)", hsb, { contrasts: { sector: "sum" } });
    expect(refusal(a, b)).toContain("or the same in another coding");
  });

  test("REML beside ML", () => {
    expect(refusal(interceptMl, slope)).toBe(
      "Model 1 was fitted by ML and Model 2 by REML: their criteria cannot be compared. Fit both by the same method.",
    );
  });

  test("other responses, other rows, another order of rows, other weights", () => {
    expect(refusal(hsbNull, boundary)).toBe(
      "Model 1 explains mAch and Model 2 explains Yield: likelihoods of different responses cannot be compared.",
    );
    const rows = sleepstudy.toRows();
    const fewer = lmm("Reaction ~ Days + (1 | Subject)", Table.from(rows.slice(0, 170)));
    expect(refusal(intercept, fewer)).toBe(
      "Model 1 was fitted to 180 rows and Model 2 to 170 rows: likelihoods can only be compared on the same rows. " +
        "Drop the rows with missing values in any of the models' variables first, then fit all models to that table.",
    );
    const turned = lmm("Reaction ~ Days + (1 | Subject)", Table.from([...rows].reverse()));
    expect(refusal(intercept, turned)).toBe(
      "Model 1 and Model 2 were not fitted to the same rows: the values of Reaction, or their order, differ. Fit both to the same table.",
    );
    const weighted = lmm(
      "Reaction ~ Days + (1 | Subject)",
      Table.from(rows.map((row, i): Record<string, unknown> => ({ ...row, w: 1 + (i % 2) }))),
      {
        weights: "w",
      },
    );
    expect(refusal(intercept, weighted)).toBe(
      "Model 1 and Model 2 were fitted with different weights: their likelihoods cannot be compared. Use the same weights in both.",
    );
  });

  test("one fit, and what is no fit", () => {
    expect(refusal(slope)).toBe("Comparing takes at least two fits; only one was given.");
    expect(refusal()).toBe("Comparing takes at least two fits; none was given.");
    expect(refusal({ a: slope, b: {} as typeof slope })).toBe("b is not a fit. Give what lmm, glmm, clmm or loadFit returned.");
  });
});
