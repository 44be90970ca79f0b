import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codePointOrder, compareCodePoints } from "../../src/data/code-points.js";
import { asFactor, dropUnusedLevels, factorProduct, makeFactor, relevel, reorderLevels } from "../../src/data/factor.js";

test("code-point order is the order of the UTF-8 bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
  expect([...codePointOrder(["b", "\u{10000}", "\uffff", "a"])]).toEqual([3, 0, 2, 1]);
});

describe("a factor", () => {
  test("has the given levels, or those that occur in code-point order", () => {
    expect(makeFactor("g", ["b", null, "a", "b"])).toEqual({
      kind: "factor",
      name: "g",
      ordered: false,
      levels: ["a", "b"],
      codes: Int32Array.of(1, -1, 0, 1),
    });
    expect(makeFactor("g", ["b", "a"], { levels: ["c", "b", "a"], ordered: true })).toMatchObject({
      codes: Int32Array.of(1, 2),
      ordered: true,
    });
  });

  test("refuses values that are no level, with their rows and the nearest level", () => {
    expect(() => makeFactor("sex", ["girl", "boyy", "boyy"], { levels: ["girl", "boy"] })).toThrow(
      'Column "sex" holds "boyy" in rows 2 and 3, which is not among its categories (girl and boy). Did you mean "boy"?',
    );
    expect(() => makeFactor("sex", [], { levels: ["a", "a"] })).toThrow('Factor "sex" has the level "a" twice. Levels must differ.');
  });

  test("is releveled without a change of its values", () => {
    const factor = { ...makeFactor("g", ["a", "b", null, "c"]), levelLabels: ["A", "B", "C"] };
    const other = relevel(factor, "b");
    expect(other.levels).toEqual(["b", "a", "c"]);
    expect(other.levelLabels).toEqual(["B", "A", "C"]);
    expect(other.codes).toEqual(Int32Array.of(1, 0, -1, 2));
    expect(() => relevel(factor, "d")).toThrow('Factor "g" has no level "d".');
    expect(() => reorderLevels(factor, ["a", "b"])).toThrow('Column "g" holds "c" in row 4');
  });

  test("loses the levels that do not occur", () => {
    const factor = makeFactor("g", ["c", "a", "b"], { levels: ["x", "c", "b", "a"] });
    expect(dropUnusedLevels(factor)).toMatchObject({ levels: ["c", "b", "a"], codes: Int32Array.of(0, 2, 1) });
    expect(dropUnusedLevels(factor, [0, 1])).toMatchObject({ levels: ["c", "a"], codes: Int32Array.of(0, 1, -1) });
  });

  test("is made from numbers by size and from booleans as FALSE, TRUE", () => {
    expect(asFactor({ kind: "number", name: "x", values: Float64Array.of(10, Number.NaN, 9, -0, 0) })).toMatchObject({
      levels: ["0", "9", "10"],
      codes: Int32Array.of(2, -1, 1, 0, 0),
    });
    expect(asFactor({ kind: "boolean", name: "b", values: Int8Array.of(1, 0, -1) })).toMatchObject({
      levels: ["FALSE", "TRUE"],
      codes: Int32Array.of(1, 0, -1),
    });
  });
});

describe("a product of factors", () => {
  test("has the combinations that occur, the first factor's level varying slowest", () => {
    const a = makeFactor("a", ["y", "x", "x", null, "y"]);
    const b = makeFactor("b", ["1", "2", "1", "1", "1"]);
    const product = factorProduct([a, b]);
    expect(product.levels).toEqual(["x:1", "x:2", "y:1"]);
    expect(product.codes).toEqual(Int32Array.of(2, 1, 0, -1, 2));
    expect(product.parts).toEqual([Int32Array.of(0, 0, 1), Int32Array.of(0, 1, 0)]);
    expect(factorProduct([a, b], [0, 3, 4])).toMatchObject({ levels: ["y:1"], codes: Int32Array.of(0, -1, 0) });
  });

  test("keeps apart what joined strings would confuse", () => {
    const product = factorProduct([makeFactor("a", ["p:q", "p"]), makeFactor("b", ["r", "q:r"])]);
    expect(product.levels).toEqual(["p:q:r", "p:q:r"]);
    expect(product.codes).toEqual(Int32Array.of(1, 0));
  });

  test("agrees with pairs compared one by one", () => {
    const level = fc.option(fc.constantFrom("a", "b", "c", "d"), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level, level)), (rows) => {
        const factors = [0, 1, 2].map((k) =>
          makeFactor(
            `f${k}`,
            rows.map((row) => row[k]!),
          ),
        );
        const { levels, codes } = factorProduct(factors);
        const expected = rows.map((row) => (row.includes(null) ? null : row.join(":")));
        expect([...codes].map((code) => (code < 0 ? null : levels[code]))).toEqual(expected);
        expect(levels).toEqual([...new Set(expected.filter((text) => text !== null))].sort());
      }),
    );
  });

  test("of half a million levels takes time in proportion to the rows", () => {
    const n = 500_000;
    const names = Array.from({ length: 1000 }, (_, k) => `u${k}`);
    const factor = (name: string, code: (i: number) => number) => ({
      kind: "factor" as const,
      name,
      ordered: false,
      levels: names,
      codes: Int32Array.from({ length: n }, (_, i) => code(i)),
    });
    const { levels } = factorProduct([factor("a", (i) => i % 1000), factor("b", (i) => Math.floor(i / 1000))]);
    expect(levels.length).toBe(n);
    expect(levels[n - 1]).toBe("u999:u499");
  });
});
