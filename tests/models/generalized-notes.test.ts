/** Notes on generalized and cumulative fits, each from data made so that it must appear, and from like data where it must not. */
import { describe, expect, it } from "vitest";
import { type RandomStream, randomKey } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { fitCumulativeMixed } from "../../src/models/cumulative-mixed.js";
import type { CumulativeLink } from "../../src/models/families/cumulative.js";
import { familyNamed, linkNamed } from "../../src/models/families/registry.js";
import { parseFormula } from "../../src/models/formula/formula.js";
import { buildFrame, type FrameOptions } from "../../src/models/frame/build-frame.js";
import { responseRows } from "../../src/models/frame/response.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";
import { fitGeneralizedMixed, type GeneralizedMixedOptions } from "../../src/models/generalized-mixed.js";
import { laplaceShift } from "../../src/models/laplace-check.js";
import type { Columns } from "./blocks/dense.js";

interface Options extends Omit<FrameOptions, "response"> {
  readonly family?: string;
  readonly link?: string;
  readonly agq?: number;
  readonly zeros?: NonNullable<GeneralizedMixedOptions["zeros"]>;
}

function glmm(
  formula: string,
  columns: Columns,
  { family: name = "binomial", link, agq, zeros, ...frame }: Options = {},
): GeneralizedMixedFit {
  const family = familyNamed(name);
  return fitGeneralizedMixed(buildFrame(parseFormula(formula), Table.from(columns), { response: "any", ...frame }), {
    family,
    link: linkNamed(family, link),
    ...(agq === undefined ? {} : { agq }),
    ...(zeros === undefined ? {} : { zeros }),
  });
}

function clmm(
  formula: string,
  columns: Columns,
  frame: Omit<FrameOptions, "response"> = {},
  link: CumulativeLink = "logit",
): GeneralizedMixedFit {
  return fitCumulativeMixed(buildFrame(parseFormula(formula), Table.from(columns), { response: "any", ...frame }), { link });
}

/** Messages of the notes with this code. */
const said = (fit: GeneralizedMixedFit, code: string): string[] => fit.notes.flatMap((note) => (note.code === code ? [note.message] : []));
const codes = (fit: GeneralizedMixedFit): string[] => fit.notes.map(({ code }) => code);

interface Row {
  readonly random: RandomStream;
  /** Standard normal effect of the unit. */
  readonly b: number;
  readonly x: number;
  readonly t: string;
  readonly unit: number;
}

/** `count` units g with `each` rows: x standard normal, t one of A, B, C, id a level a row. */
function sample<Y extends number | string>(count: number, each: number, key: string, response: (row: Row) => Y) {
  const random = randomKey(7).stream(key);
  const out = { y: [] as Y[], x: [] as number[], t: [] as string[], g: [] as string[], id: [] as string[] };
  for (let unit = 0; unit < count; unit++) {
    const b = random.normal();
    for (let j = 0; j < each; j++) {
      const x = random.normal();
      const t = "ABC"[random.integer(3)]!;
      out.g.push(`g${unit}`);
      out.x.push(x);
      out.t.push(t);
      out.id.push(`r${out.id.length}`);
      out.y.push(response({ random, b, x, t, unit }));
    }
  }
  return out;
}

const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta));
const binary = ({ random, b, x }: Row): number => (random.uniform() < logistic(0.3 + b + 0.5 * x) ? 1 : 0);
const count = ({ random, b, x }: Row): number => random.poisson(Math.exp(0.5 + 0.5 * b + 0.3 * x));
const proportion = (columns: ReturnType<typeof sample<number>>, trials: number) => ({ ...columns, f: columns.y.map((s) => trials - s) });

/** One of three categories; thresholds -1 and 1. */
const rating = ({ random, b, x }: Row): string => {
  const latent = b + 0.8 * x - Math.log(1 / random.uniformOpen() - 1);
  return latent < -1 ? "1 low" : latent < 1 ? "2 middle" : "3 high";
};

