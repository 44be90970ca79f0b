import { describe, expect, it } from "vitest";
import { FitError } from "../../../src/messages.js";
import { families, familyNamed, linkNamed } from "../../../src/models/families/registry.js";
import { checkSomeCount } from "../../../src/models/families/response-checks.js";
import { numbersOf, responseOf } from "./rows.js";

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(FitError);
    return (error as FitError).message;
  }
  throw new Error("nothing was refused");
}

const refused = (family: string, ...response: Parameters<typeof responseOf>): string =>
  refusal(() => familyNamed(family).rows(responseOf(...response), familyNamed(family).defaultLink));

describe("a response outside its family's range is refused with values and rows", () => {
  it("counts", () => {
    expect(refused("poisson", [3, -1, 2.5, 0, Number.POSITIVE_INFINITY], { rows: Int32Array.of(0, 2, 4, 5, 9) })).toBe(
      'The response "y" has 3 values that the poisson family cannot have: -1 (row 3), 2.5 (row 5) and Infinity (row 10). The poisson family needs counts: 0, 1, 2, ...',
    );
    expect(refused("nbinom2", [-1, -2, -3, -4, -5, -6, -7])).toBe(
      'The response "y" has 7 values that the nbinom2 family cannot have: -1 (row 1), -2 (row 2), -3 (row 3), -4 (row 4), -5 (row 5) and 2 more. The nbinom2 family needs counts: 0, 1, 2, ...',
    );
    expect(refused("nbinom1", [0, 1], { levels: ["no", "yes"] })).toBe(
      'The response "y" is a factor ("no" and "yes"), which the nbinom1 family cannot have. The nbinom1 family needs counts: 0, 1, 2, ... For two categories use the family binomial, for ordered categories a cumulative model.',
    );
    expect(refused("poisson", [1, 2], { trials: Float64Array.of(3, 3), name: "cbind(s, f)" })).toBe(
      'The response "cbind(s, f)" counts successes and failures, which the poisson family cannot have. The poisson family needs counts: 0, 1, 2, ... For successes and failures use the family binomial or betabinomial.',
    );
  });

  it("all counts zero, which a count part of a zero-inflated model may be asked about", () => {
    expect(refusal(() => checkSomeCount(responseOf([0, 0])))).toBe(
      'The response "y" is 0 in every row used: the mean would be estimated as 0 and no coefficient has a finite estimate. Check the column and the rows kept.',
    );
    checkSomeCount(responseOf([0, 1]));
    expect(numbersOf(familyNamed("poisson").rows(responseOf([0, 0]), "log"), [0.5], 0)[0]).toBe(-Math.exp(0.5));
  });

  it("positive numbers, numbers between 0 and 1, finite numbers", () => {
    expect(refused("gamma", [0, 2])).toBe(
      'The response "y" has 1 value that the gamma family cannot have: 0 (row 1). The gamma family needs numbers above 0.',
    );
    expect(refused("inverse_gaussian", [1, -2])).toContain("-2 (row 2). The inverse_gaussian family needs numbers above 0.");
    expect(refused("beta", [0, 0.5, 1])).toBe(
      'The response "y" has 2 values that the beta family cannot have: 0 (row 1) and 1 (row 3). The beta family needs numbers between 0 and 1, neither 0 nor 1 itself: move such values inside by a rule you can defend, or model them apart.',
    );
    expect(refused("gaussian", [1, Number.NaN])).toContain("NaN (row 2). The gaussian family needs finite numbers.");
    expect(refused("t", [1, Number.NEGATIVE_INFINITY])).toContain("-Infinity (row 2). The student_t family needs finite numbers.");
    expect(refused("gamma", [2, 2, 2])).toBe(
      'The response "y" has the same value in every row used, so there is no variation to explain. Check the column and the rows kept.',
    );
  });
});

