import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Family, LinkName } from "../../../src/models/families/family.js";
import { families, familyNamed, linkNamed } from "../../../src/models/families/registry.js";
import { type DerivativeOrder, firstAt, secondAt, thirdAt } from "../../../src/models/families/row-likelihood.js";
import { numbersOf, rowsOf, WRITTEN } from "./rows.js";

type Entry = readonly [family: string, link: string, y: number | number[], at: number[], values: number[]];

/** From mpmath (`derivatives.py`): l and its derivatives in as many digits as the tails need. */
const reference = JSON.parse(gunzipSync(readFileSync(new URL("derivatives.json.gz", import.meta.url))).toString("utf8")) as Entry[];

/** Every family with each of its links. */
const pairs = families.flatMap((family) => family.links.map((link): [string, LinkName, Family] => [family.name, link, family]));

describe("log-likelihoods and derivatives agree with many digits, in the tails too", () => {
  it.each(pairs)("%s, %s", (name, link, family) => {
    const entries = reference.filter(([f, l]) => f === name && l === link);
    expect(entries.length).toBeGreaterThan(10);
    for (const [, , y, at, values] of entries) {
      const out = numbersOf(rowsOf(family, link, y), at);
      const size = Math.max(...values.map(Math.abs));
      // The decimal reference has 50 digits beyond what the tails of a binomial or Poisson row need, and 50 in all for other families.
      const floor = name === "binomial" || name === "poisson" ? 1e-300 : 1e-45 * size;
      WRITTEN[at.length]!.forEach((place, k) => {
        const error = Math.abs(out[place]! - values[k]!);
        const tolerance = 2e-12 * Math.abs(values[k]!) + 1e-15 * parts(family, link, y, at, size, k) + floor;
        expect(error, `${JSON.stringify([y, at])}, number ${place}: ${out[place]} for ${values[k]}`).toBeLessThanOrEqual(tolerance);
      });
    }
  });
});

/** Order in eta of the numbers that a family with one or two predictors writes. */
const ETA_ORDER: readonly number[] = [0, 1, 0, 2, 1, 0, 3, 2];

/**
 * The size of the parts of which a number is the sum, where that may be much smaller: by the chain rule through M = c log eta the k-th
 * derivative in eta is made of derivatives in M over eta^k; the derivatives of beta and Student t rows in different predictors share
 * their parts. All others hold relatively, however small.
 */
function parts(family: Family, link: LinkName, y: number | number[], at: readonly number[], size: number, k: number): number {
  if (["sqrt", "identity", "inverse", "1/mu^2"].includes(link) && (family.counts || ["gamma", "inverse_gaussian"].includes(family.name))) {
    const [eta, ...further] = at;
    const inLogMean = numbersOf(rowsOf(family, "log", y), [Math.log(family.mean(link, eta!)), ...further]);
    const largest = Math.max(...WRITTEN[at.length]!.map((place) => Math.abs(inLogMean[place]!)));
    return (10 * largest) / eta! ** (at.length === 1 ? k : ETA_ORDER[k]!);
  }
  return family.name === "student_t" || family.name === "beta" ? size : 0;
}

/** A response in the family's range. */
function responses(family: Family): fc.Arbitrary<number | number[]> {
  switch (family.name) {
    case "binomial":
    case "betabinomial":
      return fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })).filter(([s, f]) => s + f > 0);
    case "poisson":
    case "nbinom1":
    case "nbinom2":
      return fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 2000 })).filter((y) => y !== 3);
    case "beta":
      return fc.double({ min: 0.001, max: 0.999, noNaN: true });
    case "gamma":
    case "inverse_gaussian":
      return fc.double({ min: 0.05, max: 40, noNaN: true });
    default:
      return fc.double({ min: -20, max: 20, noNaN: true });
  }
}

function predictors(family: Family, link: LinkName): fc.Arbitrary<number[]> {
  const further = family.further.map(() => fc.double({ min: -2, max: 5, noNaN: true }));
  return fc.tuple(etas(family, link), ...further);
}

