/** Models that are the same in other clothes have the same fit: permuted rows, renamed levels, counts laid out as rows, limits of families. */
import { describe, expect, test } from "vitest";
import { type RandomStream, randomStream } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import { conditionalModes } from "../../src/models/conditional-modes.js";
import type { FixedEffect } from "../../src/models/fit.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";

type Column = number[] | string[];
type Data = Record<string, Column>;

/** Two searches end within 1e-10 of the optimum in units of the deviance: 1e-5 standard errors. */
const SAME = 5e-5;

interface Sample {
  readonly x: number[];
  readonly g: string[];
  readonly h: string[];
  readonly eta: number[];
}

/** `groups` units g with `each` rows, crossed with six of h. */
function sampleOf(groups: number, each: number, next: RandomStream, intercept = 0): Sample {
  const out: Sample = { x: [], g: [], h: [], eta: [] };
  const ofH = Array.from({ length: 6 }, () => 0.5 * next.normal());
  for (let j = 0; j < groups; j++) {
    const b = 0.7 * next.normal();
    for (let i = 0; i < each; i++) {
      const x = next.normal();
      const h = next.integer(6);
      out.x.push(x);
      out.g.push(`g${j}`);
      out.h.push(`h${h}`);
      out.eta.push(intercept + 0.5 * x + b + ofH[h]!);
    }
  }
  return out;
}

const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta));
const next = randomStream(31, "identities");
const sample = sampleOf(25, 8, next, 0.4);
const y = sample.eta.map((eta) => (next.bernoulli(logistic(eta)) ? 1 : 0));
const k = sample.eta.map((eta) => next.negativeBinomial(Math.exp(eta), 1.5));
const p = sample.eta.map((eta) => next.poisson(Math.exp(eta)));
const c = sample.eta.map((eta) => {
  const u = next.uniformOpen();
  return `c${Math.max(0, Math.min(3, Math.floor(eta + Math.log(u / (1 - u)) + 1.5)))}`;
});
const m = sample.eta.map((eta) => Math.exp(0.3 * eta + 0.4 * next.normal()));
const w = y.map(() => 1 + next.integer(3));
const data: Data = { x: sample.x, g: sample.g, h: sample.h, y, k, p, c, m, w };

function expectSameEffects(own: readonly FixedEffect[], other: readonly FixedEffect[], sign = 1): void {
  other.forEach(({ estimate, stdError }, j) => {
    expect(Math.abs(sign * own[j]!.estimate - estimate) / stdError).toBeLessThan(SAME);
    expect(Math.abs(own[j]!.stdError / stdError - 1)).toBeLessThan(SAME);
  });
}

function expectSameFit(own: GeneralizedMixedFit, other: GeneralizedMixedFit, logLik = other.logLik): void {
  expect(own.converged && other.converged).toBe(true);
  expect(Math.abs(own.logLik - logLik)).toBeLessThan(1e-7);
  expectSameEffects(own.fixed, other.fixed);
  expectSameEffects(own.thresholds ?? [], other.thresholds ?? []);
  expectSameEffects(own.zeroInflation?.fixed ?? [], other.zeroInflation?.fixed ?? []);
  const sds = (fit: GeneralizedMixedFit): number[] => fit.random.flatMap((component) => ("sd" in component ? [component.sd] : []));
  sds(other).forEach((sd, j) => {
    expect(Math.abs(sds(own)[j]! - sd)).toBeLessThan(SAME * Math.max(sd, 0.1));
  });
  if (other.dispersion !== null) expect(Math.abs(own.dispersion! / other.dispersion - 1)).toBeLessThan(SAME);
}

interface Model {
  readonly formula: string;
  readonly family: string;
  readonly [option: string]: unknown;
}

function fitOf({ formula, family, ...options }: Model, columns: Data): GeneralizedMixedFit {
  const table = Table.from(columns);
  return family === "cumulative" ? clmm(formula, table, options) : glmm(formula, table, { family, ...options });
}

