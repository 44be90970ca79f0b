/**
 * Data on which fits break down: every one ends with finite numbers and either convergence or a note that says what is wrong, or with an
 * error that the user can read. `ROBUST_TABLE=1` prints what came of each.
 */
import { afterAll, describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { DataError, FitError } from "../../src/messages.js";
import { CUMULATIVE_LINKS } from "../../src/models/families/cumulative.js";
import { families } from "../../src/models/families/registry.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";

type Column = number[] | string[];

interface Data {
  readonly [name: string]: Column;
}

interface Model {
  readonly formula: string;
  /** A family of glmm, or "cumulative" for clmm. */
  readonly family: string;
  readonly [option: string]: unknown;
}

const lines: string[] = [];

/** The fit, or the error that a user would read. Anything else that is thrown goes on. */
function outcome(name: string, data: Data, { formula, family, ...options }: Model): GeneralizedMixedFit | Error {
  const began = performance.now();
  let result: GeneralizedMixedFit | Error;
  try {
    const table = Table.from(data);
    result = family === "cumulative" ? clmm(formula, table, options) : glmm(formula, table, { family, ...options });
  } catch (error) {
    if (!(error instanceof FitError || error instanceof DataError)) throw error;
    result = error;
  }
  const ms = Math.round(performance.now() - began);
  if (result instanceof Error) lines.push(`${name}: ${result.name} ${result.message}`);
  else {
    const effects = result.fixed.map(({ term, estimate, stdError }) => `${term} ${estimate.toPrecision(4)} (${stdError.toPrecision(3)})`);
    const sds = result.random.flatMap((component) => ("sd" in component ? [component.sd.toPrecision(3)] : []));
    const codes = result.notes.map(({ code }) => code);
    lines.push(
      `${name}: logLik ${result.logLik.toPrecision(8)} ${result.converged ? "" : "NOT CONVERGED "}${result.evaluations} evaluations ${ms} ms; ${effects.join(", ")}; sd ${sds.join(" ")}; ${codes.join(" ")}`,
    );
  }
  return result;
}

/** Finite estimates; standard errors finite or a note on them; converged or a note. */
function expectSound(fit: GeneralizedMixedFit): void {
  expect(Number.isFinite(fit.logLik)).toBe(true);
  const codes = new Set(fit.notes.map(({ code }) => code));
  if (!fit.converged) expect(codes).toContain("not-converged");
  for (const part of [fit.fixed, fit.thresholds ?? [], fit.zeroInflation?.fixed ?? [], fit.dispersionModel?.fixed ?? []]) {
    for (const { estimate, stdError, term } of part) {
      expect(Number.isFinite(estimate), term).toBe(true);
      // Unknown ones are NaN, never infinite or zero; then a note says why.
      if (!Number.isFinite(stdError)) {
        expect(Number.isNaN(stdError), term).toBe(true);
        expect(codes.size, `a note on ${term}`).toBeGreaterThan(0);
      } else expect(stdError, term).toBeGreaterThan(0);
    }
  }
  for (const component of fit.random) {
    if ("sd" in component) expect(Number.isFinite(component.sd) && component.sd >= 0).toBe(true);
    else expect(component.correlation === null || Math.abs(component.correlation) <= 1).toBe(true);
  }
  for (const { message } of fit.notes) expect(message).not.toMatch(/undefined|NaN|\[object/);
}

function expectSoundOutcome(name: string, data: Data, model: Model): GeneralizedMixedFit | Error {
  const result = outcome(name, data, model);
  if (result instanceof Error) expect(result.message).not.toMatch(/undefined|NaN|\[object/);
  else expectSound(result);
  return result;
}

afterAll(() => {
  if (process.env.ROBUST_TABLE) console.log(lines.join("\n"));
});

interface Shape {
  readonly groups: number;
  readonly each: number;
  readonly sd?: number;
  readonly seed: number;
}

/** `groups` units g with `each` rows, predictors x (numbers) and f (three levels), effects of standard deviation `sd` in `eta`. */
function units({ groups, each, sd = 0.8, seed }: Shape): { x: number[]; f: string[]; g: string[]; h: string[]; eta: number[] } {
  const next = randomStream(seed, "robust");
  const out = { x: [] as number[], f: [] as string[], g: [] as string[], h: [] as string[], eta: [] as number[] };
  for (let j = 0; j < groups; j++) {
    const b = sd * next.normal();
    for (let i = 0; i < each; i++) {
      const x = next.normal();
      out.x.push(x);
      out.f.push(["low", "middle", "high"][next.integer(3)]!);
      out.g.push(`g${j}`);
      out.h.push(`h${next.integer(5)}`);
      out.eta.push(0.2 + 0.5 * x + b);
    }
  }
  return out;
}

/** 0 and 1 of a logit model with these predictors. */
function binary(eta: readonly number[], seed: number): number[] {
  const next = randomStream(seed, "binary");
  return eta.map((value) => (next.uniform() < 1 / (1 + Math.exp(-value)) ? 1 : 0));
}

function counts(eta: readonly number[], seed: number): number[] {
  const next = randomStream(seed, "counts");
  return eta.map((value) => next.poisson(Math.exp(value)));
}

/** Categories cut from a latent logistic variable at whole numbers from -1 on. */
function ordered(eta: readonly number[], categories: number, seed: number): string[] {
  const next = randomStream(seed, "ordered");
  return eta.map((value) => {
    const u = next.uniformOpen();
    const latent = value + Math.log(u / (1 - u));
    return `c${Math.max(0, Math.min(categories - 1, Math.floor(latent + 2)))}`;
  });
}

const sample = units({ groups: 20, each: 8, seed: 1 });
const y = binary(sample.eta, 2);
const k = counts(sample.eta, 3);
const c = ordered(sample.eta, 4, 4);
/** Counts with more than a Poisson variance. */
const spread = ((next) => sample.eta.map((eta) => next.negativeBinomial(Math.exp(eta + 0.5), 1.2)))(randomStream(5, "spread"));
const base: Data = { ...sample, y, k, c, spread };

describe("separation", () => {
  test.each([1, 0, 7])("a predictor that separates completely, agq %i", (agq) => {
    const data = { ...base, s: y.map((value, i) => (value === 1 ? 1 : -1) * (1 + 0.1 * (i % 3))) };
    expectSoundOutcome(`complete separation, agq ${agq}`, data, { formula: "y ~ s + (1 | g)", family: "binomial", agq });
  });

  test.each(["logit", "probit", "cloglog", "loglog", "cauchit"])("a level with successes alone, link %s", (link) => {
    const data = { ...base, q: y.map((value, i) => (value === 1 && i % 3 === 0 ? "only" : "rest")) };
    expectSoundOutcome(`quasi-separation, ${link}`, data, { formula: "y ~ q + x + (1 | g)", family: "binomial", link });
  });

  test("an empty cell of counts", () => {
    const data = { ...base, e: base.f!, z: k.map((value, i) => (sample.f[i] === "low" ? 0 : value)) };
    expectSoundOutcome("empty cell, poisson", data, { formula: "z ~ e + (1 | g)", family: "poisson" });
    expectSoundOutcome("empty cell, nbinom2", data, { formula: "z ~ e + (1 | g)", family: "nbinom2" });
    expectSoundOutcome("empty cell, zero-inflated", data, { formula: "z ~ e + (1 | g)", family: "poisson", zi: "~ e" });
    expectSoundOutcome("empty cell, hurdle", data, { formula: "z ~ e + (1 | g)", family: "poisson", zi: "~ e", hurdle: true });
  });

  test("ordered categories separated by a predictor", () => {
    const data = { ...base, s: c.map((value) => (Number(value.slice(1)) > 1 ? 1 : 0)) };
    expectSoundOutcome("separated categories", data, { formula: "c ~ s + (1 | g)", family: "cumulative" });
  });

  test("a category that one level has never", () => {
    const data = { ...base, c: c.map((value, i) => (sample.f[i] === "low" && value === "c3" ? "c2" : value)) };
    expectSoundOutcome("nominal with an empty cell", data, { formula: "c ~ x + (1 | g)", family: "cumulative", nominal: "~ f" });
  });

  test("every group all 0 or all 1", () => {
    const constant = sample.g.map((group) => Number(group.slice(1)) % 2);
    for (const agq of [1, 9]) {
      expectSoundOutcome(`constant groups, agq ${agq}`, { ...base, y: constant }, { formula: "y ~ x + (1 | g)", family: "binomial", agq });
    }
    expectSoundOutcome(
      "constant groups, ordered",
      { ...base, c: constant.map((v) => `c${v}`) },
      { formula: "c ~ x + (1 | g)", family: "cumulative" },
    );
  });
});

describe("responses without variation", () => {
  test.each([
    ["all 0", "binomial", 0],
    ["all 1", "binomial", 1],
    ["all 0", "poisson", 0],
    ["all 5", "poisson", 5],
    ["all 5", "nbinom2", 5],
    ["all 5", "nbinom1", 5],
    ["all 2", "gamma", 2],
    ["all 2", "inverse_gaussian", 2],
    ["all 0.5", "beta", 0.5],
    ["all 2", "gaussian", 2],
    ["all 2", "student_t", 2],
  ])("%s, %s", (what, family, value) => {
    expectSoundOutcome(`${what}, ${family}`, { ...base, y: y.map(() => value) }, { formula: "y ~ x + (1 | g)", family });
  });

  test("groups of zeros alone beside others", () => {
    const zeros = k.map((value, i) => (Number(sample.g[i]!.slice(1)) < 12 ? 0 : value));
    for (const family of ["poisson", "nbinom1", "nbinom2"]) {
      expectSoundOutcome(`groups of zeros, ${family}`, { ...base, k: zeros }, { formula: "k ~ x + (1 | g)", family });
      expectSoundOutcome(
        `groups of zeros, zero-inflated ${family}`,
        { ...base, k: zeros },
        { formula: "k ~ x + (1 | g)", family, zi: "~ 1 + (1 | g)" },
      );
    }
  });
});

describe("sizes", () => {
  test.each(["poisson", "nbinom1", "nbinom2"])("counts of a million, %s", (family) => {
    const big = counts(
      sample.eta.map((eta) => eta + 13.5),
      5,
    );
    const fit = expectSoundOutcome(`counts of a million, ${family}`, { ...base, k: big }, { formula: "k ~ x + (1 | g)", family });
    if (fit instanceof Error) throw fit;
    expect(Math.abs(fit.fixed[1]!.estimate - 0.5)).toBeLessThan(5 * fit.fixed[1]!.stdError);
    expect(fit.fixed[1]!.stdError).toBeLessThan(1e-3);
    if (family === "poisson") expect(fit.converged).toBe(true);
  });

  test("a million trials", () => {
    const next = randomStream(6);
    const s = sample.eta.map((eta) => next.binomial(1_000_000, 1 / (1 + Math.exp(-eta))));
    const fit = expectSoundOutcome(
      "a million trials",
      { ...base, s, t: s.map((x) => 1_000_000 - x) },
      { formula: "cbind(s, t) ~ x + (1 | g)", family: "binomial" },
    );
    expect(fit).not.toBeInstanceOf(Error);
    if (fit instanceof Error) return;
    expect(fit.converged).toBe(true);
    expect(fit.fixed[1]!.estimate).toBeCloseTo(0.5, 3);
  });

  test.each([1, 9])("a standard deviation of 10 on the logit scale, agq %i", (agq) => {
    const wide = units({ groups: 60, each: 8, sd: 10, seed: 7 });
    expectSoundOutcome(`sd 10, agq ${agq}`, { ...wide, y: binary(wide.eta, 8) }, { formula: "y ~ x + (1 | g)", family: "binomial", agq });
  });

  test("a standard deviation near zero", () => {
    const flat = units({ groups: 30, each: 10, sd: 1e-3, seed: 9 });
    expectSoundOutcome("tiny sd, binomial", { ...flat, y: binary(flat.eta, 10) }, { formula: "y ~ x + (1 + x | g)", family: "binomial" });
    expectSoundOutcome(
      "tiny sd, poisson",
      { ...flat, y: counts(flat.eta, 10) },
      { formula: "y ~ x + (1 + x | g) + (1 | h)", family: "poisson" },
    );
  });

  test.each(["binomial", "poisson", "nbinom2"])("one row a level, %s", (family) => {
    const data = { ...base, o: y.map((_, i) => `o${i}`), r: family === "binomial" ? y : k };
    expectSoundOutcome(`one row a level, ${family}`, data, { formula: "r ~ x + (1 | o)", family });
  });

  test.each(["binomial", "poisson"])("two levels, %s", (family) => {
    const data = { ...base, t: sample.g.map((group) => (Number(group.slice(1)) < 10 ? "a" : "b")), r: family === "binomial" ? y : k };
    expectSoundOutcome(`two levels, ${family}`, data, { formula: "r ~ x + (1 + x | t)", family });
  });

  describe("fewer rows than coefficients", () => {
    const few = {
      y: [0, 1, 1, 0],
      c: ["a", "b", "c", "a"],
      x: [1, 2, 4, 3],
      z: [0, 1, 0, 1],
      w: [3, 1, 2, 2.5],
      v: [1, 0, 0, 3],
      u: [2, 2, 1, 0],
      g: ["a", "a", "b", "b"],
    };
    test.each([
      ["y ~ x + z + w + v + u + (1 | g)", "poisson"],
      ["x ~ y + z + w + v + u + (1 | g)", "gaussian"],
      ["x ~ y + z + w + v + u + (1 | g)", "gamma"],
      ["c ~ x + z + w + v + u + (1 | g)", "cumulative"],
    ])("%s, %s", (formula, family) => {
      expectSoundOutcome(`n < p, ${family}`, few, { formula, family });
    });

    // A defect: the check of the Laplace approximation asks for eigenvalues of a matrix that is not a number.
    test("binomial", () => {
      expectSoundOutcome("n < p, binomial", few, { formula: "y ~ x + z + w + v + u + (1 | g)", family: "binomial" });
    });
  });

  test("an offset of 50", () => {
    for (const [family, response] of [
      ["poisson", k],
      ["nbinom2", k],
      ["binomial", y],
      ["gamma", k.map((v) => v + 0.5)],
    ] as const) {
      const data = { ...base, r: response as number[], off: y.map(() => 50) };
      const shifted = expectSoundOutcome(`offset 50, ${family}`, data, {
        formula: "r ~ x + (1 | g)",
        family,
        link: family === "binomial" ? "logit" : "log",
        offset: "off",
      });
      const plain = outcome(`no offset, ${family}`, data, {
        formula: "r ~ x + (1 | g)",
        family,
        link: family === "binomial" ? "logit" : "log",
      });
      if (shifted instanceof Error || plain instanceof Error) throw new Error(`${family}: a fit was expected`);
      expect(shifted.converged).toBe(true);
      expect(shifted.logLik).toBeCloseTo(plain.logLik, 7);
      expect(shifted.fixed[0]!.estimate + 50).toBeCloseTo(plain.fixed[0]!.estimate, 4);
      expect(shifted.fixed[1]!.estimate).toBeCloseTo(plain.fixed[1]!.estimate, 4);
    }
  });

  // A defect: thresholds begin without the offset, and the search stops where the likelihood is flat.
  test("an offset of 50 for ordered categories", () => {
    const data = { ...base, off: y.map(() => 50) };
    const shifted = expectSoundOutcome("offset 50, cumulative", data, { formula: "c ~ x + (1 | g)", family: "cumulative", offset: "off" });
    const plain = outcome("no offset, cumulative", data, { formula: "c ~ x + (1 | g)", family: "cumulative" });
    if (shifted instanceof Error || plain instanceof Error) throw new Error("a fit was expected");
    expect(shifted.logLik).toBeCloseTo(plain.logLik, 7);
    expect(shifted.thresholds![0]!.estimate - 50).toBeCloseTo(plain.thresholds![0]!.estimate, 4);
  });
});

describe("columns", () => {
  test("constant and collinear ones are dropped", () => {
    const data = { ...base, one: y.map(() => 3), twice: sample.x.map((x) => 2 * x + 1) };
    for (const model of [
      { formula: "y ~ x + one + twice + (1 | g)", family: "binomial" },
      { formula: "k ~ x + one + twice + (1 | g)", family: "nbinom2" },
      { formula: "c ~ x + one + twice + (1 | g)", family: "cumulative" },
    ]) {
      const fit = expectSoundOutcome(`collinear, ${model.family}`, data, model);
      if (fit instanceof Error) throw fit;
      expect(fit.droppedColumns).toEqual(["one", "twice"]);
      expect(fit.converged).toBe(true);
    }
  });

  test("collinear ones in the zero probability, the dispersion, the scale and nominal effects", () => {
    const data = { ...base, one: y.map(() => 3), twice: sample.x.map((x) => 2 * x + 1), k: k.map((v, i) => (i % 4 === 0 ? 0 : v)) };
    expectSoundOutcome("collinear zi", data, { formula: "k ~ x + (1 | g)", family: "poisson", zi: "~ x + one + twice" });
    expectSoundOutcome("collinear dispersion", data, { formula: "k ~ x + (1 | g)", family: "nbinom2", dispersion: "~ x + one + twice" });
    expectSoundOutcome("collinear scale", data, { formula: "c ~ x + (1 | g)", family: "cumulative", scale: "~ x + one + twice" });
    expectSoundOutcome("collinear nominal", data, { formula: "c ~ f + (1 | g)", family: "cumulative", nominal: "~ x + one + twice" });
    expectSoundOutcome("the same nominal and fixed", data, { formula: "c ~ x + (1 | g)", family: "cumulative", nominal: "~ x" });
  });

  test("a random slope of a constant column", () => {
    const data = { ...base, one: y.map(() => 1) };
    expectSoundOutcome("slope of a constant", data, { formula: "y ~ x + (1 + one | g)", family: "binomial" });
    expectSoundOutcome("two intercepts", data, { formula: "y ~ x + (1 | g) + (1 | g)", family: "binomial" });
  });

  test("a factor level, a group and a column named __proto__", () => {
    const rename = (values: readonly string[], from: string): string[] => values.map((value) => (value === from ? "__proto__" : value));
    const columns: [string, Column][] = [
      ["__proto__", sample.x],
      ["y", y],
      ["c", rename(c, "c1")],
      ["f", rename(sample.f, "middle")],
      ["g", rename(sample.g, "g3")],
    ];
    const data = Object.fromEntries(columns);
    for (const model of [
      { formula: "y ~ f + `__proto__` + (1 + `__proto__` | g)", family: "binomial" },
      { formula: "c ~ f + `__proto__` + (1 | g)", family: "cumulative", nominal: "~ f" },
    ]) {
      const fit = expectSoundOutcome(`__proto__, ${model.family}`, data, model);
      if (fit instanceof Error) throw fit;
      expect(fit.groups[0]!.levels).toBe(20);
    }
  });

  const scaled: readonly (readonly [string, Omit<Model, "formula"> & { readonly family: string }])[] = [
    ["y ~ x + f + (1 + x | g)", { family: "binomial" }],
    ["k ~ x + f + (1 + x | g)", { family: "nbinom1" }],
    ["c ~ x + f + (1 + x | g)", { family: "cumulative" }],
    ["k ~ x + (1 | g)", { family: "poisson", zi: "~ x" }],
    ["spread ~ x + (1 | g)", { family: "nbinom2", dispersion: "~ x" }],
    ["c ~ f + (1 | g)", { family: "cumulative", scale: "~ x" }],
    ["c ~ f + (1 | g)", { family: "cumulative", nominal: "~ x" }],
  ];
  describe.each([1e12, 1e-12, 1e6, -1])("a predictor times %d: estimates and standard errors scale exactly", (by) => {
    // A defect: columns of nominal effects are not scaled, and small ones are lost.
    const broken = (model: object): boolean => "nominal" in model && by < 1e-6 && by > 0;
    test.each(scaled.filter(([, model]) => !broken(model)))("%s, %o", expectScaled);
    test.each(scaled.filter(([, model]) => broken(model)))("%s, %o", expectScaled);

    function expectScaled(formula: string, model: Omit<Model, "formula"> & { readonly family: string }): void {
      const plain = outcome(`times 1, ${formula}`, base, { formula, ...model });
      const moved = expectSoundOutcome(`times ${by}, ${formula}`, { ...base, x: sample.x.map((x) => by * x) }, { formula, ...model });
      if (plain instanceof Error) throw plain;
      if (moved instanceof Error) throw moved;
      expect(moved.converged).toBe(plain.converged);
      expect(Math.abs(moved.logLik - plain.logLik)).toBeLessThan(1e-8);
      const all = (fit: GeneralizedMixedFit) => [
        ...fit.fixed,
        ...(fit.thresholds ?? []),
        ...(fit.zeroInflation?.fixed ?? []),
        ...(fit.dispersionModel?.fixed ?? []),
        ...(fit.scaleModel?.fixed ?? []),
      ];
      const others = all(moved);
      all(plain).forEach(({ term, estimate, stdError }, j) => {
        const factor = term === "x" || term.endsWith(".x") ? by : 1;
        // Two searches that end within 1e-10 of the optimum.
        expect(Math.abs(others[j]!.estimate * factor - estimate) / stdError, term).toBeLessThan(1e-4);
        expect(Math.abs((others[j]!.stdError * Math.abs(factor)) / stdError - 1), term).toBeLessThan(1e-4);
      });
    }
  });

  // Defects: redundant columns are left out without a word, or not at all.
  test("columns that are left out of the zero probability, the dispersion, the scale and nominal effects are named in a note", () => {
    const data = { ...base, twice: sample.x.map((x) => 2 * x + 1), z: spread.map((v, i) => (i % 4 === 0 ? 0 : v)) };
    for (const [formula, model] of [
      ["z ~ f + (1 | g)", { family: "poisson", zi: "~ x + twice" }],
      ["spread ~ f + (1 | g)", { family: "nbinom2", dispersion: "~ x + twice" }],
      ["c ~ f + (1 | g)", { family: "cumulative", scale: "~ x + twice" }],
      ["c ~ f + (1 | g)", { family: "cumulative", nominal: "~ x + twice" }],
    ] as const) {
      const fit = outcome(`left out, ${formula}`, data, { formula, ...model });
      if (fit instanceof Error) throw fit;
      expect(
        fit.notes.some(({ message }) => message.includes("twice")),
        formula,
      ).toBe(true);
    }
  });

  test("a fixed effect that is also nominal is redundant: it is left out, as ordinal does", () => {
    const fit = outcome("fixed and nominal", base, { formula: "c ~ f + x + (1 | g)", family: "cumulative", nominal: "~ x" });
    if (fit instanceof Error) throw fit;
    expect(fit.droppedColumns).toContain("x");
  });

  test("a dispersion formula whose coefficients run off is noted", () => {
    const fit = outcome("dispersion runs off", base, { formula: "k ~ x + (1 | g)", family: "nbinom2", dispersion: "~ x" });
    if (fit instanceof Error) throw fit;
    expect(fit.dispersionModel!.fixed[0]!.stdError > 1000 && fit.notes.length === 0).toBe(false);
  });

  test("a predictor far from zero", () => {
    const far = { ...base, x: sample.x.map((x) => 1e6 + x) };
    for (const [formula, family] of [
      ["y ~ x + (1 + x | g)", "binomial"],
      ["c ~ x + (1 | g)", "cumulative"],
    ] as const) {
      const plain = outcome(`near, ${formula}`, base, { formula, family });
      const moved = expectSoundOutcome(`far, ${formula}`, far, { formula, family });
      if (plain instanceof Error || moved instanceof Error) throw new Error("a fit was expected");
      expect(Math.abs(moved.logLik - plain.logLik)).toBeLessThan(1e-6);
      const slope = (fit: GeneralizedMixedFit) => fit.fixed.find(({ term }) => term === "x")!;
      expect(Math.abs(slope(moved).estimate - slope(plain).estimate) / slope(plain).stdError).toBeLessThan(1e-4);
      expect(slope(moved).stdError / slope(plain).stdError).toBeCloseTo(1, 4);
    }
  });
});

describe("weights", () => {
  test("from 1e-8 to 1e8", () => {
    const next = randomStream(11);
    const w = y.map(() => 10 ** (16 * next.uniform() - 8));
    for (const [formula, family] of [
      ["k ~ x + (1 | g)", "poisson"],
      ["k ~ x + (1 | g)", "nbinom2"],
      ["c ~ x + (1 | g)", "cumulative"],
    ] as const) {
      expectSoundOutcome(`wild weights, ${family}`, { ...base, w }, { formula, family, weights: "w" });
    }
  });

  test.each(["poisson", "nbinom1", "nbinom2", "gamma", "gaussian", "student_t", "cumulative"])(
    "rows twice with half the weight are the rows: %s",
    (family) => {
      const response = family === "cumulative" ? "c" : family === "poisson" || family.startsWith("nbinom") ? "k" : "m";
      const next = randomStream(12);
      const data: Data = { ...base, m: sample.eta.map((eta) => Math.exp(0.3 * eta + 0.3 * next.normal())) };
      const twice = Object.fromEntries(Object.entries(data).map(([name, values]) => [name, [...values, ...values] as Column]));
      const formula = `${response} ~ x + (1 | g)`;
      const link = family === "gamma" ? { link: "log" } : {};
      const once = outcome(`once, ${family}`, data, { formula, family, ...link });
      const half = outcome(
        `twice with weights of a half, ${family}`,
        { ...twice, w: [...y, ...y].map(() => 0.5) },
        { formula, family, weights: "w", ...link },
      );
      if (once instanceof Error) throw once;
      if (half instanceof Error) throw half;
      expect(half.logLik).toBeCloseTo(once.logLik, 7);
      once.fixed.forEach(({ estimate, stdError }, j) => {
        expect(Math.abs(half.fixed[j]!.estimate - estimate) / stdError).toBeLessThan(1e-4);
        expect(half.fixed[j]!.stdError / stdError).toBeCloseTo(1, 4);
      });
    },
  );
});

describe("every family and link converges on data of its own", () => {
  const pairs = families.flatMap((family) => family.links.map((link) => [family.name, link] as const));
  test.each(pairs)("%s, %s", (name, link) => {
    const family = families.find((own) => own.name === name)!;
    const next = randomStream(13, name, link);
    const positive = ["log", "identity", "inverse", "1/mu^2", "sqrt"].includes(link);
    const proportion = ["binomial", "betabinomial", "beta"].includes(name);
    const eta = sample.eta.map((value) => 0.15 * value);
    const centre = positive ? (proportion ? (link === "log" ? -0.9 : 0.45) : link === "inverse" || link === "1/mu^2" ? 0.6 : 2) : 0;
    const size = name === "binomial" || name === "betabinomial" ? 12 : 1;
    const further = family.further.map((kind) =>
      kind === "shape" ? Math.log(6) : name === "beta" ? 2.5 : name === "inverse_gaussian" ? -1 : 0.4,
    );
    const spread = positive ? 0.4 * Math.min(1, Math.abs(centre)) : 3;
    const r = eta.map((value) => family.simulate(next, family.mean(link, centre + spread * value), further, size));
    const formula = size > 1 ? "cbind(r, t) ~ x + (1 | g)" : "r ~ x + (1 | g)";
    const fit = expectSoundOutcome(`${name}, ${link}`, { ...base, r, t: r.map((v) => size - v) }, { formula, family: name, link });
    if (fit instanceof Error) throw fit;
    expect(fit.converged).toBe(true);
    const fast = expectSoundOutcome(
      `${name}, ${link}, agq 0`,
      { ...base, r, t: r.map((v) => size - v) },
      { formula, family: name, link, agq: 0 },
    );
    if (fast instanceof Error) throw fast;
    expect(fast.converged).toBe(true);
    // The coefficients that the inner loop finds are near those of the joint optimum.
    fit.fixed.forEach(({ estimate, stdError }, j) => {
      expect(Math.abs(fast.fixed[j]!.estimate - estimate) / stdError).toBeLessThan(0.5);
    });
  });

  test.each(CUMULATIVE_LINKS)("cumulative, %s", (link) => {
    const fit = expectSoundOutcome(`cumulative, ${link}`, base, { formula: "c ~ x + f + (1 | g)", family: "cumulative", link });
    if (fit instanceof Error) throw fit;
    expect(fit.converged).toBe(true);
  });
});
