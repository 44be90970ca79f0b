// Model matrices against R's model.matrix, complete: rows, names, terms and values (model-matrix.R made the numbers).
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame } from "../../../src/models/frame/build-frame.js";
import { contrastMatrix } from "../../../src/models/frame/contrasts.js";
import { numberLabel } from "../../../src/models/frame/factors.js";
import { roundHalfEven } from "../../../src/models/frame/functions.js";
import { designForNewData } from "../../../src/models/frame/new-data.js";
import { stored, storedTable as table } from "./stored.js";

/** The largest difference relative to the larger of 1 and the column's size: R and we both round in the last digits. */
function largestDifference(ours: ArrayLike<number>, theirs: readonly (number | null)[]): number {
  expect(ours.length).toBe(theirs.length);
  const size = theirs.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 1);
  let largest = 0;
  for (let i = 0; i < theirs.length; i++) {
    const gap = theirs[i] === null ? (Number.isNaN(ours[i]) ? 0 : Number.POSITIVE_INFINITY) : Math.abs(ours[i]! - theirs[i]!);
    if (!(gap <= largest)) largest = gap;
  }
  return largest / size;
}

describe("the fixed matrix is R's model.matrix", () => {
  test.each(
    stored.cases.map((one) => [one.contrasts === null ? one.rhs : `${one.rhs} with ${JSON.stringify(one.contrasts)}`, one] as const),
  )("~ %s", (_, one) => {
    const frame = buildFrame(parseFormula(`y ~ ${one.rhs}`), table, one.contrasts === null ? {} : { contrasts: one.contrasts });
    const { fixed } = frame;
    expect(fixed.names).toEqual(one.names);
    expect(fixed.terms.map(({ label }) => label)).toEqual(one.labels);
    expect(Array.from(fixed.termOf, (term) => term + 1)).toEqual(one.assign);
    expect([...frame.rows]).toEqual(one.rows);
    expect(largestDifference(fixed.values, one.values)).toBeLessThan(5e-14);
  });

  test.each(stored.cases.map((one) => [one.rhs, one] as const))(
    "new data that are the training data give the same matrix: ~ %s",
    (_, one) => {
      const frame = buildFrame(parseFormula(`y ~ ${one.rhs}`), table, one.contrasts === null ? {} : { contrasts: one.contrasts });
      const recipe = JSON.parse(JSON.stringify(frame.recipe)) as typeof frame.recipe;
      expect(recipe).toEqual(frame.recipe);
      const again = designForNewData(recipe, table);
      expect(again.fixed.names).toEqual(frame.fixed.names);
      const p = frame.fixed.names.length;
      const overRows = Float64Array.from({ length: frame.rows.length * p }, (_, at) => {
        const column = Math.floor(at / frame.rows.length);
        return again.fixed.values[column * table.rowCount + frame.rows[at % frame.rows.length]!]!;
      });
      expect(overRows).toEqual(frame.fixed.values);
    },
  );
});

describe("bases at new points are R's predict()", () => {
  test.each(stored.bases.map((one) => [one.rhs, one] as const))("%s", (_, one) => {
    const { recipe } = buildFrame(parseFormula(`y ~ 0 + ${one.rhs}`), table);
    const at = designForNewData(recipe, Table.from({ x: [...one.x] }));
    expect(largestDifference(at.fixed.values, one.values)).toBeLessThan(1e-13);
  });
});

test("numbers are written as R's as.character writes them, whole numbers without an exponent", () => {
  const written = stored.numbers.map((number) => numberLabel(number));
  const expected = stored.labels.map((label) => (label === "1e+15" ? "1e+15" : label));
  expect(written).toEqual(expected);
  expect([100000, 1e6, -0].map(numberLabel)).toEqual(["100000", "1000000", "0"]);
});

test("polynomial contrasts of 2 to 12 levels are R's contr.poly", () => {
  stored.polynomials.forEach((values, k) => {
    const levels = Array.from({ length: k + 2 }, (_, level) => String(level));
    expect(largestDifference(contrastMatrix("poly", levels).values, values)).toBeLessThan(1e-12);
  });
});

test("polynomial contrasts of many levels stay orthonormal", () => {
  const count = 60;
  const { values } = contrastMatrix(
    "poly",
    Array.from({ length: count }, (_, level) => String(level)),
  );
  for (let a = 0; a < count - 1; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += values[a * count + i]! * values[b * count + i]!;
      expect(Math.abs(sum - (a === b ? 1 : 0))).toBeLessThan(1e-13);
    }
  }
});

test("round is half to even at decimals too, as in R 4", () => {
  const numbers = [0.15, 0.25, 0.35, 2.675, 1.005, -0.45, 5.015, 1234.5678];
  expect(numbers.map((x) => roundHalfEven(x, 1))).toEqual(stored.rounded);
});
