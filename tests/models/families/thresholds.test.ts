/** Threshold structures as ordinal makes them, the rows' design, starts, and the response as categories. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FitError } from "../../../src/messages.js";
import { CUMULATIVE_LINKS, cumulativeRows } from "../../../src/models/families/cumulative.js";
import type { ResponseRows } from "../../../src/models/families/family.js";
import {
  responseCategories,
  THRESHOLD_STRUCTURES,
  type ThresholdDesign,
  type ThresholdStructure,
  thresholdDesign,
  thresholdParameterNames,
  thresholdRows,
  thresholdStart,
  thresholdValues,
} from "../../../src/models/families/thresholds.js";
import { logLikelihood } from "./row-derivatives.js";
import { WINE } from "./wine.js";

const SEED = 20261122;
const made = JSON.parse(readFileSync(new URL("./thresholds.json", import.meta.url), "utf8")) as {
  categories: number;
  structure: ThresholdStructure;
  names: string[];
  jacobian: number[];
}[];

const numbered = (categories: number): string[] => Array.from({ length: categories }, (_, j) => String(j + 1));

const response = (values: readonly number[], rest: Partial<ResponseRows> = {}): ResponseRows => ({
  name: "rating",
  values: Float64Array.from(values),
  trials: null,
  levels: null,
  rows: Int32Array.from(values.keys()),
  weights: null,
  weightsName: null,
  ...rest,
});

describe("threshold structures", () => {
  test.each(made)(
    "$structure with $categories categories has ordinal's parameters and Jacobian",
    ({ categories, structure, names, jacobian }) => {
      const design = thresholdDesign(numbered(categories), structure, "y");
      expect(design.parameters).toEqual(names);
      expect([...design.jacobian]).toEqual(jacobian);
      expect(design.thresholds).toEqual(
        numbered(categories)
          .slice(1)
          .map((level, j) => `${j + 1}|${level}`),
      );
    },
  );

  test("there are reference values for every structure", () => {
    expect(new Set(made.map(({ structure }) => structure))).toEqual(new Set(THRESHOLD_STRUCTURES));
  });

  test.each(THRESHOLD_STRUCTURES.slice(1))("%s thresholds are refused with two categories, which are named", (structure) => {
    expect(() => thresholdDesign(["no", "yes"], structure, "passed")).toThrow(
      new FitError(
        `Thresholds that are ${structure} need three categories or more, but "passed" has 2 categories in the rows used ("no" and "yes"). Use flexible thresholds.`,
      ),
    );
  });

  test("with nominal effects have ordinal's names, the parameters within each column", () => {
    // names(coef(clm(rating ~ temp, nominal = ~contact, data = wine, threshold = "equidistant")))
    expect(thresholdParameterNames(thresholdDesign(numbered(5), "equidistant", "rating"), ["contactyes"])).toEqual([
      "threshold.1.(Intercept)",
      "spacing.(Intercept)",
      "threshold.1.contactyes",
      "spacing.contactyes",
    ]);
  });
});

/** Thresholds of row i from the rows' design. */
function times(columns: Float64Array, n: number, i: number, parameters: readonly number[]): number {
  return parameters.reduce((sum, a, k) => sum + a * columns[k * n + i]!, 0);
}

describe("ordinal::clm at given parameters", () => {
  const design = (structure: ThresholdStructure): ThresholdDesign => thresholdDesign(numbered(5), structure, "rating");

  function sum(structure: ThresholdStructure, parameters: readonly number[], nominal: boolean, slopes: readonly [number, number]): number {
    const columns = nominal ? { names: ["contactyes"], columns: WINE.contact } : null;
    const { upper, lower, parameters: names } = thresholdRows(design(structure), WINE.rating, columns);
    expect(names.length).toBe(parameters.length);
    const rows = cumulativeRows(WINE.rating, 5, "logit", null);
    let total = 0;
    for (let i = 0; i < 72; i++) {
      const eta = slopes[0] * WINE.temp[i]! + slopes[1] * WINE.contact[i]!;
      total += logLikelihood(rows, i, [eta, times(upper, 72, i, parameters), times(lower, 72, i, parameters)]);
    }
    return total;
  }

  // e <- clm(rating ~ temp + contact, data = wine, threshold = STRUCTURE, doFit = FALSE); e$par <- c(PARAMETERS, 1.1, 0.7); -ordinal:::clm.nll(e)
  test.each([
    ["symmetric", [0.5, 1.6, 1.5], -97.026319955016106],
    ["symmetric2", [0.7, 2.2], -107.58745710839032],
    ["equidistant", [-1, 1.4], -95.073523157787648],
  ] as const)("%s", (structure, parameters, expected) => {
    expect(sum(structure, parameters, false, [1.1, 0.7])).toBeCloseTo(expected, 10);
  });

  // e <- clm(rating ~ temp, nominal = ~contact, data = wine, threshold = STRUCTURE, doFit = FALSE); e$par <- c(PARAMETERS, 1.1); -ordinal:::clm.nll(e)
  test.each([
    ["flexible", [-1.2, 0.4, 1.5, 2.6, -0.5, -0.9, -0.6, -0.4], -96.489936469972363],
    ["equidistant", [-1.2, 1.3, -0.5, -0.1], -98.546780330847028],
  ] as const)("%s with nominal effects", (structure, parameters, expected) => {
    expect(sum(structure, parameters, true, [1.1, 0])).toBeCloseTo(expected, 10);
  });
});

