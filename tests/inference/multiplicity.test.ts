import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coefficients } from "../../src/inference/coefficients.js";
import { equivalenceTest } from "../../src/inference/equivalence.js";
import { linearHypothesis } from "../../src/inference/linear-hypothesis.js";
import { lmm } from "../../src/inference/lmm.js";
import { adjustmentNamed, adjustPValues, adjustTests } from "../../src/inference/multiplicity.js";
import { hsbFull, oats, slope } from "./fits.js";
import { ratings } from "./generalized-fits.js";
import { relative } from "./reference-tests.js";

interface Pair {
  readonly estimate: number;
  readonly SE: number;
  readonly df: number;
  readonly "lower.CL": number;
  readonly "upper.CL": number;
  readonly "t.ratio": number;
  readonly "p.value": number;
}

const r: {
  readonly adjusted: Readonly<Record<"p" | "holm" | "bonferroni" | "bh", readonly number[]>>;
  readonly tukey: readonly Pair[];
  readonly single: readonly Pair[];
  readonly equivalence: { readonly delta: number; readonly p: readonly number[] };
} = JSON.parse(readFileSync(new URL("../reference/inference/tests/several.json", import.meta.url), "utf8"));

const varieties = lmm("yield ~ Variety + nitro + (1 | Block/Variety)", oats);
/** Differences between the three varieties in the order of emmeans. */
const names = varieties.fixed.map(({ term }) => term);
const pairs = names.flatMap((name, k) => (name.startsWith("Variety") ? [{ name, k }] : []));
const rows = [{ [pairs[0]!.name]: -1 }, { [pairs[1]!.name]: -1 }, { [pairs[0]!.name]: 1, [pairs[1]!.name]: -1 }];
const differences = linearHypothesis(varieties, rows, { df: "kenward-roger" });

describe("p values of several tests", () => {
  test.each(["holm", "bonferroni", "bh"] as const)("%s: R's p.adjust", (method) => {
    adjustPValues(r.adjusted.p, method).forEach((p, i) => {
      expect(p).toBeCloseTo(r.adjusted[method][i]!, 14);
    });
  });

  test("what is not a number does not count", () => {
    expect(adjustPValues([0.01, Number.NaN, 0.02], "bonferroni")).toEqual([0.02, Number.NaN, 0.04]);
    expect(adjustPValues([], "holm")).toEqual([]);
  });

  test("none is smaller than before, Bonferroni's is never below Holm's, and order stays", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (p) => {
        const holm = adjustPValues(p, "holm");
        const bonferroni = adjustPValues(p, "bonferroni");
        const bh = adjustPValues(p, "bh");
        p.forEach((own, i) => {
          expect(bh[i]!).toBeGreaterThanOrEqual(own);
          expect(holm[i]!).toBeGreaterThanOrEqual(bh[i]! - 1e-15);
          expect(bonferroni[i]!).toBeGreaterThanOrEqual(holm[i]! - 1e-15);
          p.forEach((other, j) => {
            if (own < other) expect(holm[i]!).toBeLessThanOrEqual(holm[j]!);
          });
        });
      }),
    );
  });

  test("go by R's names, in any case of letters", () => {
    expect(["BH", "fdr", "Holm", "TUKEY"].map(adjustmentNamed)).toEqual(["bh", "bh", "holm", "tukey"]);
    expect(() => adjustmentNamed("bonferoni")).toThrow('Did you mean "bonferroni"?');
  });
});

