/** The fit in the user's own units against the model's textbook definition with n x n matrices. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditionalModes } from "../../src/models/conditional-modes.js";
import type { LinearMixedFit } from "../../src/models/fit.js";
import { fittedValues } from "../../src/models/fitted.js";
import { columnsOf, KINDS } from "./blocks/designs.js";
import { choleskyOf, identity, product, solve, transposed } from "./linalg/naive.js";
import { fitted } from "./simulated.js";

interface Textbook {
  readonly criterion: number;
  readonly estimates: Float64Array;
  readonly vcov: Float64Array;
  /** By random term in the fit's order: modes and their deviations, S x levels. */
  readonly modes: readonly Float64Array[];
  readonly deviations: readonly Float64Array[];
  readonly fitted: Float64Array;
}

/**
 * V = sum_k Z_k Sigma_k Z_k' + sigma^2 W^-1 with the fit's own Sigma and sigma;
 *   -2 log L = n log 2 pi + log|V| + r'V^-1 r;   REML: (n - p) log 2 pi + log|V| + log|X'V^-1 X| + r'V^-1 r   (Harville 1974, up to log|X'X|)
 *   beta = (X'V^-1 X)^-1 X'V^-1 y,   b = Sigma Z'V^-1 r,   var(b | y) = Sigma - Sigma Z'V^-1 Z Sigma   (beta known)
 */
function textbook(fit: LinearMixedFit): Textbook {
  const { frame, randomTerms, sigma } = fit;
  const n = frame.rows.length;
  const kept = fit.engine.basis.kept;
  const p = kept.length;
  const x = new Float64Array(n * p);
  kept.forEach((column, j) => {
    x.set(frame.fixed.values.subarray(column * n, (column + 1) * n), j * n);
  });
  const y = frame.response.values.map((value, i) => value - (frame.offset?.[i] ?? 0));
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = sigma ** 2 / (frame.weights?.[i] ?? 1);
  const spread = randomTerms.map((term) => {
    const { effects, levels, levelOf, membership } = frame.random[term.index]!;
    const m = effects.names.length;
    const q = levels.length * m;
    const z = new Float64Array(n * q);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < (membership?.count ?? 1); k++) {
        const level = membership === null ? levelOf[i]! : membership.levelOf[k * n + i]!;
        if (level < 0) continue;
        const share = membership === null ? 1 : membership.weights[k * n + i]!;
        for (let s = 0; s < m; s++) z[(level * m + s) * n + i] = z[(level * m + s) * n + i]! + share * effects.values[s * n + i]!;
      }
    }
    const covariance = new Float64Array(q * q);
    for (let l = 0; l < levels.length; l++)
      for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) covariance[(l * m + c) * q + l * m + r] = term.sigma[c * m + r]!;
    const zs = product(z, covariance, n, q, q);
    const zsz = product(zs, transposed(z, n, q), n, q, n);
    for (let at = 0; at < v.length; at++) v[at] = v[at]! + zsz[at]!;
    return { z, q, zs, covariance };
  });
  const inverse = solve(v, identity(n), n, n);
  const xv = product(transposed(x, n, p), inverse, p, n, n);
  const information = product(xv, x, p, n, p);
  const vcov = p === 0 ? new Float64Array(0) : solve(information, identity(p), p, p);
  const estimates = product(vcov, product(xv, y, p, n, 1), p, p, 1);
  const mean = product(x, estimates, n, p, 1);
  const residual = y.map((value, i) => value - mean[i]!);
  const vr = product(inverse, residual, n, n, 1);
  let criterion = (fit.method === "REML" ? n - p : n) * Math.log(2 * Math.PI);
  const l = choleskyOf(v, n);
  for (let i = 0; i < n; i++) criterion += 2 * Math.log(l[i * n + i]!) + residual[i]! * vr[i]!;
  if (fit.method === "REML" && p > 0) {
    const lx = choleskyOf(information, p);
    for (let j = 0; j < p; j++) criterion += 2 * Math.log(lx[j * p + j]!);
  }
  const modes = spread.map(({ zs, q }) => product(transposed(zs, n, q), vr, q, n, 1));
  const total = mean.map((value, i) => value + (frame.offset?.[i] ?? 0));
  spread.forEach(({ z, q }, k) => {
    product(z, modes[k]!, n, q, 1).forEach((value, i) => {
      total[i] = total[i]! + value;
    });
  });
  const deviations = spread.map(({ zs, q, covariance }) => {
    const taken = product(transposed(zs, n, q), product(inverse, zs, n, n, q), q, n, q);
    return Float64Array.from({ length: q }, (_, i) => Math.sqrt(Math.max(0, covariance[i * q + i]! - taken[i * q + i]!)));
  });
  return { criterion, estimates, vcov, modes, deviations, fitted: total };
}