describe("separation", () => {
  it("names the level without a success, its coefficient and where that runs", () => {
    const data = sample(40, 8, "level", (row) => (row.t === "C" ? 0 : binary(row)));
    const rows = data.t.filter((t) => t === "C").length;
    const fit = glmm("y ~ x + t + (1 | g)", data);
    expect(said(fit, "separation")).toEqual([
      `Quasi-complete separation: in ${rows} of 320 rows the fixed effects predict "y" without error: all ${rows} rows with t "C" have y = 0. ` +
        'The likelihood rises for ever with "tC" (towards minus infinity): that estimate is not finite. The number shown is where the search stopped; it has no standard error and no test. ' +
        "Likelihood-ratio tests between models remain valid. Merge that level with another or leave its rows out, or keep the predictor and test it by a likelihood ratio.",
    ]);
    expect(said(glmm("y ~ x + t + (1 | g)", sample(40, 8, "level", binary)), "separation")).toEqual([]);
  });

  it("speaks of the response's own levels and of trials, with every link", () => {
    const data = sample(40, 8, "words", (row) => (row.t === "B" ? 1 : binary(row)));
    const named = { ...data, y: data.y.map((y) => (y === 1 ? "passed" : "failed")) };
    for (const link of ["probit", "cloglog", "loglog", "cauchit"]) {
      expect(
        said(glmm("y ~ t + (1 | g)", { ...named, y: named.y.map((y) => (y === "passed" ? "yes" : "no")) }, { link }), "separation")[0],
      ).toContain('with t "B" have y = "yes". The likelihood rises for ever with "tB" (towards plus infinity)');
    }
    const trials = sample(40, 8, "trials", (row) => (row.t === "B" ? 5 : row.random.binomial(5, logistic(row.b))));
    expect(said(glmm("cbind(y, f) ~ t + (1 | g)", proportion(trials, 5)), "separation")[0]).toContain('with t "B" have no failure.');
  });

  it("is complete where every row is predicted, and is found in an interaction's cell", () => {
    const complete = said(
      glmm(
        "y ~ x + (1 | g)",
        sample(20, 6, "complete", ({ x }) => (x > 0.1 ? 1 : 0)),
      ),
      "separation",
    );
    expect(complete[0]).toMatch(
      /^Complete separation: in every row the fixed effects predict "y" without error\. The likelihood rises for ever with "\(Intercept\)" \(towards minus infinity\) and "x" \(towards plus infinity\)/,
    );
    expect(complete[0]).toContain("Is a predictor another form of the response?");
    const data = sample(40, 8, "cell", binary);
    const s = data.x.map((x) => (x > 0 ? "p" : "n"));
    const cell = { ...data, s, y: data.y.map((y, i) => (data.t[i] === "B" && s[i] === "p" ? 1 : y)) };
    expect(said(glmm("y ~ t * s + (1 | g)", cell), "separation")[0]).toMatch(
      /all \d+ rows with t:s "B:p" have y = 1\. .* with "tB:sp" \(towards plus infinity\):/,
    );
  });

  it("is found through other contrasts and a reference level that is empty", () => {
    const data = sample(40, 8, "reference", (row) => (row.t === "A" ? 1 : binary(row)));
    const treatment = said(glmm("y ~ t + (1 | g)", data), "separation")[0];
    expect(treatment).toContain('with t "A" have y = 1');
    expect(treatment).toContain('"(Intercept)" (towards plus infinity), "tB" (towards minus infinity) and "tC" (towards minus infinity)');
    expect(said(glmm("y ~ t + (1 | g)", data, { contrasts: { t: "sum" } }), "separation")[0]).toContain('with t "A" have y = 1');
  });

  it("is found in counts: a level with zeros only, a hurdle that a level never meets", () => {
    const zeros = sample(40, 8, "zeros", (row) => (row.t === "B" ? 0 : count(row)));
    for (const family of ["poisson", "nbinom2"]) {
      expect(said(glmm("y ~ x + t + (1 | g)", zeros, { family }), "separation")[0]).toMatch(
        /all \d+ rows with t "B" have y = 0\. The likelihood rises for ever with "tB" \(towards minus infinity\)/,
      );
    }
    const never = sample(60, 8, "hurdle", (row) => (row.t === "B" ? 1 : 0) + count(row));
    expect(said(glmm("y ~ x + (1 | g)", never, { family: "poisson", zi: "~ t", zeros: "hurdle" }), "separation")).toEqual([
      expect.stringMatching(
        /the predictors of the zero probability predict whether y is zero without error: all \d+ rows with t "B" have a count above zero/,
      ),
    ]);
    expect(said(glmm("y ~ x + t + (1 | g)", sample(40, 8, "zeros", count), { family: "poisson" }), "separation")).toEqual([]);
  });

  it("is found in ordered categories, and so is a threshold without rows on one side", () => {
    const data = sample(40, 8, "ordered", rating);
    const top = { ...data, y: data.y.map((y, i) => (data.t[i] === "B" ? "3 high" : y)) };
    expect(said(clmm("y ~ x + t + (1 | g)", top), "separation")[0]).toMatch(
      /all \d+ rows with t "B" have y = "3 high"\. The likelihood rises for ever with "tB" \(towards plus infinity\)/,
    );
    const middle = { ...data, y: data.y.map((y, i) => (data.t[i] === "B" && y === "2 middle" ? "1 low" : y)) };
    const fit = clmm("y ~ x + (1 | g)", middle, { nominal: "~ t" });
    expect(said(fit, "threshold")[0]).toMatch(
      /^Thresholds that these data do not determine: none of the \d+ rows with t "B" is in category "2 middle"\. The likelihood rises for ever with "1 low\|2 middle\.tB" \(towards plus infinity\) and "2 middle\|3 high\.tB" \(towards minus infinity\)/,
    );
    const low = { ...data, y: data.y.map((y, i) => (data.t[i] === "B" && y === "1 low" ? "2 middle" : y)) };
    expect(said(clmm("y ~ x + (1 | g)", low, { nominal: "~ t" }, "cloglog"), "threshold")[0]).toContain('is in category "1 low"');
    // The same data without nominal effects determine everything.
    for (const columns of [data, middle, low]) {
      expect(codes(clmm("y ~ x + t + (1 | g)", columns)).filter((code) => code === "separation" || code === "threshold")).toEqual([]);
    }
    expect(said(clmm("y ~ x + (1 | g)", data, { nominal: "~ t" }), "threshold")).toEqual([]);
  });

  it("takes any level and column name as data", () => {
    const data = sample(40, 8, "names", (row) => (row.t === "C" ? 0 : binary(row)));
    const odd = { ...data, __proto__x: data.t.map((t) => (t === "C" ? "__proto__" : t)) };
    expect(said(glmm("y ~ x + `__proto__x` + (1 | g)", odd), "separation")[0]).toContain('"__proto__" have y = 0');
  });
});