const models: readonly Model[] = [
  { formula: "y ~ x + (1 + x | g) + (1 | h)", family: "binomial" },
  { formula: "y ~ x + (1 + x | g)", family: "binomial", link: "cloglog", agq: 5 },
  { formula: "k ~ x + (1 | g) + (1 | h)", family: "nbinom2", weights: "w" },
  { formula: "k ~ x + (1 | g)", family: "nbinom1", zi: "~ 1" },
  { formula: "c ~ x + (1 | g) + (1 | h)", family: "cumulative", link: "probit" },
  { formula: "c ~ x + (1 | g)", family: "cumulative", scale: "~ x" },
  { formula: "m ~ x + (1 | g/h)", family: "gamma", link: "log" },
];

describe("the order of the data does not matter", () => {
  test.each(models)("permuted rows give the same estimates: $formula, $family", (model) => {
    const order = randomStream(32).shuffle(y.map((_, i) => i));
    const permuted = Object.fromEntries(Object.entries(data).map(([name, values]) => [name, order.map((i) => values[i]!) as Column]));
    const fit = fitOf(model, data);
    const other = fitOf(model, permuted);
    expectSameFit(other, fit);
    // The same sums in another order.
    fit.fixed.forEach(({ estimate }, j) => {
      expect(Math.abs(other.fixed[j]!.estimate - estimate)).toBeLessThan(1e-8 * Math.max(1, Math.abs(estimate)));
    });
  });

  test.each(models)("renamed levels give the same fit, and every unit keeps its effects: $formula, $family", (model) => {
    // Backwards: the levels' code-point order turns round.
    const rename = (level: string): string => `${String.fromCharCode(220 - level.charCodeAt(1))}${level}`;
    const fit = fitOf(model, data);
    const other = fitOf(model, { ...data, g: sample.g.map(rename), h: sample.h.map(rename) });
    expectSameFit(other, fit);
    const modes = new Map(conditionalModes(other).map(({ group, level, term, estimate }) => [`${group} ${level} ${term}`, estimate]));
    for (const { group, level, term, estimate } of conditionalModes(fit)) {
      const name = `${group} ${level.split(":").map(rename).join(":")} ${term}`;
      expect(Math.abs(modes.get(name)! - estimate), name).toBeLessThan(1e-4);
    }
  });
});

describe("binomial", () => {
  const logChoose = (n: number, s: number): number => {
    let sum = 0;
    for (let i = 1; i <= s; i++) sum += Math.log(n - s + i) - Math.log(i);
    return sum;
  };
  const size = y.map(() => 1 + next.integer(5));
  const s = sample.eta.map((eta, i) => next.binomial(size[i]!, logistic(eta)));
  const grouped: Data = { ...data, s, f: size.map((n, i) => n - s[i]!), share: s.map((value, i) => value / size[i]!), size };
  const rows = size.flatMap((n, i) => Array.from({ length: n }, (_, trial) => [i, trial < s[i]! ? 1 : 0] as const));
  const expanded: Data = {
    y: rows.map(([, value]) => value),
    x: rows.map(([i]) => sample.x[i]!),
    g: rows.map(([i]) => sample.g[i]!),
    h: rows.map(([i]) => sample.h[i]!),
  };
  const constant = s.reduce((sum, value, i) => sum + logChoose(size[i]!, value), 0);

  test.each(["logit", "probit", "cloglog", "loglog", "cauchit"])(
    "successes and failures are their rows, but for a constant: %s",
    (link) => {
      for (const agq of [1, 5]) {
        const random = agq === 1 ? "(1 + x | g) + (1 | h)" : "(1 + x | g)";
        const fit = fitOf({ formula: `cbind(s, f) ~ x + ${random}`, family: "binomial", link, agq }, grouped);
        const other = fitOf({ formula: `y ~ x + ${random}`, family: "binomial", link, agq }, expanded);
        expectSameFit(fit, other, other.logLik + constant);
      }
    },
  );

  test("proportions with the numbers of trials as weights are successes and failures", () => {
    const fit = fitOf({ formula: "share ~ x + (1 | g)", family: "binomial", weights: "size" }, grouped);
    expectSameFit(fit, fitOf({ formula: "cbind(s, f) ~ x + (1 | g)", family: "binomial" }, grouped));
  });

  test("failures for successes turn the signs", () => {
    const fit = fitOf({ formula: "cbind(s, f) ~ x + (1 | g) + (1 | h)", family: "binomial" }, grouped);
    const other = fitOf({ formula: "cbind(f, s) ~ x + (1 | g) + (1 | h)", family: "binomial" }, grouped);
    expect(Math.abs(fit.logLik - other.logLik)).toBeLessThan(1e-8);
    expectSameEffects(fit.fixed, other.fixed, -1);
  });

  test.each([
    ["cloglog", "loglog"],
    ["logit", "logit"],
    ["probit", "probit"],
    ["cauchit", "cauchit"],
  ])("two ordered categories with link %s are a binary response with link %s, the threshold the intercept's negative", (ordinal, link) => {
    for (const agq of [1, 7]) {
      const model = { formula: "y ~ x + (1 | g)", agq };
      const binary = fitOf({ ...model, family: "binomial", link }, data);
      const ordered = fitOf({ ...model, family: "cumulative", link: ordinal }, { ...data, y: y.map((value) => `y${value}`) });
      expect(Math.abs(binary.logLik - ordered.logLik)).toBeLessThan(1e-8);
      expectSameEffects(ordered.fixed, binary.fixed.slice(1));
      expectSameEffects(ordered.thresholds!, binary.fixed.slice(0, 1), -1);
    }
  });

  test("reversed categories turn the signs", () => {
    const reversed = { ...data, c: c.map((value) => `c${3 - Number(value.slice(1))}`) };
    for (const [link, mirrored] of [
      ["logit", "logit"],
      ["cloglog", "loglog"],
    ]) {
      const fit = fitOf({ formula: "c ~ x + (1 | g) + (1 | h)", family: "cumulative", link }, data);
      const other = fitOf({ formula: "c ~ x + (1 | g) + (1 | h)", family: "cumulative", link: mirrored }, reversed);
      expect(Math.abs(fit.logLik - other.logLik)).toBeLessThan(1e-8);
      expectSameEffects(other.fixed, fit.fixed, -1);
      expectSameEffects([...other.thresholds!].reverse(), fit.thresholds!, -1);
    }
  });
});

