import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomial } from "../../src/models/families/binomial.js";
import { cumulativeRows } from "../../src/models/families/cumulative.js";
import { poisson } from "../../src/models/families/poisson.js";
import { fitFixedOnly } from "../../src/models/laplace/fixed-only.js";
import type { PredictorDesign, RowModel } from "../../src/models/laplace/row-model.js";
import { allocateDerivatives } from "../../src/models/laplace/row-model.js";
import {
  type DirectionProblem,
  directionProblem,
  FALLS,
  FREE,
  type RowForm,
  separatingDirection,
} from "../../src/models/separation-cone.js";
import { meanBlock, thresholdBlock } from "../../src/models/separation-forms.js";
import { provenFinite } from "../../src/models/separation-screen.js";
import { normal, uniform } from "./linalg/naive.js";

const design = (columns: readonly (readonly number[])[], first = 0): PredictorDesign => ({
  columns: columns.map((own) => Float64Array.from(own)),
  parameter: Int32Array.from(columns, (_, j) => first + j),
  offset: null,
});

/** Every form of every row as a vector, with the way it may go: an inequality, or an equation. */
function constraints({ n, psiCount, predictors, forms }: DirectionProblem): { readonly row: number[]; readonly bound: boolean }[] {
  return forms.flatMap(({ terms, rise }) =>
    Array.from({ length: n }, (_, i) => i).flatMap((i) => {
      if (rise[i] === FREE) return [];
      const row = Array<number>(psiCount).fill(0);
      for (const { predictor, sign } of terms) {
        const { columns, parameter } = predictors[predictor]!;
        columns.forEach((column, j) => {
          row[parameter[j]!]! += sign * (rise[i] === FALLS ? -1 : 1) * column[i]!;
        });
      }
      return [{ row, bound: rise[i] === 0 }];
    }),
  );
}

const determinant = (rows: readonly (readonly number[])[]): number =>
  rows.length === 0
    ? 1
    : rows[0]!.reduce(
        (sum, x, j) =>
          x === 0 ? sum : sum + (j % 2 === 0 ? x : -x) * determinant(rows.slice(1).map((row) => row.filter((_, k) => k !== j))),
        0,
      );

/** All choices of `size` items. */
function choices<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, k) => choices(items.slice(k + 1), size - 1).map((rest) => [item, ...rest]));
}

/**
 * Whether a direction separates, in whole numbers: a cone of constraints that span the space has an extreme ray on the intersection of
 * p - 1 of their hyperplanes, if it has anything but zero. Null where the constraints do not span.
 */
function separatedByRays(problem: DirectionProblem): boolean | null {
  const p = problem.psiCount;
  const all = constraints(problem);
  const distinct = [...new Map(all.map(({ row }) => [row.join(), row])).values()];
  if (!choices(distinct, p).some((rows) => determinant(rows) !== 0)) return null;
  for (const rows of choices(distinct, p - 1)) {
    const ray = Array.from({ length: p }, (_, j) => (j % 2 === 0 ? 1 : -1) * determinant(rows.map((row) => row.filter((_, k) => k !== j))));
    for (const sign of [1, -1]) {
      const along = all.map(({ row, bound }) => ({ bound, value: row.reduce((sum, x, j) => sum + sign * x * ray[j]!, 0) }));
      const allowed = along.every(({ bound, value }) => (bound ? value === 0 : value >= 0));
      if (allowed && along.some(({ value }) => value > 0)) return true;
    }
  }
  return false;
}

const response = (values: readonly number[], trials: readonly number[] | null = null) => ({
  name: "y",
  values: Float64Array.from(values),
  trials: trials === null ? null : Float64Array.from(trials),
  levels: null,
  rows: Int32Array.from(values, (_, i) => i),
  weights: null,
  weightsName: null,
});

const binary = (columns: readonly (readonly number[])[], y: readonly number[], trials: readonly number[] | null = null): DirectionProblem =>
  directionProblem(
    { n: y.length, psiCount: columns.length, predictors: [design(columns)] },
    meanBlock(binomial, "logit", response(y, trials), null)!.forms,
  );

const ones = (n: number): number[] => Array<number>(n).fill(1);

/** Rows of p - 1 small whole numbers and a response. */
const data = (p: number, outcomes: number) =>
  fc.array(fc.tuple(fc.tuple(...Array.from({ length: p - 1 }, () => fc.integer({ min: -2, max: 2 }))), fc.nat(outcomes - 1)), {
    minLength: 3,
    maxLength: 9,
  });

const columnsOf = (rows: readonly (readonly [readonly number[], number])[], p: number): number[][] => [
  ones(rows.length),
  ...Array.from({ length: p - 1 }, (_, j) => rows.map(([x]) => x[j]!)),
];