describe("dispersions at their bounds", () => {
  const even = sample(40, 8, "even", ({ b, x }) => Math.round(Math.exp(1.2 + 0.5 * b + 0.3 * x)));
  it("negative binomial counts without overdispersion are Poisson", () => {
    const poisson = glmm("y ~ x + (1 | g)", even, { family: "poisson" });
    for (const [family, parameter] of [
      ["nbinom1", "phi has run to zero"],
      ["nbinom2", "theta has run to infinity"],
    ] as const) {
      const fit = glmm("y ~ x + (1 | g)", even, { family });
      expect(said(fit, "dispersion-bound")[0]).toContain(parameter);
      expect(fit.logLik).toBeCloseTo(poisson.logLik, 4);
      const spread = sample(40, 8, "spread", ({ random, b, x }) => random.negativeBinomial(Math.exp(1.2 + 0.5 * b + 0.3 * x), 1));
      expect(codes(glmm("y ~ x + (1 | g)", spread, { family }))).toEqual([]);
    }
    expect(said(glmm("y ~ x + (1 | g)", even, { family: "nbinom2", dispersion: "~ t" }), "dispersion-bound")).toHaveLength(1);
  });

  it("beta-binomial proportions: binomial, all alike, and single trials", () => {
    const plain = proportion(
      sample(30, 6, "plain", ({ random, b, x }) => random.binomial(12, logistic(0.7 * b + 0.4 * x))),
      12,
    );
    const bound = glmm("cbind(y, f) ~ x + (1 | g)", plain, { family: "betabinomial" });
    expect(said(bound, "dispersion-bound")[0]).toContain("phi has run to infinity");
    expect(bound.logLik).toBeCloseTo(glmm("cbind(y, f) ~ x + (1 | g)", plain).logLik, 4);
    const alike = proportion(
      sample(30, 6, "alike", (row) => 5 * binary(row)),
      5,
    );
    expect(said(glmm("cbind(y, f) ~ x + (1 | g)", alike, { family: "betabinomial" }), "dispersion-bound")[0]).toContain(
      "phi has run to zero",
    );
    const single = glmm("y ~ x + (1 | g)", sample(40, 8, "single", binary), { family: "betabinomial" });
    expect(said(single, "unidentified")[0]).toContain('Every row of "y" has a single trial');
    const dispersed = proportion(
      sample(40, 8, "dispersed", ({ random, x }) => random.binomial(12, random.beta(2 * logistic(x), 2 * logistic(-x)))),
      12,
    );
    expect(said(glmm("cbind(y, f) ~ x + (1 | g)", dispersed, { family: "betabinomial" }), "dispersion-bound")).toEqual([]);
  });

  it("normal tails, and no residual variation at all", () => {
    const light = sample(40, 10, "light", ({ random, b, x }) => b + x + 3 * (random.uniform() - 0.5));
    expect(said(glmm("y ~ x + (1 | g)", light, { family: "student_t" }), "dispersion-bound")[0]).toContain(
      "tails are those of a normal distribution",
    );
    const heavy = sample(40, 10, "heavy", ({ random, b, x }) => b + x + random.normal() / Math.sqrt(random.gamma(1.5) / 1.5));
    expect(codes(glmm("y ~ x + (1 | g)", heavy, { family: "student_t" }))).toEqual([]);
    const exact = sample(20, 6, "exact", ({ b, x }) => Math.exp(b + x));
    expect(said(glmm("y ~ x + (1 | g)", exact, { family: "gamma", link: "log" }), "dispersion-bound")[0]).toContain(
      'reproduces "y" exactly',
    );
  });

  it("no more zeros than the counts expect, altogether or in some rows", () => {
    expect(() => glmm("y ~ x + (1 | g)", even, { family: "poisson", zi: "~ 1" })).toThrow(
      '"y" has no zeros, so there is nothing to inflate',
    );
    // Fewer zeros than a Poisson distribution has.
    const few = sample(60, 8, "few zeros", ({ random, b }) => Math.round(Math.exp(0.4 + 0.2 * b)) - (random.bernoulli(0.1) ? 1 : 0));
    const fit = glmm("y ~ x + (1 | g)", few, { family: "poisson", zi: "~ 1" });
    const plain = glmm("y ~ x + (1 | g)", few, { family: "poisson" });
    expect(fit.logLik).toBeCloseTo(plain.logLik, 4);
    expect(said(fit, "zero-inflation-bound")[0]).toContain('"y" has no more zeros than');
    const some = sample(60, 8, "some zeros", (row) => (row.t === "B" && row.random.bernoulli(0.5) ? 0 : count(row)));
    const inSome = glmm("y ~ x + (1 | g)", some, { family: "poisson", zi: "~ t" });
    const probability = inSome.zeroInflation!.fixed.map(({ estimate }) => estimate);
    expect(Math.min(probability[0]!, probability[0]! + probability[2]!)).toBeLessThan(-9);
    expect(said(inSome, "zero-inflation-bound")[0]).toMatch(/^For \d+ of 480 rows the probability of extra zeros has run to zero/);
    const inflated = sample(60, 8, "zeros", (row) => (row.random.bernoulli(0.3) ? 0 : count(row)));
    expect(codes(glmm("y ~ x + (1 | g)", inflated, { family: "poisson", zi: "~ 1" }))).toEqual([]);
  });
});