describe("pairwise differences: emmeans", () => {
  test("unadjusted", () => {
    r.single.forEach((expected, i) => {
      const row = differences.rows[i]!;
      expect(relative(row.estimate, expected.estimate)).toBeLessThan(1e-6);
      expect(relative(row.stdError, expected.SE)).toBeLessThan(1e-6);
      expect(relative(row.df!, expected.df)).toBeLessThan(1e-6);
      expect(relative(row.pValue, expected["p.value"])).toBeLessThan(1e-5);
      expect(relative(row.lower, expected["lower.CL"])).toBeLessThan(1e-5);
    });
  });

  test("Tukey's p values and intervals", () => {
    adjustTests(differences.rows, { adjust: "tukey", means: 3 }).forEach((row, i) => {
      expect(relative(row.pValue, r.tukey[i]!["p.value"])).toBeLessThan(1e-5);
      expect(relative(row.lower, r.tukey[i]!["lower.CL"])).toBeLessThan(1e-4);
      expect(relative(row.upper, r.tukey[i]!["upper.CL"])).toBeLessThan(1e-4);
    });
  });

  test("two means need no adjustment", () => {
    const [row] = adjustTests(differences.rows.slice(0, 1), { adjust: "tukey", means: 2 });
    expect(row!.pValue).toBeCloseTo(differences.rows[0]!.pValue, 12);
    expect(row!.lower).toBeCloseTo(differences.rows[0]!.lower, 9);
  });

  test("Bonferroni's and Holm's intervals hold together, the others are those of single tests", () => {
    const plain = coefficients(slope);
    const [, one] = adjustTests(plain, { adjust: "holm" });
    const [, wider] = coefficients(slope, { level: 0.975 });
    expect(one!.lower).toBeCloseTo(wider!.lower, 10);
    expect(adjustTests(plain, { adjust: "bh" })[1]!.lower).toBeCloseTo(plain[1]!.lower, 10);
    expect(adjustTests(plain, { adjust: "bonferroni" })[1]!.pValue).toBeCloseTo(2 * plain[1]!.pValue, 15);
  });

  test("Tukey's method needs to know how many means there are", () => {
    expect(() => adjustTests(differences.rows, { adjust: "tukey" })).toThrow(/say how many there are/);
    expect(() => adjustPValues([0.1], "tukey")).toThrow(/not p values/);
  });
});

describe("equivalence", () => {
  test("emmeans' test with delta", () => {
    equivalenceTest(varieties, rows, { bound: r.equivalence.delta, df: "kenward-roger" }).forEach((row, i) => {
      expect(relative(row.pValue, r.equivalence.p[i]!)).toBeLessThan(1e-5);
    });
  });

  test("p is below alpha exactly where the interval lies within the bounds", () => {
    const [row] = equivalenceTest(slope, "Days", { bound: 15 });
    expect(row!.conclusion).toBe("equivalent");
    expect(equivalenceTest(slope, "Days", { bound: row!.upper + 1e-6 })[0]!.pValue).toBeLessThan(0.05);
    expect(equivalenceTest(slope, "Days", { bound: row!.upper - 1e-6 })[0]!.pValue).toBeGreaterThan(0.05);
  });

  test("beyond a bound is different, across a bound undecided; in words", () => {
    const [different] = equivalenceTest(slope, "Days", { bound: 5 });
    expect(different!.conclusion).toBe("different");
    expect(different!.sentence).toBe(
      "The 90 % interval of Days, 7.78 to 13.2, lies beyond the bounds -5 and 5: the effect is larger than what does not matter.",
    );
    expect(equivalenceTest(slope, "Days", { bound: [8, 12] })[0]!.sentence).toContain("the data do not tell");
  });

  test("what stands behind the sign of equality is taken off; cumulative models have normal tests", () => {
    const [row] = equivalenceTest(slope, "Days = 10", { bound: 5 });
    expect(row!.estimate).toBeCloseTo(slope.fixed[1]!.estimate - 10, 10);
    expect(equivalenceTest(ratings, "contactyes", { bound: 1 })[0]!.df).toBeNull();
  });

  test("bounds must have numbers between them, alpha lies below one half", () => {
    expect(() => equivalenceTest(slope, "Days", { bound: -1 })).toThrow(/bounds of equivalence/);
    expect(() => equivalenceTest(slope, "Days", { bound: Number.NaN })).toThrow(/bounds of equivalence/);
    expect(() => equivalenceTest(slope, "Days", { bound: 1, alpha: 0.6 })).toThrow(/confidence level/);
  });
});

