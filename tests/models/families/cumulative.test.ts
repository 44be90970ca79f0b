/** Cumulative link rows against arithmetic of many digits, differences, ordinal::clm and identities. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CUMULATIVE_LINKS, type CumulativeLink, cumulativeCell, cumulativeRows } from "../../../src/models/families/cumulative.js";
import { CELL_LENGTH } from "../../../src/models/families/cumulative-cell.js";
import { firstAt, secondAt } from "../../../src/models/families/row-likelihood.js";
import { expectTrueDerivatives, logLikelihood, rowAt } from "./row-derivatives.js";
import { WINE } from "./wine.js";

const SEED = 20261122;
const LOG_CONCAVE = CUMULATIVE_LINKS.filter((link) => link !== "cauchit");
const cases = JSON.parse(readFileSync(new URL("./cumulative-cells.json", import.meta.url), "utf8")) as Record<
  CumulativeLink,
  (number | null)[][]
>;

/** Increasing thresholds with gaps of at least 0.2, and a category. */
const scales = fc
  .tuple(fc.double({ min: -3, max: 1, noNaN: true }), fc.array(fc.double({ min: 0.2, max: 2, noNaN: true }), { maxLength: 4 }))
  .map(([first, gaps]) => {
    const tau = [first];
    for (const gap of gaps) tau.push(tau[tau.length - 1]! + gap);
    return tau;
  });
const predictor = fc.double({ min: -4, max: 4, noNaN: true });
const logScale = fc.double({ min: -0.7, max: 0.7, noNaN: true });

/** `at` of category j: what stands for an infinite threshold is not to be read. */
const pointAt = (eta: number, tau: readonly number[], j: number): number[] => [eta, tau[j] ?? Number.NaN, tau[j - 1] ?? Number.NaN];