/** Three categories: two thresholds, then coefficients. */
function ordered(columns: readonly (readonly number[])[], category: readonly number[]): DirectionProblem {
  const n = category.length;
  const indicator = (of: (j: number) => boolean): number[] => category.map((j) => (of(j) ? 1 : 0));
  const predictors = [
    design(columns, 2),
    design([indicator((j) => j === 0), indicator((j) => j === 1)]),
    design([indicator((j) => j === 1), indicator((j) => j === 2)]),
  ];
  return directionProblem(
    { n, psiCount: 2 + columns.length, predictors },
    thresholdBlock(Int32Array.from(category), ["a", "b", "c"]).forms,
  );
}

describe("the direction of separation", () => {
  it("agrees with the extreme rays for 0/1 responses, two and three coefficients", () => {
    let separated = 0;
    let overlapping = 0;
    for (const p of [2, 3]) {
      fc.assert(
        fc.property(data(p, 2), (rows) => {
          const y = rows.map(([, own]) => own);
          fc.pre(y.includes(0) && y.includes(1));
          const problem = binary(columnsOf(rows, p), y);
          const truth = separatedByRays(problem);
          fc.pre(truth !== null);
          if (truth) separated++;
          else overlapping++;
          expect(separatingDirection(problem) !== null).toBe(truth);
        }),
        { seed: 41, numRuns: 1500 },
      );
    }
    expect(separated).toBeGreaterThan(500);
    expect(overlapping).toBeGreaterThan(500);
  });

  it("agrees with the extreme rays where rows with successes and failures bind it", () => {
    fc.assert(
      fc.property(data(3, 4), (rows) => {
        const y = rows.map(([, own]) => Math.min(own, 2));
        fc.pre(y.some((s) => s > 0) && y.some((s) => s < 2));
        const problem = binary(
          columnsOf(rows, 3),
          y,
          y.map(() => 2),
        );
        const truth = separatedByRays(problem);
        fc.pre(truth !== null);
        expect(separatingDirection(problem) !== null).toBe(truth);
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it("agrees with the extreme rays for counts and for three ordered categories", () => {
    fc.assert(
      fc.property(data(3, 4), (rows) => {
        const y = rows.map(([, own]) => own);
        fc.pre(y.some((count) => count > 0));
        const problem = directionProblem(
          { n: y.length, psiCount: 3, predictors: [design(columnsOf(rows, 3))] },
          meanBlock(poisson, "log", response(y), null)!.forms,
        );
        const truth = separatedByRays(problem);
        fc.pre(truth !== null);
        expect(separatingDirection(problem) !== null).toBe(truth);
      }),
      { seed: 43, numRuns: 1000 },
    );
    fc.assert(
      fc.property(data(2, 3), (rows) => {
        const category = rows.map(([, own]) => own);
        fc.pre(new Set(category).size === 3);
        const problem = ordered(columnsOf(rows, 2).slice(1), category);
        const truth = separatedByRays(problem);
        fc.pre(truth !== null);
        expect(separatingDirection(problem) !== null).toBe(truth);
      }),
      { seed: 44, numRuns: 1000 },
    );
  });

  it("lets rise together what can rise: a row stays only where no direction moves it", () => {
    fc.assert(
      fc.property(data(3, 2), (rows) => {
        const y = rows.map(([, own]) => own);
        fc.pre(y.includes(0) && y.includes(1));
        const problem = binary(columnsOf(rows, 3), y);
        const found = separatingDirection(problem);
        fc.pre(found !== null && separatedByRays(problem) === true);
        const all = constraints(problem);
        const along = (d: ArrayLike<number>, row: readonly number[]): number => row.reduce((sum, x, j) => sum + x * d[j]!, 0);
        for (const { row } of all) expect(along(found!.direction, row)).toBeGreaterThan(-1e-8);
        // The rays of the cone, by brute force: every row that one of them moves is reported.
        const distinct = [...new Map(all.map(({ row }) => [row.join(), row])).values()];
        for (const [a, b] of choices(distinct, 2)) {
          const ray = [a![1]! * b![2]! - a![2]! * b![1]!, a![2]! * b![0]! - a![0]! * b![2]!, a![0]! * b![1]! - a![1]! * b![0]!];
          for (const sign of [1, -1]) {
            if (!all.every(({ row }) => sign * along(ray, row) >= 0)) continue;
            all.forEach(({ row }, i) => {
              if (sign * along(ray, row) > 0) expect(found!.rising[i]).toBe(1);
            });
          }
        }
        expect(found!.complete).toBe(found!.rising.every((x) => x === 1));
      }),
      { seed: 45, numRuns: 1000 },
    );
  });

  it("does not depend on the scale of a column, and sees a narrow gap", () => {
    const x = Array.from({ length: 40 }, (_, i) => 1e6 + i * 1e-2);
    const y = x.map((_, i) => (i < 20 ? 0 : 1));
    // Centred as working columns are.
    const centred = x.map((value) => value - 1e6);
    const found = separatingDirection(binary([ones(40), centred], y));
    expect(found?.complete).toBe(true);
    const touching = separatingDirection(
      binary(
        [
          [...ones(40), 1, 1],
          [...centred, 0.2, 0.2],
        ],
        [...y, 0, 1],
      ),
    );
    expect(touching?.complete).toBe(false);
    expect(touching?.rising.reduce((sum, own) => sum + own, 0)).toBe(39);
    expect(
      separatingDirection(
        binary(
          [
            [...ones(40), 1, 1],
            [...centred, 0.2, 0.19],
          ],
          [...y, 0, 1],
        ),
      ),
    ).toBeNull();
  });
});

/** The fit without random effects and its first derivatives. */
function firstDerivatives(predictors: readonly PredictorDesign[], likelihood: RowModel["likelihood"], start: Float64Array, n: number) {
  const model: RowModel = {
    n,
    likelihood,
    predictors,
    psiCount: start.length,
    groups: [],
    groupPredictor: new Int32Array(0),
    random: [0],
  };
  const rows = allocateDerivatives(model);
  fitFixedOnly(
    model,
    rows,
    predictors.map(() => new Float64Array(n)),
    start,
  );
  return { model, first: rows.first };
}

describe("the proof from the fit without random effects", () => {
  it("never calls a separated response finite, and settles nearly every other", () => {
    let overlapping = 0;
    let settled = 0;
    fc.assert(
      fc.property(data(3, 2), (rows) => {
        const y = rows.map(([, own]) => own);
        fc.pre(y.includes(0) && y.includes(1));
        const problem = binary(columnsOf(rows, 3), y);
        const truth = separatedByRays(problem);
        fc.pre(truth !== null);
        const { model, first } = firstDerivatives(problem.predictors, binomial.rows(response(y), "logit"), new Float64Array(3), y.length);
        const finite = provenFinite(problem, model, first);
        if (truth) expect(finite).toBe(false);
        else {
          overlapping++;
          if (finite) settled++;
        }
      }),
      { seed: 46, numRuns: 1500 },
    );
    expect(overlapping).toBeGreaterThan(100);
    expect(settled).toBe(overlapping);
  });

  it("is there exactly where no direction is, with eight predictors on any scale", () => {
    const next = normal(48);
    const coin = uniform(49);
    let separated = 0;
    for (let trial = 0; trial < 120; trial++) {
      // Half of all responses are separable at n = 2 p (Cover 1965).
      const n = 12 + (trial % 12);
      const columns = [ones(n), ...Array.from({ length: 8 }, (_, j) => Array.from({ length: n }, () => 10 ** (j - 4) * next()))];
      const y = Array.from({ length: n }, (_, i) => (i === 0 ? 0 : i === 1 ? 1 : coin() < 0.5 ? 0 : 1));
      const problem = binary(columns, y);
      const { model, first } = firstDerivatives(problem.predictors, binomial.rows(response(y), "logit"), new Float64Array(9), n);
      const found = separatingDirection(problem) !== null;
      expect(provenFinite(problem, model, first)).toBe(!found);
      if (found) separated++;
    }
    expect(separated).toBeGreaterThan(30);
    expect(separated).toBeLessThan(90);
  });

  it("holds for ordered categories with probit thresholds", () => {
    let settled = 0;
    fc.assert(
      fc.property(data(2, 3), (rows) => {
        const category = rows.map(([, own]) => own);
        fc.pre(new Set(category).size === 3);
        const problem = ordered(columnsOf(rows, 2).slice(1), category);
        const truth = separatedByRays(problem);
        fc.pre(truth !== null);
        const likelihood = cumulativeRows(Int32Array.from(category), 3, "probit", null);
        const { model, first } = firstDerivatives(problem.predictors, likelihood, Float64Array.of(-1, 1, 0), category.length);
        const finite = provenFinite(problem, model, first);
        if (truth) expect(finite).toBe(false);
        else if (finite) settled++;
      }),
      { seed: 47, numRuns: 1000 },
    );
    expect(settled).toBeGreaterThan(100);
  });
});

/** Fills the form of the types that tests make by hand. */
const form: RowForm["terms"] = [{ predictor: 0, sign: 1 }];

describe("forms", () => {
  it("leave rows without information alone", () => {
    const problem = directionProblem({ n: 2, psiCount: 1, predictors: [design([[1, 1]])] }, [
      { terms: form, rise: Int8Array.of(FALLS, FREE) },
    ]);
    expect(separatingDirection(problem)).toMatchObject({ complete: true, rising: Uint8Array.of(1, 0) });
  });
});