describe("variances and row effects", () => {
  it("units whose responses are all alike", () => {
    const coin = randomKey(8).stream("coin");
    const side = Array.from({ length: 40 }, () => (coin.bernoulli(0.5) ? 1 : 0));
    const constant = sample(40, 5, "constant", ({ unit }) => side[unit]!);
    const fit = glmm("y ~ x + (1 | g)", constant);
    expect(said(fit, "running-variance")).toEqual([
      expect.stringMatching(/^Within every level of "g" the response "y" is the same in all rows/),
    ]);
    const one = { ...constant, y: constant.y.map((y, i) => (i === 0 ? 1 - y : y)) };
    expect(said(glmm("y ~ x + (1 | g)", one), "running-variance")[0]).not.toContain("is the same in all rows");
  });

  it("a standard deviation beyond all measure, but not a large one", () => {
    // Within units the responses are alike but for one row.
    const units = Array.from({ length: 600 }, (_, i) => Math.floor(i / 3));
    const sided = { g: units.map((unit) => `g${unit}`), y: units.map((unit, i) => (i === 0 ? 1 : unit % 2)) };
    const huge = glmm("y ~ 1 + (1 | g)", sided);
    expect(said(huge, "running-variance")[0]).toMatch(
      /^The random effects of g have a standard deviation of \d+(\.\d+)? on the logit scale, so large .* see what agq: 25 gives/,
    );
    expect(said(glmm("y ~ 1 + (1 | g)", sided, { agq: 25 }), "running-variance")[0]).not.toContain("agq: 25");
    const large = glmm(
      "y ~ x + (1 | g)",
      sample(100, 20, "large", ({ random, b }) => (random.uniform() < logistic(3 * b) ? 1 : 0)),
    );
    expect(said(large, "running-variance")).toEqual([]);
  });

  it("a level for every row: overdispersion, a second dispersion, or nothing that can be known", () => {
    const counts = sample(40, 8, "rows", count);
    const ofId = "y ~ x + (1 | g) + (1 | id)";
    expect(said(glmm(ofId, counts, { family: "poisson" }), "observation-level")[0]).toContain("its variance is overdispersion");
    expect(said(glmm(ofId, counts, { family: "nbinom2" }), "observation-level")[0]).toContain(
      'the family "nbinom2" has a dispersion of its own',
    );
    expect(said(glmm(ofId, sample(40, 8, "rows", binary)), "observation-level")[0]).toContain("One 0/1 response cannot show");
    expect(said(clmm(ofId, sample(40, 8, "rows", rating)), "observation-level")[0]).toContain("One category cannot show");
    expect(said(glmm("y ~ x + (1 | g)", counts, { family: "poisson" }), "observation-level")).toEqual([]);
  });
});

