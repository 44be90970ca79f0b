// Units of random terms: lme4's grouping factors (model-matrix.R), memberships, and their look-up in new data.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame } from "../../../src/models/frame/build-frame.js";
import { designForNewData } from "../../../src/models/frame/new-data.js";
import { productCodes } from "../../../src/models/frame/products.js";
import type { FactorValue } from "../../../src/models/frame/values.js";
import { stored, storedTable } from "./stored.js";

const frameOf = (formula: string, columns: Record<string, readonly unknown[]>) =>
  buildFrame(parseFormula(formula), Table.from(columns as never));

describe("grouping factors are lme4's", () => {
  test.each(stored.units.map((one) => [one.bar, one] as const))("%s", (_, one) => {
    const { random } = buildFrame(parseFormula(`y ~ 1 + ${one.bar}`), storedTable);
    const ours = random.map(({ group, levels, levelOf }) => ({ label: group, levels: [...levels], codes: [...levelOf] }));
    const byLabel = (a: { label: string }, b: { label: string }): number => (a.label < b.label ? -1 : 1);
    expect(ours.sort(byLabel)).toEqual([...one.factors].sort(byLabel));
  });
});

test("terms on one factor share the levels and the codes", () => {
  const { random } = frameOf("y ~ x + (1 | g) + (0 + x | g)", { y: [1, 2, 3], x: [0, 1, 2], g: [30, 4, 30] });
  expect(random[0]!.levels).toBe(random[1]!.levels);
  expect(random[0]!.levelOf).toBe(random[1]!.levelOf);
  expect(random[0]!.levels).toEqual(["4", "30"]);
});

test("a column named like a product is not taken for the product", () => {
  const { random } = frameOf("y ~ 1 + (1 | `b:a`) + (1 | b:a)", {
    y: [1, 2, 3],
    "b:a": ["p", "p", "q"],
    a: ["x", "y", "y"],
    b: ["u", "u", "v"],
  });
  expect(random.map(({ levels }) => [...levels])).toEqual([
    ["p", "q"],
    ["u:x", "u:y", "v:y"],
  ]);
});

test("units of a product are found in new data by their parts, not by their joined names", () => {
  const columns = { y: [1, 2, 3], a: ["1:2", "1", "9"], b: ["3", "2:3", "9"] };
  const { recipe, random } = frameOf("y ~ 1 + (1 | a:b)", columns);
  expect(random[0]!.levels).toEqual(["1:2:3", "1:2:3", "9:9"]);
  const at = designForNewData(recipe, Table.from({ a: ["1:2", "1", "9", "1", "new", null], b: ["3", "2:3", "9", "9", "3", "3"] }));
  expect([...at.random[0]!.levelOf]).toEqual([1, 0, 2, -1, -1, -1]);
});

test("multiple membership shares a row among the units present", () => {
  const { random, dropped, rows } = frameOf("y ~ 1 + (1 | mm(t1, t2))", {
    y: [1, 2, 3, 4, 5],
    t1: ["b", "a", null, "c", null],
    t2: ["a", null, "c", "c", null],
  });
  expect(random[0]!.levels).toEqual(["a", "b", "c"]);
  expect([...rows]).toEqual([0, 1, 2, 3]);
  expect(dropped).toEqual([{ reason: "missing", variable: "mm(t1, t2)", count: 1 }]);
  expect(random[0]!.membership).toEqual({
    count: 2,
    levelOf: Int32Array.of(1, 0, -1, 2, 0, -1, 2, -1),
    weights: Float64Array.of(0.5, 1, 0, 1, 0.5, 0, 1, 0),
  });
});

test("given membership weights are taken as they are; a member without weight excludes the row", () => {
  const columns = { y: [1, 2, 3], t1: [10, 9, 10], t2: [9, null, 10], w1: [0.25, 2, null], w2: [0.5, null, 1] };
  const { random, dropped } = frameOf("y ~ 1 + (1 | mm(t1, t2, weights = w1 + w2))", columns);
  expect(random[0]!.levels).toEqual(["9", "10"]);
  expect(dropped).toEqual([{ reason: "missing", variable: "w1", count: 1 }]);
  expect(random[0]!.membership).toEqual({ count: 2, levelOf: Int32Array.of(1, 0, 0, -1), weights: Float64Array.of(0.25, 2, 0.5, 0) });
});

test("a unit that is new keeps its membership weight and has no level", () => {
  const { recipe } = frameOf("y ~ 1 + (1 | mm(t1, t2))", { y: [1, 2], t1: ["a", "b"], t2: ["b", "b"] });
  const at = designForNewData(recipe, Table.from({ t1: ["z", "a"], t2: ["b", "z"] }));
  expect(at.random[0]!.membership).toEqual({
    count: 2,
    levelOf: Int32Array.of(-1, 0, 1, -1),
    weights: Float64Array.of(0.5, 0.5, 0.5, 0.5),
  });
});

test("memberships that differ in their weights only are kept apart", () => {
  const columns = { y: [1, 2], t1: ["a", "b"], t2: ["b", "c"], u: [1, 1], v: [0, 3] };
  const { random } = frameOf("y ~ 1 + (1 | mm(t1, t2, weights = u + v)) + (0 + y:v | mm(t1, t2, weights = v + u))", columns);
  expect([...random[0]!.membership!.weights]).toEqual([1, 1, 0, 3]);
  expect([...random[1]!.membership!.weights]).toEqual([0, 3, 1, 1]);
});

test("products rank pairs alike by table and by sorting", () => {
  const factor = (codes: readonly number[], count: number): FactorValue => ({
    kind: "factor",
    codes: Int32Array.from(codes),
    levels: Array.from({ length: count }, (_, k) => `l${k}`),
    ordered: false,
    source: "factor",
    contrasts: null,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -1, max: 6 }), fc.integer({ min: -1, max: 6 })), { minLength: 1, maxLength: 60 }),
      (pairs) => {
        const [a, b] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
        const small = productCodes([factor(a, 7), factor(b, 7)]);
        const large = productCodes([factor(a, 7), factor(b, 100_000)]);
        expect(large).toEqual(small);
        pairs.forEach(([first, second], i) => {
          const code = small.codes[i]!;
          if (first < 0 || second < 0) expect(code).toBe(-1);
          else expect([small.parts[0]![code], small.parts[1]![code]]).toEqual([first, second]);
        });
      },
    ),
  );
});