describe("counts", () => {
  test("an exposure: its logarithm as an offset, in the formula or apart, and with a coefficient of its own where it is free", () => {
    const t = y.map(() => 0.5 + 3 * next.uniform());
    const exposed: Data = { ...data, t, q: sample.eta.map((eta, i) => next.poisson(t[i]! * Math.exp(eta))), logt: t.map(Math.log) };
    const fit = fitOf({ formula: "q ~ x + offset(log(t)) + (1 | g)", family: "poisson" }, exposed);
    expectSameFit(fit, fitOf({ formula: "q ~ x + (1 | g)", family: "poisson", offset: "logt" }, exposed));
    expectSameFit(fit, fitOf({ formula: "q ~ x + (1 | g)", family: "poisson", offset: "log(t)" }, exposed));
    // Another unit of time moves the intercept alone.
    const hours = fitOf({ formula: "q ~ x + offset(log(60 * t)) + (1 | g)", family: "poisson" }, exposed);
    expect(hours.logLik).toBeCloseTo(fit.logLik, 8);
    expect(hours.fixed[0]!.estimate + Math.log(60)).toBeCloseTo(fit.fixed[0]!.estimate, 6);
    expect(hours.fixed[1]!.estimate).toBeCloseTo(fit.fixed[1]!.estimate, 6);
    const free = fitOf({ formula: "q ~ x + logt + (1 | g)", family: "poisson" }, exposed);
    expect(free.logLik).toBeGreaterThan(fit.logLik);
    expect(Math.abs(free.fixed[2]!.estimate - 1)).toBeLessThan(4 * free.fixed[2]!.stdError);
  });

  /** Less variance than Poisson: every excess of variance would be estimated as zero. */
  const even = sample.eta.map((eta) => Math.round(Math.exp(0.3 * eta + 1)));

  test.each(["nbinom1", "nbinom2"])("%s without excess variance is Poisson", (family) => {
    const fit = fitOf({ formula: "even ~ x + (1 | g)", family }, { ...data, even });
    const poisson = fitOf({ formula: "even ~ x + (1 | g)", family: "poisson" }, { ...data, even });
    expect(Math.abs(fit.logLik - poisson.logLik)).toBeLessThan(1e-4);
    poisson.fixed.forEach(({ estimate, stdError }, j) => {
      expect(Math.abs(fit.fixed[j]!.estimate - estimate) / stdError).toBeLessThan(1e-3);
      expect(Math.abs(fit.fixed[j]!.stdError / stdError - 1)).toBeLessThan(1e-3);
    });
    expect(fit.notes.map(({ code }) => code)).toContain("dispersion-bound");
  });

  test("beta-binomial without excess variance is binomial", () => {
    const s = sample.eta.map((eta) => Math.round(10 * logistic(eta)));
    const columns = { ...data, s, f: s.map((value) => 10 - value) };
    const fit = fitOf({ formula: "cbind(s, f) ~ x + (1 | g)", family: "betabinomial" }, columns);
    const binomial = fitOf({ formula: "cbind(s, f) ~ x + (1 | g)", family: "binomial" }, columns);
    expect(Math.abs(fit.logLik - binomial.logLik)).toBeLessThan(1e-4);
    binomial.fixed.forEach(({ estimate, stdError }, j) => {
      expect(Math.abs(fit.fixed[j]!.estimate - estimate) / stdError).toBeLessThan(1e-3);
    });
  });

  test("a hurdle is two models: zero or not, and the truncated counts", () => {
    const fit = fitOf({ formula: "k ~ x + (1 | g)", family: "nbinom2", zi: "~ x + (1 | g)", hurdle: true }, data);
    const zero = fitOf({ formula: "z ~ x + (1 | g)", family: "binomial" }, { ...data, z: k.map((value) => (value === 0 ? 1 : 0)) });
    const kept = k.flatMap((value, i) => (value > 0 ? [i] : []));
    const above = Object.fromEntries(Object.entries(data).map(([name, values]) => [name, kept.map((i) => values[i]!) as Column]));
    const counts = fitOf({ formula: "k ~ x + (1 | g)", family: "truncated_nbinom2" }, above);
    expect(Math.abs(fit.logLik - zero.logLik - counts.logLik)).toBeLessThan(1e-7);
    expectSameEffects(fit.fixed, counts.fixed);
    expectSameEffects(fit.zeroInflation!.fixed, zero.fixed);
  });
});