describe("the Laplace approximation", () => {
  const thin = sample(300, 3, "thin", ({ random, b, x }) => (random.uniform() < logistic(1.5 * b + 0.5 * x) ? 1 : 0));

  it("is called poor with three 0/1 rows a unit, not with twenty, not with quadrature", () => {
    expect(said(glmm("y ~ x + (1 | g)", thin), "laplace")[0]).toMatch(
      /^The Laplace approximation is poor here: with 9 quadrature points .* the variances would move by about \d\.\d standard errors.* agq: 9/,
    );
    expect(said(glmm("y ~ x + (1 | g)", thin, { agq: 9 }), "laplace")).toEqual([]);
    expect(said(glmm("y ~ x + (1 | g)", sample(60, 20, "thick", binary)), "laplace")).toEqual([]);
    expect(said(glmm("y ~ x + (1 | g)", sample(60, 6, "counts", count), { family: "poisson" }), "laplace")).toEqual([]);
  });

  it("measures how far quadrature moves the estimates, scalar and vector effects", () => {
    const slopes = sample(200, 6, "slopes", ({ random, b, x, unit }) =>
      random.uniform() < logistic(1.2 * b + (0.5 + Math.sin(unit * 12)) * x) ? 1 : 0,
    );
    for (const [formula, data, agq] of [
      ["y ~ x + (1 | g)", sample(60, 8, "measure", binary), 15],
      ["y ~ x + (1 + x | g)", slopes, 9],
    ] as const) {
      const fit = glmm(formula, data);
      const { problem, point, effects, jointCovariance, transform, names } = fit.engine;
      const { frame, evaluations, randomTerms } = fit;
      const found = { x: point, value: 0, gradientNorm: 0, converged: true, iterations: 0, evaluations, information: null };
      const fixedOnly = { psi: point.slice(problem.parameters.length), deviance: 0, converged: true };
      const measured = laplaceShift({
        frame,
        estimate: { problem, point, effects, covariance: jointCovariance, randomTerms, found, fixedOnly },
        response: responseRows(frame),
        link: "logit",
        agq: 1,
        family: familyNamed("binomial"),
        zeros: null,
        categories: null,
        names,
        transform,
      });
      const finer = glmm(formula, data, { agq });
      const k = point.length;
      const moved = Array.from(point, (x, j) => Math.abs(finer.engine.point[j]! - x) / Math.sqrt(jointCovariance![j * k + j]!));
      // One Newton step, and fewer nodes than the fit it foretells.
      expect(measured!.shift / Math.max(...moved)).toBeGreaterThan(0.7);
      expect(measured!.shift / Math.max(...moved)).toBeLessThan(1.3);
    }
  });

  it("is suspected with several factors and few 0/1 rows a unit", () => {
    const crossed = { ...thin, h: thin.g.map((_, i) => `h${i % 17}`) };
    expect(said(glmm("y ~ x + (1 | g) + (1 | h)", crossed), "laplace")[0]).toMatch(
      /^The response is 0\/1 and g has 3\.0 trials a level on average/,
    );
    const thick = sample(40, 12, "crossed", binary);
    expect(said(glmm("y ~ x + (1 | g) + (1 | h)", { ...thick, h: thick.g.map((_, i) => `h${i % 17}`) }), "laplace")).toEqual([]);
  });
});

describe("rows left out", () => {
  it("without trials are not called rows of weight zero", () => {
    const data = proportion(
      sample(30, 6, "left out", ({ random, b }) => random.binomial(12, logistic(b))),
      12,
    );
    const empty = { ...data, y: data.y.map((y, i) => (i < 4 ? 0 : y)), f: data.f.map((f, i) => (i < 4 ? 0 : f)) };
    expect(said(glmm("cbind(y, f) ~ x + (1 | g)", empty), "dropped-rows")).toEqual([
      "4 of 180 rows were not used: 4 without trials (both counts of cbind(y, f) are zero).",
    ]);
    const weights = data.y.map((_, i) => (i < 4 ? 0 : 1));
    expect(said(glmm("cbind(y, f) ~ x + (1 | g)", { ...data, w: weights }, { weights: "w" }), "zero-weight")).toEqual([
      "4 of 180 rows were not used: 4 with weight w zero.",
    ]);
  });
});