describe.each(CUMULATIVE_LINKS)("%s", (link) => {
  test("cells agree with arithmetic of 1000 digits: far tails, narrow cells, end categories", () => {
    const cell = cumulativeCell(link);
    const out = new Float64Array(CELL_LENGTH);
    expect(cases[link].length).toBeGreaterThan(150);
    for (const [z1, z2, width, ...expected] of cases[link]) {
      cell(z1 ?? Number.POSITIVE_INFINITY, z2 ?? Number.NEGATIVE_INFINITY, width ?? Number.POSITIVE_INFINITY, 3, out);
      for (const [k, value] of expected.entries()) {
        // Relative to the value; where it passes through zero, one rounding of 1.
        const error = Math.abs(out[k]! - value!);
        expect(error, `value ${k} of the cell (${z2}, ${z1}): ${out[k]}, not ${value}`).toBeLessThanOrEqual(
          1e-13 * Math.abs(value!) + 2 ** -52,
        );
      }
      const value = new Float64Array(1);
      cell(z1 ?? Number.POSITIVE_INFINITY, z2 ?? Number.NEGATIVE_INFINITY, width ?? Number.POSITIVE_INFINITY, 0, value);
      expect(value[0]).toBe(out[0]);
    }
  });

  test.each([false, true])("derivatives are those of the log-likelihood (scale: %s)", (scale) => {
    fc.assert(
      fc.property(scales, predictor, logScale, fc.nat(), (tau, eta, zeta, pick) => {
        const categories = tau.length + 1;
        const weights = Float64Array.from({ length: categories }, (_, j) => 0.5 + j);
        const rows = cumulativeRows(
          Int32Array.from({ length: categories }, (_, j) => j),
          categories,
          link,
          weights,
          { scale },
        );
        // Ends, and one category picked.
        for (const j of [0, categories - 1, pick % categories]) {
          const at = pointAt(eta, tau, j).map((x) => (Number.isNaN(x) ? 0 : x));
          expectTrueDerivatives(rows, j, scale ? [...at, zeta] : at);
        }
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  test("probabilities of the categories sum to one", () => {
    fc.assert(
      fc.property(scales, fc.double({ min: -30, max: 30, noNaN: true }), logScale, (tau, eta, zeta) => {
        const categories = tau.length + 1;
        const rows = cumulativeRows(
          Int32Array.from({ length: categories }, (_, j) => j),
          categories,
          link,
          null,
          { scale: true },
        );
        let sum = 0;
        for (let j = 0; j < categories; j++) sum += Math.exp(logLikelihood(rows, j, [...pointAt(eta, tau, j), zeta]));
        expect(sum).toBeCloseTo(1, 13);
      }),
      { seed: SEED },
    );
  });

  test("values for the infinite thresholds are not read, and their derivatives are zero", () => {
    const rows = cumulativeRows(Int32Array.of(0, 2), 3, link, null, { scale: true });
    for (const [i, unread] of [
      [0, 2],
      [1, 1],
    ] as const) {
      const at = [0.3, 1.2, -0.4, 0.1];
      const plain = rowAt(rows, i, at);
      expect(plain[firstAt(unread)]).toBeCloseTo(0, 300);
      for (let other = 0; other < 4; other++) {
        expect(plain[secondAt(4, Math.min(other, unread), Math.max(other, unread))]).toBeCloseTo(0, 300);
      }
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -50]) {
        at[unread] = value;
        expect(rowAt(rows, i, at)).toEqual(plain);
      }
    }
  });

  test("crossed and equal thresholds have likelihood zero, whatever the order", () => {
    const rows = cumulativeRows(Int32Array.of(1), 3, link, null, { scale: true });
    for (const upper of [-1, -0.5]) {
      for (const order of [0, 1, 2, 3] as const) {
        const out = rowAt(rows, 0, [0, upper, -0.5, 0], order);
        expect(out[0]).toBe(Number.NEGATIVE_INFINITY);
      }
    }
  });

  test("all numbers are finite for predictors of 700 on either side, thresholds wide apart or next to each other", () => {
    for (const eta of [-700, -60, 0, 60, 700]) {
      for (const [upper, lower] of [
        [1, -1],
        [1e-12, 0],
        [1 + 2 ** -52, 1],
      ] as const) {
        const rows = cumulativeRows(Int32Array.of(0, 1, 2), 3, link, null);
        for (let i = 0; i < 3; i++) {
          const out = rowAt(rows, i, [eta, upper, lower]);
          expect(out.slice(0, 10).every((x) => Number.isFinite(x) || Number.isNaN(x))).toBe(true);
          expect([...out.slice(0, 10)].map(Number.isNaN)).toEqual(new Array(10).fill(false));
          expect(out[0]).toBeLessThanOrEqual(0);
        }
      }
    }
  });
});

describe.each(LOG_CONCAVE)("%s, whose density is log-concave,", (link) => {
  test("never has a positive second derivative along any predictor, rounding included", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -300, max: 300, noNaN: true }),
        fc.double({ min: -28, max: 5, noNaN: true }),
        fc.integer({ min: 0, max: 2 }),
        (eta, logWidth, j) => {
          const out = rowAt(cumulativeRows(Int32Array.of(j), 3, link, null), 0, [eta, Math.exp(logWidth), 0]);
          for (let a = 0; a < 3; a++) expect(out[secondAt(3, a, a)]).toBeLessThanOrEqual(0);
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });
});

test("two categories with the logit are Bernoulli: log P(Y = 1) = -log(1 + exp(tau - eta))", () => {
  const rows = cumulativeRows(Int32Array.of(0, 1), 2, "logit", null);
  for (const eta of [-700, -3.2, 0, 1.7, 40]) {
    for (const tau of [-0.3, 2]) {
      const x = eta - tau;
      const softplus = (v: number): number => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
      const one = 1 / (1 + Math.exp(-x));
      const high = rowAt(rows, 1, [eta, 0, tau]);
      const low = rowAt(rows, 0, [eta, tau, 0]);
      expect(high[0]).toBeCloseTo(-softplus(-x), 12);
      expect(low[0]).toBeCloseTo(-softplus(x), 12);
      expect(high[firstAt(0)]).toBeCloseTo(1 - one, 14);
      expect(low[firstAt(0)]).toBeCloseTo(-one, 14);
      expect(high[secondAt(3, 0, 0)]).toBeCloseTo(-one * (1 - one), 14);
    }
  }
});

test("the log-log link is the complementary log-log of the reversed scale", () => {
  const loglog = rowAt(cumulativeRows(Int32Array.of(1), 4, "loglog", null), 0, [0.4, 1.3, 0.2]);
  const cloglog = rowAt(cumulativeRows(Int32Array.of(2), 4, "cloglog", null), 0, [-0.4, -0.2, -1.3]);
  expect(loglog[0]).toBe(cloglog[0]);
  expect(loglog[firstAt(0)]).toBe(-cloglog[firstAt(0)]!);
});

describe("ordinal::clm at given parameters", () => {
  /**
   * library(ordinal)                                                          # 2022.11-16
   * e <- clm(rating ~ temp + contact, data = wine, link = LINK, doFit = FALSE)
   * e$par <- c(-1.2, 0.4, 1.5, 2.6, 1.1, 0.7); -ordinal:::clm.nll(e); -ordinal:::clm.grad(e)
   *
   * except cauchit: clm takes -1e5 and 1e5 for the infinite thresholds, beyond which the Cauchy distribution has 6e-6 of its mass, and
   * gives -98.465876. With tau <- c(-Inf, ..., Inf): sum(log(pcauchy(tau[y + 1] - eta) - pcauchy(tau[y] - eta))), and dcauchy.
   */
  const clm: Record<CumulativeLink, readonly [number, readonly number[]]> = {
    logit: [
      -97.220807069718276,
      [-5.118434010149374, -5.673074530684087, 10.305577973883326, 3.880178701904764, 1.063316522710828, -0.315535981103254],
    ],
    probit: [
      -88.271376158047175,
      [3.832719679594755, -0.343122201612342, 7.777033089525999, -3.604979893238059, 1.976908835936892, -1.542430522594869],
    ],
    cloglog: [
      -93.371096952053435,
      [-3.69629547446298, -6.44475460564593, 3.27470218806616, -14.65914837064349, 18.47573010314958, 11.56154259051789],
    ],
    loglog: [
      -100.95294071766833,
      [17.4503918587011, 9.63772558776225, 11.03302713484791, 2.56399355206746, -12.83318557329413, -17.90676000229044],
    ],
    cauchit: [
      -98.465708013803294,
      [-3.818780356081515, -1.244783286509469, 7.616769690694754, 2.555312190536684, -1.95165904800835, -1.722576145049701],
    ],
  };
  const tau = [-1.2, 0.4, 1.5, 2.6];

  test.each(CUMULATIVE_LINKS)("%s: the same log-likelihood and gradient", (link) => {
    const [expected, gradient] = clm[link];
    const rows = cumulativeRows(WINE.rating, 5, link, null);
    let sum = 0;
    const slopes = new Float64Array(6);
    for (const [i, j] of WINE.rating.entries()) {
      const out = rowAt(rows, i, pointAt(1.1 * WINE.temp[i]! + 0.7 * WINE.contact[i]!, tau, j), 1);
      sum += out[0]!;
      if (j < 4) slopes[j] = slopes[j]! + out[firstAt(1)]!;
      if (j > 0) slopes[j - 1] = slopes[j - 1]! + out[firstAt(2)]!;
      slopes[4] = slopes[4]! + out[firstAt(0)]! * WINE.temp[i]!;
      slopes[5] = slopes[5]! + out[firstAt(0)]! * WINE.contact[i]!;
    }
    expect(sum).toBeCloseTo(expected, 10);
    for (const [k, slope] of gradient.entries()) expect(slopes[k]).toBeCloseTo(slope, 10);
  });

  test("a scale depends on covariates by its logarithm", () => {
    // e <- clm(rating ~ temp, scale = ~contact, data = wine, doFit = FALSE); e$par <- c(-1.2, 0.4, 1.5, 2.6, 1.1, 0.3); -ordinal:::clm.nll(e)
    const rows = cumulativeRows(WINE.rating, 5, "logit", null, { scale: true });
    let sum = 0;
    for (const [i, j] of WINE.rating.entries())
      sum += logLikelihood(rows, i, [...pointAt(1.1 * WINE.temp[i]!, tau, j), 0.3 * WINE.contact[i]!]);
    expect(sum).toBeCloseTo(-104.79238313577879, 10);
  });
});