function expectTextbook(fit: LinearMixedFit): void {
  const expected = textbook(fit);
  const p = fit.fixed.length;
  // The criterion is that of the reported parameters, all constants included.
  expect(Math.abs(fit.criterion - expected.criterion)).toBeLessThan(1e-9 * Math.max(100, Math.abs(expected.criterion)));
  fit.fixed.forEach(({ estimate, stdError, statistic }, j) => {
    const se = Math.sqrt(expected.vcov[j * p + j]!);
    expect(Math.abs(estimate - expected.estimates[j]!)).toBeLessThan(1e-8 * se);
    expect(Math.abs(stdError / se - 1)).toBeLessThan(1e-8);
    expect(statistic).toBe(estimate / stdError);
  });
  const size = expected.vcov.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  fit.vcov.forEach((x, at) => {
    expect(Math.abs(x - expected.vcov[at]!)).toBeLessThanOrEqual(1e-8 * size);
  });
  const modes = conditionalModes(fit);
  let at = 0;
  fit.randomTerms.forEach((term, k) => {
    const m = term.effects.length;
    term.levels.forEach((level, l) => {
      term.effects.forEach((name, s) => {
        const mode = modes[at++]!;
        expect([mode.group, mode.level, mode.term]).toEqual([term.group, level, name]);
        const sd = Math.sqrt(term.sigma[s * m + s]!);
        expect(Math.abs(mode.estimate - expected.modes[k]![l * m + s]!)).toBeLessThanOrEqual(1e-7 * sd);
        // A difference of two variances: half of the digits where little is left of the prior one.
        expect(Math.abs(mode.stdError - expected.deviations[k]![l * m + s]!)).toBeLessThanOrEqual(1e-6 * sd);
      });
    });
  });
  const ours = fittedValues(fit);
  fit.frame.rows.forEach((row, i) => {
    expect(Math.abs(ours.fitted[row]! - expected.fitted[i]!)).toBeLessThan(1e-7 * fit.sigma);
  });
  expect(fit.logLik).toBe(-fit.criterion / 2);
  expect(fit.aic).toBe(fit.criterion + 2 * fit.npar);
  expect(fit.bic).toBe(fit.criterion + fit.npar * Math.log(fit.nobs));
}

describe("criterion, estimates, covariance, modes and fitted values are the textbook's", () => {
  const shapes = fc.record({
    n: fc.integer({ min: 45, max: 70 }),
    first: fc.integer({ min: 4, max: 12 }),
    second: fc.integer({ min: 3, max: 5 }),
    third: fc.constant(3),
    moves: fc.double({ min: 0, max: 0.4, noNaN: true }),
  });
  test.each(KINDS.map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 1e6 }), fc.boolean(), (shape, seed, reml) => {
        const fit = fitted(`y ~ x + ${kind.random}`, columnsOf(shape, kind.relation, seed), {
          method: reml ? "REML" : "ML",
          weights: kind.weights ?? null,
        });
        expectTextbook(fit);
      }),
      { seed: 1, numRuns: 4 },
    );
  });

  const columns = columnsOf({ n: 60, first: 10, second: 4, third: 3, moves: 0.2 }, "moving", 4);
  test("also with an offset", () => expectTextbook(fitted("y ~ x + offset(z) + (1 | a)", columns)));
  test("also without fixed effects", () => {
    for (const method of ["REML", "ML"] as const) {
      const fit = fitted("y ~ 0 + (1 | a)", columns, { method });
      expect(fit.fixed).toEqual([]);
      expect(fit.npar).toBe(2);
      expectTextbook(fit);
    }
    expect(fitted("y ~ 0 + (1 | a)", columns).criterion).toBe(fitted("y ~ 0 + (1 | a)", columns, { method: "ML" }).criterion);
  });
  test("also without an intercept", () => expectTextbook(fitted("y ~ 0 + x + z + (1 | a) + (1 | b)", columns)));
  test("also with redundant columns, which are left out by name", () => {
    const fit = fitted("y ~ x + I(2 * x + 1) + z + (1 | a)", columns);
    expect(fit.droppedColumns).toEqual(["I(2 * x + 1)"]);
    expectTextbook(fit);
  });
  test("also with missing values, whose rows are missing in the fitted values", () => {
    const y = (columns.y as number[]).map((value, i) => (i % 7 === 3 ? Number.NaN : value));
    const fit = fitted("y ~ x + (1 | a)", { ...columns, y });
    expectTextbook(fit);
    const { fitted: all, residuals, fixed } = fittedValues(fit);
    expect(all).toHaveLength(60);
    for (let i = 0; i < 60; i++) for (const values of [all, residuals, fixed]) expect(Number.isNaN(values[i]!)).toBe(i % 7 === 3);
  });
  test("also where a predictor is centred by unit", () =>
    expectTextbook(fitted("y ~ cwc(x, a) + groupMean(x, a) + (1 + cwc(x, a) | a)", columns)));
});