describe("gaussian and t", () => {
  test("a gaussian model with identity link is the linear mixed model by maximum likelihood", () => {
    const formula = "m ~ x + (1 + x | g) + (1 | h)";
    const fit = fitOf({ formula, family: "gaussian" }, data);
    const linear = lmm(formula, Table.from(data), { method: "ml" });
    expect(Math.abs(fit.logLik - linear.logLik)).toBeLessThan(1e-7);
    linear.fixed.forEach(({ estimate, stdError }, j) => {
      expect(Math.abs(fit.fixed[j]!.estimate - estimate) / stdError).toBeLessThan(SAME);
      // The linear model's standard errors take the variances as known; the observed information ties them a little.
      expect(Math.abs(fit.fixed[j]!.stdError / stdError - 1)).toBeLessThan(0.05);
    });
    expect(Math.abs(fit.dispersion! / linear.sigma - 1)).toBeLessThan(SAME);
  });

  test("quadrature changes nothing where the integrand is normal", () => {
    const one = fitOf({ formula: "m ~ x + (1 + x | g)", family: "gaussian" }, data);
    const many = fitOf({ formula: "m ~ x + (1 + x | g)", family: "gaussian", agq: 7 }, data);
    expectSameFit(many, one);
  });

  test("t with many degrees of freedom is normal", () => {
    // Flat tails: the residuals are quantiles of a uniform distribution.
    const flat = sample.eta.map((eta) => eta + 2 * next.uniform() - 1);
    const fit = fitOf({ formula: "flat ~ x + (1 | g)", family: "student_t" }, { ...data, flat });
    const normal = fitOf({ formula: "flat ~ x + (1 | g)", family: "gaussian" }, { ...data, flat });
    expect(Math.abs(fit.logLik - normal.logLik)).toBeLessThan(1e-2);
    normal.fixed.forEach(({ estimate, stdError }, j) => {
      expect(Math.abs(fit.fixed[j]!.estimate - estimate) / stdError).toBeLessThan(1e-2);
    });
  });
});