describe("hypotheses in words", () => {
  test("are the rows that they mean", () => {
    const rowOf = (text: string): readonly [number, number, number] => {
      const { estimate, value, stdError } = linearHypothesis(hsbFull, text).rows[0]!;
      return [estimate, value, stdError];
    };
    const meant = (weights: Readonly<Record<string, number>>, value: number): readonly [number, number, number] => {
      const { rows: found } = linearHypothesis(hsbFull, [weights], { value });
      return [found[0]!.estimate, found[0]!.value, found[0]!.stdError];
    };
    const close = (found: readonly number[], expected: readonly number[]): void => {
      expect(found).toEqual(expected.map((value) => expect.closeTo(value, 10)));
    };
    const names = hsbFull.fixed.map(({ term }) => term);
    const [intercept, meanses, cses] = names as [string, string, string];
    close(rowOf(`${meanses} = 5`), meant({ [meanses]: 1 }, 5));
    close(rowOf(`${meanses} - 2*${cses} = ${intercept} / 4 + 1`), meant({ [meanses]: 1, [cses]: -2, [intercept]: -0.25 }, 1));
    close(rowOf(`-${cses}`), meant({ [cses]: -1 }, 0));
    // The longest name is read: meanses:cses is not meanses.
    close(rowOf("meanses:cses = 0"), meant({ "meanses:cses": 1 }, 0));
  });

  test("a chain is several equations, a term's label all its coefficients", () => {
    const chain = linearHypothesis(hsbFull, "meanses = cses = 2");
    expect(chain.rows.map(({ hypothesis }) => hypothesis)).toEqual(["meanses = cses", "cses = 2"]);
    expect(chain.numDF).toBe(2);
    const both = linearHypothesis(varieties, "Variety", { df: "kenward-roger" });
    expect(both.numDF).toBe(2);
    expect(both.pValue).toBeCloseTo(differences.pValue, 12);
  });

  test("the joint test does not depend on the rows that span it", () => {
    expect(differences.numDF).toBe(2);
    const two = linearHypothesis(varieties, rows.slice(0, 2), { df: "kenward-roger" });
    expect(relative(differences.statistic, two.statistic)).toBeLessThan(1e-9);
    expect(relative(differences.denDF!, two.denDF!)).toBeLessThan(1e-9);
  });

  test("what cannot be read is refused, in words", () => {
    expect(() => linearHypothesis(slope, "Dais = 0")).toThrow('Did you mean "Days"?');
    expect(() => linearHypothesis(slope, "Days * Days = 0")).toThrow(/multiplies or divides by a coefficient/);
    expect(() => linearHypothesis(slope, "Days = 1 please")).toThrow('cannot be read from "please" on');
    expect(() => linearHypothesis(slope, "Days = Days")).toThrow(/says nothing about a coefficient/);
    expect(() => linearHypothesis(slope, "")).toThrow("cannot be read to its end");
    expect(() => linearHypothesis(slope, [])).toThrow(/at least one hypothesis/);
    expect(() => linearHypothesis(slope, [[1]])).toThrow(/one number a coefficient: 2 here/);
    expect(() => linearHypothesis(slope, [{ days: 1 }])).toThrow('There is no coefficient "days". Did you mean "Days"?');
    expect(() => linearHypothesis(slope, [[0, 0]])).toThrow(/not zero/);
    expect(() => linearHypothesis(slope, "Days", { value: 3 })).toThrow(/stands in the words/);
    expect(() => linearHypothesis(slope, [[0, 1]], { value: [1, 2] })).toThrow(/2 values for 1 hypothesis/);
  });

  test("other models take z and chi-square tests", () => {
    const { test: kind, denDF, rows: found } = linearHypothesis(ratings, ["tempwarm = 0", "contactyes = 0"], { adjust: "bonferroni" });
    expect([kind, denDF]).toEqual(["chi-square", null]);
    expect(found[0]!.pValue).toBeCloseTo(2 * coefficients(ratings)[0]!.pValue, 15);
  });
});