function etas(family: Family, link: LinkName): fc.Arbitrary<number> {
  const proportion = family.name === "binomial";
  switch (link) {
    case "identity":
      if (proportion) return fc.double({ min: 0.02, max: 0.98, noNaN: true });
      return family.name === "gaussian" || family.name === "student_t"
        ? fc.double({ min: -20, max: 20, noNaN: true })
        : fc.double({ min: 0.1, max: 30, noNaN: true });
    case "sqrt":
    case "inverse":
    case "1/mu^2":
      return fc.double({ min: 0.1, max: 8, noNaN: true });
    case "log":
      return proportion ? fc.double({ min: -8, max: -0.02, noNaN: true }) : fc.double({ min: -4, max: 4, noNaN: true });
    default:
      return fc.double({ min: -6, max: 6, noNaN: true });
  }
}

/** The distance in eta over which a row changes: that to the end of the link's domain where there is one near. */
function scaleOf(family: Family, link: LinkName, eta: number): number {
  if (family.name === "binomial" && link === "identity") return Math.min(eta, 1 - eta);
  if (family.name === "binomial" && link === "log") return Math.min(1, -eta);
  if (family.name === "gaussian" && link === "inverse") return Math.min(1, eta);
  if (["gaussian", "student_t"].includes(family.name) || !["identity", "sqrt", "inverse", "1/mu^2"].includes(link)) return 1;
  return Math.min(1, eta);
}

/** Central differences at h and h / 2, extrapolated (Richardson 1911): error of order h^4. */
function difference(f: (at: number[]) => number, at: number[], a: number, h: number): number {
  const shifted = (by: number): number => f(at.map((value, k) => (k === a ? value + by : value)));
  const wide = (shifted(h) - shifted(-h)) / (2 * h);
  const narrow = (shifted(h / 2) - shifted(-h / 2)) / h;
  return (4 * narrow - wide) / 3;
}