describe("binomial responses", () => {
  const binomial = familyNamed("binomial");
  const at = (response: ReturnType<typeof responseOf>, row: number): number => {
    const out = new Float64Array(4);
    binomial.rows(response, "logit").row(row, Float64Array.of(0.4), 0, out);
    return out[0]!;
  };
  const p = 1 / (1 + Math.exp(-0.4));

  it("are 0/1 numbers or levels; weights multiply the log-likelihood", () => {
    expect(at(responseOf([1, 0]), 0)).toBeCloseTo(Math.log(p), 15);
    expect(at(responseOf([0, 1, 2], { levels: ["a", "b", "c"] }), 0)).toBeCloseTo(Math.log(1 - p), 15);
    expect(at(responseOf([0, 1, 2], { levels: ["a", "b", "c"] }), 2)).toBeCloseTo(Math.log(p), 15);
    expect(at(responseOf([1, 0], { weights: Float64Array.of(2.5, 1) }), 0)).toBeCloseTo(2.5 * Math.log(p), 14);
  });

  it("are cbind or proportions of whole numbers of trials, which are the same", () => {
    // dbinom(2, 3, plogis(0.4), log = TRUE)
    const expected = Math.log(3 * p * p * (1 - p));
    expect(at(responseOf([2, 1], { trials: Float64Array.of(3, 4) }), 0)).toBeCloseTo(expected, 14);
    expect(at(responseOf([2 / 3, 0.25], { weights: Float64Array.of(3, 4) }), 0)).toBeCloseTo(expected, 14);
    // as many digits as a table may have kept
    expect(at(responseOf([0.6667, 0.25], { weights: Float64Array.of(3, 4) }), 0)).toBeCloseTo(expected, 14);
  });

  it("weights multiply the trials of cbind, but the log-likelihood of a beta-binomial", () => {
    // dbinom(4, 6, plogis(0.4), log = TRUE)
    const weighted = responseOf([2, 1], { trials: Float64Array.of(3, 4), weights: Float64Array.of(2, 1), weightsName: "w" });
    expect(at(weighted, 0)).toBeCloseTo(Math.log(15 * p ** 4 * (1 - p) ** 2), 14);
    const family = familyNamed("betabinomial");
    const plain = numbersOf(family.rows({ ...weighted, weights: null }, "logit"), [0.4, 1]);
    expect(numbersOf(family.rows(weighted, "logit"), [0.4, 1])[0]).toBe(2 * plain[0]!);
    expect(refused("binomial", [2, 1], { trials: Float64Array.of(3, 4), weights: Float64Array.of(1, 0.5), weightsName: "w" })).toBe(
      'Weights "w" multiply the successes and failures of "y", and do not give whole numbers in 1 row: 1 and 3 times 0.5 (row 2). Use whole numbers as weights, or none.',
    );
  });

  it("a row without trials says nothing", () => {
    const out = numbersOf(familyNamed("betabinomial").rows(responseOf([0, 1, 0], { trials: Float64Array.of(0, 1, 1) }), "probit"), [1, 1]);
    for (const place of [0, 1, 2, 3, 4, 5, 6, 7]) expect(out[place]! + 0).toBe(0);
  });

  it("are refused outside of 0 and 1, and without trials", () => {
    const needs =
      "The binomial family needs 0 and 1, a factor (its first level is a failure, the others are successes), cbind(successes, failures), or proportions between 0 and 1 with the numbers of trials as weights.";
    expect(refused("binomial", [0, 1, 2])).toBe(`The response "y" has 1 value that the binomial family cannot have: 2 (row 3). ${needs}`);
    expect(refused("binomial", [0, 0.25, 0.5])).toBe(
      `The response "y" has 2 proportions between 0 and 1, such as 0.25 (row 2), but the numbers of trials are missing. ${needs}`,
    );
    expect(refused("binomial", [0.3, 0.5], { weights: Float64Array.of(4, 2), weightsName: "n" })).toBe(
      'The response "y" times the number of trials "n" is not a whole number of successes out of a whole number of trials in 1 row: 0.3 of 4 (row 1). Give the exact proportions and numbers of trials, or cbind(successes, failures).',
    );
    expect(refused("binomial", [-1, 1], { trials: Float64Array.of(3, 1) })).toContain("-1 and 4 (row 1)");
  });

  it("are refused where all are alike", () => {
    expect(refused("binomial", [1, 1])).toBe(
      'The response "y" has only successes in the rows used: the probability would be estimated as 1 and no coefficient has a finite estimate. Check the column and the rows kept.',
    );
    expect(refused("betabinomial", [0, 0], { trials: Float64Array.of(3, 1) })).toContain("only failures in the rows used");
    expect(refused("binomial", [1, 1], { levels: ["__proto__", "yes"] })).toBe(
      'The response "y" has only the level "yes" in the rows used, so there is nothing to explain. Check the column and the rows kept.',
    );
    expect(refused("binomial", [1, 2], { levels: ["a", "b", "c"] })).toContain("only successes");
  });
});

describe("families and links by name", () => {
  it("R's names and any case", () => {
    for (const [name, known] of [
      ["Gamma", "gamma"],
      ["inverse.gaussian", "inverse_gaussian"],
      ["beta_family", "beta"],
      ["t", "student_t"],
      ["t_family", "student_t"],
      ["NBINOM2", "nbinom2"],
      ["gaussian", "gaussian"],
    ] as const)
      expect(familyNamed(name).name).toBe(known);
    expect(linkNamed(familyNamed("gamma"), "Inverse")).toBe("inverse");
    expect(linkNamed(familyNamed("gamma"))).toBe("log");
  });

  it("each offers its default link first, and nothing twice", () => {
    for (const family of families) {
      expect(family.links[0]).toBe(family.defaultLink);
      expect(new Set(family.links).size).toBe(family.links.length);
    }
  });

  it("unknown names are answered with what there is", () => {
    expect(refusal(() => familyNamed("binomal", ["cumulative"]))).toBe(
      'There is no family "binomal". Did you mean "binomial"? The families are gaussian, binomial, betabinomial, poisson, nbinom1, nbinom2, gamma, inverse_gaussian, beta, student_t and cumulative.',
    );
    expect(refusal(() => familyNamed("__proto__"))).toContain('There is no family "__proto__".');
    expect(refusal(() => linkNamed(familyNamed("poisson"), "logg"))).toBe(
      'There is no link "logg". Did you mean "log"? The links of poisson are log, sqrt and identity.',
    );
    expect(refusal(() => linkNamed(familyNamed("poisson"), "probit"))).toBe(
      'The poisson family has no link "probit". The links of poisson are log, sqrt and identity.',
    );
  });
});
