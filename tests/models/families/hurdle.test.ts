/** Truncated and hurdle rows: glmmTMB, differences, identities and tails. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FitError } from "../../../src/messages.js";
import { hurdleRows, truncatedRows } from "../../../src/models/families/hurdle.js";
import { firstAt, secondAt, thirdAt } from "../../../src/models/families/row-likelihood.js";
import { COUNTS, nbinom2Rows, poissonRows } from "./count-rows.js";
import { expectTrueDerivatives, logLikelihood, places, rowAt } from "./row-derivatives.js";

const SEED = 20261122;
const VALUES = Float64Array.of(1, 2, 7);
const ZEROS = new Float64Array(4);
const WITH_ZERO = Float64Array.of(0, 1, 2, 7);
const bases = { poisson: poissonRows, nbinom2: nbinom2Rows };
const value = fc.double({ min: -3, max: 3, noNaN: true });
const positive = (values: Float64Array, weights: Float64Array | null = null) => ({
  name: "visits",
  values,
  rows: Int32Array.from(values.keys()),
  weights,
});

describe.each(["poisson", "nbinom2"] as const)("%s", (family) => {
  const base = bases[family];
  const further = (phi: number): number[] => (family === "poisson" ? [] : [phi]);

  test("derivatives of truncated rows are those of the log-likelihood", () => {
    fc.assert(
      fc.property(value, value, (eta, phi) => {
        const rows = truncatedRows(base(VALUES), base(ZEROS), positive(VALUES, Float64Array.of(0.7, 1.3, 2)));
        for (let i = 0; i < 3; i++) expectTrueDerivatives(rows, i, [eta, ...further(phi)]);
      }),
      { seed: SEED, numRuns: 80 },
    );
  });

  test("derivatives of hurdle rows are those of the log-likelihood", () => {
    fc.assert(
      fc.property(value, value, value, (eta, phi, zeta) => {
        const rows = hurdleRows(base(WITH_ZERO), base(ZEROS), { values: WITH_ZERO, weights: Float64Array.of(0.7, 1.3, 2, 0.4) });
        for (let i = 0; i < 4; i++) expectTrueDerivatives(rows, i, [eta, ...further(phi), zeta]);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test("truncated probabilities of 1, 2, ... sum to one", () => {
    const counts = Float64Array.from({ length: 400 }, (_, y) => y + 1);
    const rows = truncatedRows(base(counts), base(new Float64Array(400)), positive(counts));
    for (const eta of [-8, 0.8]) {
      let sum = 0;
      for (let i = 0; i < 400; i++) sum += Math.exp(logLikelihood(rows, i, [eta, ...further(1)]));
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  test("a hurdle is a Bernoulli part and a truncated part that do not touch", () => {
    const hurdle = hurdleRows(base(WITH_ZERO), base(ZEROS), { values: WITH_ZERO, weights: null });
    const truncated = truncatedRows(base(VALUES), base(ZEROS), positive(VALUES));
    const zero = hurdle.predictors.length - 1;
    expect(hurdle.predictors[zero]).toBe("zero");
    expect(hurdle.random).toEqual([0, zero]);
    const p = 1 / (1 + Math.exp(-0.3));
    const at = [0.9, ...further(0.2)];
    const none = rowAt(hurdle, 0, [...at, 0.3]);
    expect(none[0]).toBeCloseTo(Math.log(p), 14);
    expect(none[firstAt(0)]).toBe(0);
    for (let i = 0; i < 3; i++) {
      const whole = rowAt(hurdle, i + 1, [...at, 0.3]);
      const part = rowAt(truncated, i, at);
      expect(whole[0]).toBeCloseTo(Math.log(1 - p) + part[0]!, 13);
      expect(whole[firstAt(0)]).toBeCloseTo(part[firstAt(0)]!, 13);
      expect(whole[thirdAt(zero + 1, 0, 0, 0)]).toBeCloseTo(part[thirdAt(zero, 0, 0, 0)]!, 13);
      for (let a = 0; a < zero; a++) expect(whole[secondAt(zero + 1, a, zero)]).toBe(0);
    }
  });

  test("where the mean is large truncation does not matter", () => {
    const truncated = rowAt(truncatedRows(base(VALUES), base(ZEROS), positive(VALUES)), 2, [5, ...further(3)]);
    const plain = rowAt(base(VALUES), 2, [5, ...further(3)]);
    // P(Y = 0) is exp(-148) for the Poisson and exp(-43) for the negative binomial.
    for (const [place] of places(base(VALUES))) expect(truncated[place]! / plain[place]!).toBeCloseTo(1, 12);
  });

  test("all numbers are finite where the mean goes to zero and where it is huge", () => {
    const truncated = truncatedRows(base(VALUES), base(ZEROS), positive(VALUES));
    const hurdle = hurdleRows(base(WITH_ZERO), base(ZEROS), { values: WITH_ZERO, weights: null });
    for (const eta of [-700, -300, -36, -1e-9, 0, 6, 6.6, 50]) {
      for (let i = 0; i < 3; i++) {
        const out = rowAt(truncated, i, [eta, ...further(0.5)]);
        for (const [place] of places(truncated)) expect(Number.isFinite(out[place]), `place ${place} at ${eta}`).toBe(true);
        for (const zeta of [-700, 700]) {
          const whole = rowAt(hurdle, i, [eta, ...further(0.5), zeta]);
          for (const [place] of places(hurdle)) expect(Number.isFinite(whole[place]), `place ${place} at ${eta}, ${zeta}`).toBe(true);
        }
      }
    }
  });
});

test("a mean that goes to zero leaves only the count 1: log P(1) = -mu / 2, log P(2) = log(mu / 2)", () => {
  const rows = truncatedRows(poissonRows(VALUES), poissonRows(ZEROS), positive(VALUES));
  const mu = Math.exp(-12);
  const one = rowAt(rows, 0, [-12]);
  expect(one[0]! / (-mu / 2)).toBeCloseTo(1, 5);
  expect(one[firstAt(0)]! / (-mu / 2)).toBeCloseTo(1, 5);
  expect(one[secondAt(1, 0, 0)]! / (-mu / 2)).toBeCloseTo(1, 5);
  expect(logLikelihood(rows, 1, [-600])).toBeCloseTo(-600 - Math.log(2), 10);
});

test("means below the smallest numbers are outside the domain", () => {
  const rows = truncatedRows(poissonRows(VALUES), poissonRows(ZEROS), positive(VALUES));
  expect([...rowAt(rows, 0, [-740])]).toEqual([Number.NEGATIVE_INFINITY, 0, 0, 0]);
});

test("zeros are refused, with their rows", () => {
  const values = Float64Array.of(2, 0, 1, 0);
  const given = { ...positive(values), rows: Int32Array.of(0, 3, 4, 11) };
  expect(() => truncatedRows(poissonRows(values), poissonRows(ZEROS), given)).toThrow(
    new FitError(
      'A family truncated at zero has no zeros, but "visits" is not above zero in rows 4 and 12. Leave these rows out, or use a hurdle model, which has a part for zeros.',
    ),
  );
});

describe("glmmTMB's log-likelihood at its estimates (data as in zero-inflated.test.ts)", () => {
  const zeros = new Float64Array(60);
  const data = { values: COUNTS.y, weights: null };

  test("hurdle: glmmTMB(y ~ x, ziformula = ~x, family = truncated_poisson)", () => {
    const rows = hurdleRows(poissonRows(COUNTS.y), poissonRows(zeros), data);
    const [b0, b1, z0, z1] = [0.581358620099157, 0.671773917259298, 0.57123884251014, -0.983880763660335];
    let sum = 0;
    for (const [i, x] of COUNTS.x.entries()) sum += logLikelihood(rows, i, [b0! + b1! * x, z0! + z1! * x]);
    expect(sum).toBeCloseTo(-78.2052296151462, 10);
  });

  test("hurdle: glmmTMB(y ~ x, ziformula = ~1, family = truncated_nbinom2)", () => {
    const rows = hurdleRows(nbinom2Rows(COUNTS.y), nbinom2Rows(zeros), data);
    const [b0, b1, zeta, phi] = [0.509601769311859, 0.718474127539099, 0.405465016684411, 2.257086171137261];
    let sum = 0;
    for (const [i, x] of COUNTS.x.entries()) sum += logLikelihood(rows, i, [b0! + b1! * x, phi!, zeta!]);
    expect(sum).toBeCloseTo(-83.4912251458533, 10);
  });

  test("truncated: glmmTMB(y ~ x, family = truncated_nbinom2, data = subset(d, y > 0))", () => {
    const kept = Array.from(COUNTS.y.keys()).filter((i) => COUNTS.y[i]! > 0);
    const values = Float64Array.from(kept, (i) => COUNTS.y[i]!);
    const rows = truncatedRows(nbinom2Rows(values), nbinom2Rows(zeros), positive(values));
    const [b0, b1, phi] = [0.50960144233906, 0.71847444753514, 2.25708657948878];
    let sum = 0;
    for (const [k, i] of kept.entries()) sum += logLikelihood(rows, k, [b0! + b1! * COUNTS.x[i]!, phi!]);
    expect(sum).toBeCloseTo(-43.1105251252995, 10);
  });
});