describe("every derivative is the derivative of the one below it", () => {
  it.each(pairs)("%s, %s", (_name, link, family) => {
    fc.assert(
      fc.property(responses(family), predictors(family, link), (y, at) => {
        const rows = rowsOf(family, link, y);
        const p = rows.predictors.length;
        const out = numbersOf(rows, at);
        const size = Math.max(...WRITTEN[p]!.map((place) => Math.abs(out[place]!)));
        const trials = typeof y === "number" ? 0 : y[0]! + y[1]!;
        const number = (place: number) => (where: number[]) => numbersOf(rows, where)[place]!;
        const check = (place: number, below: number, a: number): void => {
          const h = 2e-3 * (a === 0 ? scaleOf(family, link, at[0]!) : 1);
          const value = difference(number(below), at, a, h);
          // h^4 of the fifth derivative, and the rounding of the lower derivative over h; a binomial row's is a sum over its trials
          const tolerance = 1e-6 * (Math.abs(value) + Math.abs(out[below]!)) + (1e-14 * (size + 1 + trials)) / h;
          expect(Math.abs(out[place]! - value), `${JSON.stringify([y, at])} number ${place}: ${out[place]} for ${value}`).toBeLessThan(
            tolerance,
          );
        };
        for (let a = 0; a < p; a++) {
          check(firstAt(a), 0, a);
          for (let b = a; b < p; b++) check(secondAt(p, a, b), firstAt(a), b);
          check(thirdAt(p, 0, 0, a), secondAt(p, 0, 0), a);
        }
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});

describe("lower orders", () => {
  it.each(pairs)("%s, %s: the same numbers, and no more", (_name, link, family) => {
    fc.assert(
      fc.property(responses(family), predictors(family, link), (y, at) => {
        const rows = rowsOf(family, link, y);
        const full = numbersOf(rows, at);
        const p = rows.predictors.length;
        for (const order of [0, 1, 2] as const) {
          const out = numbersOf(rows, at, order);
          const length = [1, 1 + p, 1 + p + (p * (p + 1)) / 2][order]!;
          for (let k = 0; k < length; k++) expect(out[k]).toBe(full[k]);
        }
      }),
      { numRuns: 20, seed: 4 },
    );
  });

  it.each(pairs)("%s, %s: prior weights multiply them all", (name, link, family) => {
    fc.assert(
      fc.property(responses(family), predictors(family, link), (y, at) => {
        // the weights of binomial trials multiply the trials, and with them the binomial coefficient
        if (name === "binomial") return;
        const one = numbersOf(rowsOf(family, link, y), at);
        for (const order of [0, 3] as DerivativeOrder[]) {
          const out = numbersOf(rowsOf(family, link, y, 2.5), at, order);
          for (const place of order === 0 ? [0] : WRITTEN[at.length]!) expect(out[place]).toBe(2.5 * one[place]!);
        }
      }),
      { numRuns: 10, seed: 4 },
    );
  });
});

/** l is a log-concave function of eta whatever the response: the observed information is never negative. */
const CONCAVE: ReadonlyMap<string, readonly LinkName[]> = new Map([
  ["binomial", ["logit", "probit", "cloglog", "loglog", "log"]],
  ["poisson", ["log", "sqrt", "identity"]],
  ["nbinom2", ["log"]],
  ["gamma", ["log"]],
]);

describe("far out, from |eta| = 30 to 700", () => {
  it.each(pairs)("%s, %s: every number is finite, and the information of log-concave rows is not negative", (name, link, family) => {
    const bounded = name === "binomial" && (link === "log" || link === "identity");
    const exponential = link === "log" && name !== "student_t";
    for (const size of [30, 37, 80, 300, 350, 700]) {
      for (const sign of [1, -1]) {
        const eta = bounded ? (link === "log" ? -size : 10 ** (-size / 10)) : sign * size;
        if (eta < 0 && ["sqrt", "inverse", "1/mu^2"].includes(link)) continue;
        if (eta < 0 && link === "identity" && !["gaussian", "student_t"].includes(name)) continue;
        // squares of exp(700), which no double holds
        if (exponential && size > 300 && ["gaussian", "inverse_gaussian"].includes(name)) continue;
        for (const y of sampleResponses(name)) {
          for (const further of [-3, 0, 6]) {
            const out = numbersOf(rowsOf(family, link, y), [eta, ...family.further.map(() => further)]);
            // A beta or double exponential row whose log-likelihood is beyond every double says so.
            if (out[0] === Number.NEGATIVE_INFINITY) continue;
            for (const place of WRITTEN[1 + family.further.length]!) {
              expect(Number.isFinite(out[place]!), `${y} at ${eta}, ${further}: number ${place} is ${out[place]}`).toBe(true);
            }
            if (CONCAVE.get(name)?.includes(link)) expect(out[secondAt(1 + family.further.length, 0, 0)]).toBeLessThanOrEqual(0);
          }
        }
      }
    }
  });

  it("a row outside the domain of its link has log-likelihood minus infinity", () => {
    for (const [name, link, eta] of [
      ["binomial", "log", 0.1],
      ["binomial", "identity", 1.2],
      ["binomial", "identity", -0.1],
      ["poisson", "identity", -1],
      ["nbinom2", "sqrt", 0],
      ["gamma", "inverse", -2],
      ["inverse_gaussian", "1/mu^2", 0],
      ["gaussian", "inverse", 0],
      ["binomial", "logit", Number.NaN],
      ["poisson", "log", Number.POSITIVE_INFINITY],
      ["student_t", "log", 1000],
    ] as const) {
      const family = familyNamed(name);
      const out = numbersOf(rowsOf(family, linkNamed(family, link), name === "binomial" ? [1, 2] : 2), [eta, 0, 0]);
      expect(out[0], `${name} ${link}`).toBe(Number.NEGATIVE_INFINITY);
      for (const place of WRITTEN[1 + family.further.length]!.slice(1)) expect(out[place]).toBe(0);
    }
  });
});

function sampleResponses(name: string): readonly (number | number[])[] {
  switch (name) {
    case "binomial":
    case "betabinomial":
      return [
        [1, 0],
        [0, 1],
        [5, 3],
        [60, 70],
      ];
    case "poisson":
    case "nbinom1":
    case "nbinom2":
      return [0, 1, 9, 800];
    case "beta":
      return [1e-6, 0.4, 0.999];
    case "gamma":
    case "inverse_gaussian":
      return [0.01, 4, 500];
    default:
      return [-7, 0, 2];
  }
}