describe("starting values", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 3, maxLength: 9 });
  const categoriesOf = (of: readonly number[]): Int32Array => Int32Array.from(of.flatMap((count, j) => new Array<number>(count).fill(j)));

  test.each(CUMULATIVE_LINKS)("%s: flexible ones give the observed proportions, weighted or not", (link) => {
    fc.assert(
      fc.property(counts, (of) => {
        const total = of.reduce((a, b) => a + b);
        const design = thresholdDesign(numbered(of.length), "flexible", "y");
        const repeated = thresholdStart(design, categoriesOf(of), link, null);
        const weighted = thresholdStart(design, Int32Array.from(of.keys()), link, Float64Array.from(of));
        expect(weighted).toEqual(repeated);
        const rows = cumulativeRows(Int32Array.from(of.keys()), of.length, link, null);
        for (const [j, count] of of.entries()) {
          const probability = Math.exp(logLikelihood(rows, j, [0, repeated[j] ?? 0, repeated[j - 1] ?? 0]));
          expect(probability).toBeCloseTo(count / total, 12);
        }
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  test.each(THRESHOLD_STRUCTURES)("%s thresholds start in order, nearest to the flexible ones by least squares", (structure) => {
    fc.assert(
      fc.property(counts, (of) => {
        const design = thresholdDesign(numbered(of.length), structure, "y");
        const category = categoriesOf(of);
        const observed = thresholdStart(thresholdDesign(numbered(of.length), "flexible", "y"), category, "logit", null);
        const start = thresholdStart(design, category, "logit", null);
        const { values } = thresholdValues(design, start, null);
        for (let j = 1; j < values.length; j++) expect(values[j]).toBeGreaterThan(values[j - 1]!);
        for (let k = 0; k < design.parameters.length; k++) {
          let normal = 0;
          for (let j = 0; j < values.length; j++) normal += design.jacobian[k * values.length + j]! * (observed[j]! - values[j]!);
          expect(normal).toBeCloseTo(0, 10);
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });
});

test("the thresholds' covariance is J C J'", () => {
  const design = thresholdDesign(numbered(4), "equidistant", "y"); // rows (1 0), (1 1), (1 2)
  const { names, values, covariance } = thresholdValues(design, Float64Array.of(-1, 0.5), Float64Array.of(4, 1, 1, 9));
  expect(names).toEqual(["1|2", "2|3", "3|4"]);
  expect([...values]).toEqual([-1, -0.5, 0]);
  expect([...covariance!]).toEqual([4, 5, 6, 5, 15, 25, 6, 25, 44]);
});

describe("the response as categories", () => {
  test("keeps a factor's levels in their order", () => {
    const { category, levels, dropped, notes } = responseCategories(response([2, 0, 1, 2], { levels: ["low", "middle", "high"] }));
    expect([...category]).toEqual([2, 0, 1, 2]);
    expect(levels).toEqual(["low", "middle", "high"]);
    expect(dropped).toEqual([]);
    expect(notes).toEqual([]);
  });

  test("leaves out levels without rows, as ordinal does, and says so", () => {
    const { category, levels, dropped, notes } = responseCategories(response([4, 0, 3, 4], { levels: ["a", "b", "c", "__proto__", "e"] }));
    expect([...category]).toEqual([2, 0, 1, 2]);
    expect(levels).toEqual(["a", "__proto__", "e"]);
    expect(dropped).toEqual(["b", "c"]);
    expect(notes).toEqual([
      {
        code: "empty-categories",
        message:
          'Categories "b" and "c" of "rating" have no row among those used and were left out: the thresholds on both sides could not be told apart.',
      },
    ]);
    const one = responseCategories(response([0, 2], { levels: ["a", "b", "c"] })).notes[0]!.message;
    expect(one).toBe(
      'Category "b" of "rating" has no row among those used and was left out: the thresholds on both sides could not be told apart.',
    );
  });

  test("takes whole numbers as ordered categories, and says so", () => {
    const { category, levels, notes } = responseCategories(response([10, -1, 3, 10, 0]));
    expect(levels).toEqual(["-1", "0", "3", "10"]);
    expect([...category]).toEqual([3, 0, 2, 3, 1]);
    expect(notes).toEqual([
      {
        code: "numbers-as-categories",
        message: 'The numbers of "rating" are taken as ordered categories: -1, 0, 3 and 10. The distances between them do not count.',
      },
    ]);
  });

  test("refuses fractions, naming rows and values as a person counts them", () => {
    expect(() => responseCategories(response([1, 2.5, 3, 0.1], { rows: Int32Array.of(0, 4, 5, 9) }))).toThrow(
      new FitError(
        'The response "rating" holds numbers that are not whole (2.5 in row 5 and 0.1 in row 10), so they are not categories. Make it a factor, or use a family for numbers.',
      ),
    );
  });

  test("takes two categories and refuses one", () => {
    expect(responseCategories(response([1, 0], { levels: ["false", "true"] })).levels).toEqual(["false", "true"]);
    expect(() => responseCategories(response([1, 1], { levels: ["false", "true"] }))).toThrow(
      new FitError(
        'The response "rating" has only one category ("true") in the rows used, so there is nothing to explain. Check the column and the rows kept.',
      ),
    );
  });

  test("refuses successes and failures", () => {
    expect(() => responseCategories(response([1, 1], { trials: Float64Array.of(2, 2) }))).toThrow(
      new FitError(
        'The response "rating" gives successes and failures, but a model of categories needs one category a row. Use the binomial family for it.',
      ),
    );
  });
});
