/** Zero-inflated rows: glmmTMB, differences, limits and tails. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstAt, secondAt, thirdAt } from "../../../src/models/families/row-likelihood.js";
import { zeroInflatedRows } from "../../../src/models/families/zero-inflated.js";
import { COUNTS, nbinom2Rows, poissonRows } from "./count-rows.js";
import { expectTrueDerivatives, logLikelihood, places, rowAt } from "./row-derivatives.js";

const SEED = 20261122;
const VALUES = Float64Array.of(0, 1, 2, 7);
const ZEROS = new Float64Array(4);
const inflated = (weights: Float64Array | null = null) => ({
  poisson: zeroInflatedRows(poissonRows(VALUES), poissonRows(ZEROS), { values: VALUES, weights }),
  nbinom2: zeroInflatedRows(nbinom2Rows(VALUES), nbinom2Rows(ZEROS), { values: VALUES, weights }),
});
const value = fc.double({ min: -3, max: 3, noNaN: true });

test("the rows that the tests build on are right themselves", () => {
  fc.assert(
    fc.property(value, value, (eta, phi) => {
      for (let i = 0; i < 4; i++) {
        expectTrueDerivatives(poissonRows(VALUES), i, [eta]);
        expectTrueDerivatives(nbinom2Rows(VALUES), i, [eta, phi]);
      }
    }),
    { seed: SEED, numRuns: 50 },
  );
  // dnbinom(7, size = 1.3, mu = 2.4, log = TRUE); dpois(7, 2.4, log = TRUE)
  expect(logLikelihood(nbinom2Rows(VALUES), 3, [Math.log(2.4), Math.log(1.3)])).toBeCloseTo(-3.671027378192404, 12);
  expect(logLikelihood(poissonRows(VALUES), 3, [Math.log(2.4)])).toBeCloseTo(-4.796880199588115, 12);
});

describe.each(["poisson", "nbinom2"] as const)("zero-inflated %s", (family) => {
  const further = (phi: number): number[] => (family === "poisson" ? [] : [phi]);

  test("has the base's predictors and zero, and random effects in the mean and in zero", () => {
    const rows = inflated()[family];
    expect(rows.predictors).toEqual(["mean", ...(family === "poisson" ? [] : ["dispersion"]), "zero"]);
    expect(rows.random).toEqual(family === "poisson" ? [0, 1] : [0, 2]);
  });

  test("derivatives are those of the log-likelihood, weights multiplied in", () => {
    fc.assert(
      fc.property(value, value, value, (eta, phi, zeta) => {
        const rows = inflated(Float64Array.of(0.7, 1.3, 2, 0.4))[family];
        for (let i = 0; i < 4; i++) expectTrueDerivatives(rows, i, [eta, ...further(phi), zeta]);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test("probabilities over the counts sum to one", () => {
    const counts = Float64Array.from({ length: 400 }, (_, y) => y);
    const base = family === "poisson" ? poissonRows : nbinom2Rows;
    const rows = zeroInflatedRows(base(counts), base(new Float64Array(400)), { values: counts, weights: null });
    let sum = 0;
    for (let i = 0; i < 400; i++) sum += Math.exp(logLikelihood(rows, i, [0.8, ...further(1), -0.4]));
    expect(sum).toBeCloseTo(1, 12);
  });

  test("is the base where zeros are never certain", () => {
    const rows = inflated()[family];
    const base = (family === "poisson" ? poissonRows : nbinom2Rows)(VALUES);
    const q = base.predictors.length;
    for (let i = 0; i < 4; i++) {
      const at = [0.6, ...further(0.3)];
      const own = rowAt(rows, i, [...at, -700]);
      const plain = rowAt(base, i, at);
      expect(own[0]).toBeCloseTo(plain[0]!, 13);
      for (let a = 0; a < q; a++) {
        expect(own[firstAt(a)]).toBeCloseTo(plain[firstAt(a)]!, 13);
        expect(own[secondAt(q + 1, 0, a)]).toBeCloseTo(plain[secondAt(q, 0, a)]!, 13);
        expect(own[thirdAt(q + 1, 0, 0, a)]).toBeCloseTo(plain[thirdAt(q, 0, 0, a)]!, 13);
      }
    }
  });

  test("all numbers are finite in the tails of both parts", () => {
    const rows = inflated()[family];
    for (const zeta of [-700, -40, 0, 40, 700]) {
      for (const eta of [-700, -40, 6, 12]) {
        for (let i = 0; i < 4; i++) {
          const out = rowAt(rows, i, [eta, ...further(0.5), zeta]);
          expect(out[0]).toBeLessThanOrEqual(0);
          for (const [place] of places(rows)) expect(Number.isFinite(out[place]), `place ${place} at ${eta}, ${zeta}`).toBe(true);
        }
      }
    }
  });
});

test("a zero that both parts make likely keeps the digits of what is missing to certainty", () => {
  const rows = inflated().poisson;
  // mu = exp(-30): P(Y > 0) = (1 - p) mu to first order.
  const out = rowAt(rows, 0, [-30, 2]);
  const missing = Math.exp(-30) / (1 + Math.exp(2));
  expect(out[0]! / -missing).toBeCloseTo(1, 12);
  expect(out[firstAt(0)]! / -missing).toBeCloseTo(1, 12);
  expect(out[firstAt(1)]! / (missing / (1 + Math.exp(-2)))).toBeCloseTo(1, 12);
});

describe("glmmTMB's log-likelihood at its estimates", () => {
  /**
   * library(glmmTMB); set.seed(5); n <- 60; x <- round(rnorm(n), 2)                                                        # 1.1.5
   * y <- ifelse(runif(n) < .35, 0, rnbinom(n, size = 1.5, mu = exp(.6 + .5 * x)))
   * m <- glmmTMB(y ~ x, ziformula = ~x, family = poisson); logLik(m); m$fit$par
   */
  const zeros = new Float64Array(60);
  const data = { values: COUNTS.y, weights: null };

  test("Poisson, zeros depending on x", () => {
    const rows = zeroInflatedRows(poissonRows(COUNTS.y), poissonRows(zeros), data);
    const [b0, b1, z0, z1] = [0.569844152564334, 0.684159180143426, 0.210233494414854, -0.714330449845749];
    let sum = 0;
    for (const [i, x] of COUNTS.x.entries()) sum += logLikelihood(rows, i, [b0! + b1! * x, z0! + z1! * x]);
    expect(sum).toBeCloseTo(-78.0247050293444, 10);
  });

  test("negative binomial: glmmTMB(y ~ x, ziformula = ~1, family = nbinom2)", () => {
    const rows = zeroInflatedRows(nbinom2Rows(COUNTS.y), nbinom2Rows(zeros), data);
    const [b0, b1, zeta, phi] = [0.212726156301151, 0.947371979939571, -0.524394206963329, 1.600366057188257];
    let sum = 0;
    for (const [i, x] of COUNTS.x.entries()) sum += logLikelihood(rows, i, [b0! + b1! * x, phi!, zeta!]);
    expect(sum).toBeCloseTo(-78.6224166990905, 10);
  });
});
