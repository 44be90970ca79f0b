// Formulas beside the main one, over the same rows: zero inflation, dispersion, scale, nominal effects, offsets given apart.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { DataError, FormulaError } from "../../../src/messages.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame, type FrameOptions } from "../../../src/models/frame/build-frame.js";
import type { DesignMatrix } from "../../../src/models/frame/design.js";
import type { FurtherFrame, ModelFrame } from "../../../src/models/frame/frame.js";
import { designForNewData } from "../../../src/models/frame/new-data.js";
import type { FrameRecipe } from "../../../src/models/frame/recipe.js";

type Columns = Record<string, readonly (number | string | boolean | null)[]>;
const frameOf = (formula: string, columns: Columns | Table, options: FrameOptions = {}): ModelFrame =>
  buildFrame(parseFormula(formula), columns instanceof Table ? columns : Table.from(columns as never), options);

const partOf = (frame: ModelFrame, part: string): FurtherFrame => frame.further.find((one) => one.part === part)!;

const columnOf = (fixed: DesignMatrix, name: string): number[] => {
  const at = fixed.names.indexOf(name);
  return [...fixed.values.slice(at * fixed.rowCount, (at + 1) * fixed.rowCount)];
};

const throughJson = (recipe: FrameRecipe): FrameRecipe => JSON.parse(JSON.stringify(recipe)) as FrameRecipe;

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
}

const columns: Columns = {
  y: [0, 2, null, 1, 0, 3, 5, 1],
  x: [1, 2, 3, null, 5, 6, 7, 8],
  z: [1, 4, 9, 16, null, 36, 49, 64],
  d: [1, 1, 2, 2, 3, null, 3, 4],
  f: ["a", "b", "a", "b", "c", "c", "b", "a"],
  g: ["u", "v", "w", "v", "u", "v", "w", "u"],
  o: [1, 2, 3, 4, 5, 6, null, 8],
  w: [1, 1, 1, 1, 1, 1, 1, 1],
};

describe("parts of a model", () => {
  test("there are none where none are asked for", () => {
    expect(frameOf("y ~ x", columns).further).toEqual([]);
    expect(frameOf("y ~ x", columns, { zi: null, dispersion: undefined }).further).toEqual([]);
    expect("offsets" in frameOf("y ~ x", columns).recipe).toBe(false);
  });

  test("share the rows; a row is counted once, for the first variable of any part that excludes it", () => {
    const frame = frameOf("y ~ x + (1 | g)", columns, { zi: "~ log(z) + x", dispersion: "~ d", offset: "o", weights: "w" });
    expect([...frame.rows]).toEqual([0, 1, 7]);
    expect(frame.dropped).toEqual([
      { reason: "missing", variable: "y", count: 1 },
      { reason: "missing", variable: "x", count: 1 },
      { reason: "missing", variable: "o", count: 1 },
      { reason: "missing", variable: "log(z)", count: 1 },
      { reason: "missing", variable: "d", count: 1 },
    ]);
    expect(frame.further.map(({ part, formula }) => [part, formula.text])).toEqual([
      ["zi", "~ log(z) + x"],
      ["dispersion", "~ d"],
    ]);
    expect(partOf(frame, "zi").fixed.names).toEqual(["(Intercept)", "log(z)", "x"]);
    expect(columnOf(partOf(frame, "zi").fixed, "log(z)")).toEqual([0, Math.log(4), Math.log(64)]);
    expect(partOf(frame, "dispersion").fixed.rowCount).toBe(3);
    expect(frame.random[0]!.levels).toEqual(["u", "v"]);
    expect([...frame.predictors.keys()]).toEqual(["x"]);
    expect([...partOf(frame, "zi").predictors.keys()]).toEqual(["log(z)", "x"]);
  });

  test("stand in a fixed order and have an intercept unless it is taken out", () => {
    const frame = frameOf("y ~ 1", columns, { nominal: "~ 0 + f", scale: "~ x - 1", dispersion: "~1", zi: "~ 0" });
    expect(frame.further.map(({ part, fixed }) => [part, fixed.intercept, fixed.names])).toEqual([
      ["zi", false, []],
      ["dispersion", true, ["(Intercept)"]],
      ["scale", false, ["x"]],
      ["nominal", false, ["fa", "fb", "fc"]],
    ]);
  });

  test("have offsets of their own", () => {
    const frame = frameOf("y ~ 1 + offset(z)", { y: [1, 2], z: [1, 2], d: [3, 4] }, { zi: "~ offset(d) + offset(z)", scale: "~ z" });
    expect([...frame.offset!]).toEqual([1, 2]);
    expect([...partOf(frame, "zi").offset!]).toEqual([4, 6]);
    expect(partOf(frame, "scale").offset).toBeNull();
  });

  test("take centring means over the rows that all parts leave", () => {
    const frame = frameOf("y ~ cgm(x)", { y: [1, 2, 3], x: [1, 3, 100], z: [1, 1, null] }, { zi: "~ z + cgm(x)" });
    expect(columnOf(frame.fixed, "cgm(x)")).toEqual([-1, 1]);
    expect(columnOf(partOf(frame, "zi").fixed, "cgm(x)")).toEqual([-1, 1]);
  });

  test("have the contrasts asked for, and a factor may stand in any of them", () => {
    const frame = frameOf("y ~ f", columns, { zi: "~ f", scale: "~ g", contrasts: { f: "sum", g: "helmert" } });
    expect(frame.fixed.names).toEqual(["(Intercept)", "f1", "f2"]);
    expect(partOf(frame, "zi").fixed.names).toEqual(["(Intercept)", "f1", "f2"]);
    expect(partOf(frame, "scale").fixed.names).toEqual(["(Intercept)", "g1", "g2"]);
    expect(partOf(frame, "scale").fixed.terms[0]!.variables[0]!.contrasts!.name).toBe("helmert");
    expect(errorOf(() => frameOf("y ~ f", columns, { zi: "~ g", contrasts: { o: "sum" } })).message).toBe(
      'Contrasts are given for "o", which is not a factor of this model. Did you mean "f"? The factors among its predictors are f and g.',
    );
  });

  test("have the grouping factor's levels in the same order, those that occur in the rows used", () => {
    const frame = frameOf(
      "y ~ 1 + (1 | g:f) + (1 | k)",
      { ...columns, k: [30, 4, 4, 4, 30, 30, 2, 4] },
      { zi: "~ o + (x | k) + (0 + z | g/f)" },
    );
    const zi = partOf(frame, "zi");
    expect(zi.random.map(({ group, effects }) => [group, effects.names])).toEqual([
      ["k", ["(Intercept)", "x"]],
      ["f:g", ["z"]],
      ["g", ["z"]],
    ]);
    expect(frame.random[1]!.levels).toEqual(["4", "30"]);
    expect(zi.random[0]!.levels).toEqual(frame.random[1]!.levels);
    expect(zi.random[0]!.levelOf).toEqual(frame.random[1]!.levelOf);
    expect(zi.random[2]!.levels).toEqual(["u", "v"]);
  });

  test("take multiple membership, whose missing members exclude rows as in the main formula", () => {
    const frame = frameOf("y ~ 1", { y: [1, 2, 3], t1: ["a", null, null], t2: ["b", "a", null] }, { zi: "~ (1 | mm(t1, t2))" });
    expect(frame.dropped).toEqual([{ reason: "missing", variable: "mm(t1, t2)", count: 1 }]);
    expect(partOf(frame, "zi").random[0]!.membership).toEqual({
      count: 2,
      levelOf: Int32Array.of(0, -1, 1, 0),
      weights: Float64Array.of(0.5, 0, 0.5, 1),
    });
  });

  test("the dot stands for what is neither the response nor a grouping factor", () => {
    const frame = frameOf("y ~ 1 + (1 | g)", { y: [1, 2], x: [1, 2], g: ["a", "b"] }, { dispersion: "~ ." });
    expect(partOf(frame, "dispersion").fixed.names).toEqual(["(Intercept)", "x"]);
  });

  test("a unit a row is no matter for the frame", () => {
    const frame = frameOf("y ~ 1 + (1 | id)", { y: [1, 2, 3], id: ["a", "b", "c"] }, { zi: "~ (1 | id)" });
    expect(frame.random[0]!.levels).toEqual(["a", "b", "c"]);
    expect(partOf(frame, "zi").random[0]!.levels).toEqual(["a", "b", "c"]);
  });

  test("columns read as text because of a few cells are noted for every part, once", () => {
    const table = Table.ofColumns([
      { kind: "number", name: "y", values: Float64Array.of(1, 2, 3) },
      {
        kind: "factor",
        name: "age",
        codes: Int32Array.of(0, 1, 2),
        levels: ["1", "2", "x"],
        ordered: false,
        nearlyNumeric: { value: "x", row: 3, count: 1, total: 3 },
      },
    ]);
    expect(frameOf("y ~ 1", table, { zi: "~ age", dispersion: "~ age" }).remarks.map(({ code }) => code)).toEqual(["read-as-text"]);
    expect(frameOf("age ~ y", table, { response: "any" }).remarks).toHaveLength(1);
  });

  test("__proto__ and names with spaces, Unicode and signs are columns and levels like any other", () => {
    const table = Table.ofColumns([
      { kind: "number", name: "y", values: Float64Array.of(0, 1, 2) },
      { kind: "number", name: "__proto__", values: Float64Array.of(1, 2, 3) },
      { kind: "text", name: "学校 🏫", values: ["__proto__", "constructor", "__proto__"] },
    ]);
    const text = "~ `__proto__` + `学校 🏫` + (1 | `学校 🏫`)";
    const zi = partOf(frameOf("y ~ 1", table, { zi: text, offset: "__proto__" }), "zi");
    expect(zi.fixed.names).toEqual(["(Intercept)", "`__proto__`", "`学校 🏫`constructor"]);
    expect(zi.random[0]!.levels).toEqual(["__proto__", "constructor"]);
    const again = designForNewData(throughJson(zi.recipe), table);
    expect(again.fixed.values).toEqual(zi.fixed.values);
    expect(again.random[0]!.levelOf).toEqual(zi.random[0]!.levelOf);
  });
});

describe("an offset given apart", () => {
  test("is that of offset() in the formula", () => {
    const inFormula = frameOf("y ~ x + offset(log(z)) + offset(o)", columns);
    for (const offset of ["log(z) + o", ["log(z)", "o"]]) {
      const apart = frameOf("y ~ x", columns, { offset });
      expect(apart.offset).toEqual(inFormula.offset);
      expect(apart.rows).toEqual(inFormula.rows);
      expect(apart.fixed).toEqual(inFormula.fixed);
    }
  });

  test("is added to those of the formula, also to the same one, and belongs to the main formula alone", () => {
    const frame = frameOf("y ~ x + offset(x)", { y: [1, 2], x: [3, 5] }, { offset: "x", zi: "~ 1" });
    expect([...frame.offset!]).toEqual([6, 10]);
    expect(partOf(frame, "zi").offset).toBeNull();
  });

  test("may be a column with a name that is no expression, truth values, or a number", () => {
    const data: Columns = { y: [1, 2], "log (t)": [3, 5], b: [true, false] };
    expect([...frameOf("y ~ 1", data, { offset: "log (t)" }).offset!]).toEqual([3, 5]);
    expect([...frameOf("y ~ 1", data, { offset: "b" }).offset!]).toEqual([1, 0]);
    expect([...frameOf("y ~ 1", data, { offset: "2" }).offset!]).toEqual([2, 2]);
    expect(frameOf("y ~ 1", data, { offset: [] }).offset).toBeNull();
  });

  test("is remembered for new data in plain JSON", () => {
    const { recipe } = frameOf("y ~ x + offset(x)", columns, { offset: ["log(z)", "cgm(o)"] });
    const at = designForNewData(throughJson(recipe), Table.from({ x: [1, 2], z: [Math.E, 1], o: [10, null] }));
    // The mean of o over the rows used, 1, 2, 6 and 8, is 4.25.
    expect([...at.offset!]).toEqual([1 + 1 + 5.75, Number.NaN]);
    expect(errorOf(() => designForNewData(recipe, Table.from({ x: [1], z: [1] }))).message).toBe(
      'The new data have no column "o", which the model needs. Did you mean "x"?',
    );
  });

  const wrong: readonly (readonly [offset: string, message: string, place: string])[] = [
    ["log(zz)", 'The table has no column "zz". Did you mean "z"?', "zz"],
    ["f", "f is used as an offset and must be numeric.", "f"],
    ["poly(x, 1)", "poly(x, 1) is used as an offset and must be numeric.", "poly(x, 1)"],
    [
      "log(f)",
      'f is a factor (levels a, b and c), and log() needs numbers. Use it as a term of its own, compare it with a level as in I(f == "a"), or take its codes 1, 2, ... with as.numeric(f).',
      "f",
    ],
  ];
  test.each(wrong)("%s is refused", (offset, message, place) => {
    const error = errorOf(() => frameOf("y ~ x", columns, { offset })) as FormulaError;
    expect(error).toBeInstanceOf(FormulaError);
    expect(error.message.split("\n")[0]).toBe(message);
    expect(error.formula).toBe(offset);
    expect(offset.slice(error.span!.start, error.span!.end)).toBe(place);
  });

  test("infinite values are refused", () => {
    const error = errorOf(() => frameOf("y ~ 1", { y: [1, 2], t: [0, 1] }, { offset: "log(t)" })) as DataError;
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe("log(t) is infinite in row 1. Correct these values or make them missing (the logarithm of 0 is infinite).");
  });
});

describe("what is wrong in a part is said with its own text", () => {
  const wrong: readonly (readonly [options: FrameOptions, message: string, place: string])[] = [
    [{ zi: "~ x + (1 | gg)" }, 'The table has no column "gg". Did you mean "g"?', "gg"],
    [
      { dispersion: "~ log(f)" },
      'f is a factor (levels a, b and c), and log() needs numbers. Use it as a term of its own, compare it with a level as in I(f == "a"), or take its codes 1, 2, ... with as.numeric(f).',
      "f",
    ],
    [{ scale: "~ offset(f)" }, "offset(f) is used as an offset and must be numeric.", "offset(f)"],
    [
      { zi: "~ (1 | cbind(x, z))" },
      "cbind(x, z) cannot be a grouping factor. To the right of the bar stands a column, a product a:b, a nesting a/b or mm(a, b).",
      "cbind(x, z)",
    ],
    [{ nominal: "y ~ x" }, "The nominal formula has no response of its own. Leave out y: nothing stands to the left of ~.", "y"],
    [
      { dispersion: "~ (1 | g)" },
      "The dispersion formula takes no random terms. Leave out (1 | g), or write it in the model's own formula.",
      "(1 | g)",
    ],
  ];
  test.each(wrong)("%o", (options, message, place) => {
    const error = errorOf(() => frameOf("y ~ x", columns, options)) as FormulaError;
    expect(error).toBeInstanceOf(FormulaError);
    expect(error.message.split("\n")[0]).toBe(message);
    expect(error.formula.slice(error.span!.start, error.span!.end)).toBe(place);
  });

  test("data that a part cannot use", () => {
    const data: Columns = { y: [1, 2, 3], inf: [1, Number.POSITIVE_INFINITY, 2], one: ["a", "a", "a"], none: [null, null, null] };
    const message = (options: FrameOptions): string => {
      const error = errorOf(() => frameOf("y ~ 1", data, options));
      expect(error).toBeInstanceOf(DataError);
      return error.message;
    };
    expect(message({ zi: "~ inf" })).toBe("inf is infinite in row 2. Correct these values or make them missing.");
    expect(message({ dispersion: "~ one" })).toBe(
      'The predictor one is a factor with only one level ("a") in the rows used, so that it has no effect to estimate. Leave it out, or look which rows were dropped.',
    );
    expect(message({ scale: "~ none" })).toBe(
      "No rows are left: every row lacks a value that the model needs or has weight zero. Most often missing: none (3 of 3). Leave out such a variable or impute it.",
    );
  });
});

describe("new data in a part's matrices", () => {
  const frame = frameOf("y ~ x", columns, { zi: "~ poly(z, 2) * f + offset(x) + (1 + f | g)", dispersion: "~ cgm(x)" });
  const zi = partOf(frame, "zi");

  test("the fit's bases, levels, means and units", () => {
    const at = designForNewData(
      throughJson(zi.recipe),
      Table.from({ x: [1, 2, null], z: [1, 64, 4], f: ["a", "b", "c"], g: ["w", "new", "u"] }),
    );
    expect(at.fixed.names).toEqual(zi.fixed.names);
    expect(at.random[0]!.levels).toEqual(zi.random[0]!.levels);
    expect([...at.random[0]!.levelOf]).toEqual([2, -1, 0]);
    expect([...at.offset!]).toEqual([1, 2, Number.NaN]);
    // Rows 1 and 8 of the table have z = 1 and z = 64.
    const used = [...frame.rows];
    expect(columnOf(at.fixed, "poly(z, 2)2").slice(0, 2)).toEqual(
      [used.indexOf(0), used.indexOf(7)].map((row) => columnOf(zi.fixed, "poly(z, 2)2")[row]),
    );
    const dispersion = designForNewData(partOf(frame, "dispersion").recipe, Table.from({ x: [0] }));
    const usedX = used.map((row) => columns.x![row] as number);
    expect(dispersion.fixed.values[1]).toBeCloseTo(-usedX.reduce((a, b) => a + b) / usedX.length, 12);
  });

  test("a column that only another part has is not needed", () => {
    expect(designForNewData(frame.recipe, Table.from({ x: [1] })).fixed.names).toEqual(["(Intercept)", "x"]);
    expect(errorOf(() => designForNewData(zi.recipe, Table.from({ x: [1], z: [1], f: ["a"] }))).message).toBe(
      'The new data have no column "g", which the model needs. Did you mean "x"?',
    );
    expect(designForNewData(zi.recipe, Table.from({ x: [1], z: [1], f: ["a"] }), { random: false }).random).toEqual([]);
  });
});

/** Whether JSON gives the value back as it is: no typed arrays, no maps, no undefined, no numbers that JSON lacks. */
test("recipes of all parts are plain JSON", () => {
  const frame = frameOf("cbind(y, d) ~ poly(x, 2) + (1 | g:f)", columns, {
    response: "any",
    offset: ["log(z)", "x"],
    zi: "~ ns(x, df = 2) + cwc(z, g) + (f || g)",
    dispersion: "~ scale(x) + f",
    contrasts: { f: "helmert" },
  });
  for (const { recipe } of [frame, ...frame.further]) expect(throughJson(recipe)).toStrictEqual(recipe);
});

const rowOf = fc.record({
  y: fc.integer({ min: 0, max: 5 }),
  x: fc.option(fc.integer({ min: -5, max: 5 })),
  z: fc.option(fc.integer({ min: 1, max: 9 })),
  f: fc.constantFrom("a", "b", "c"),
  g: fc.option(fc.integer({ min: 1, max: 4 })),
});

test("a part is the main formula's own right-hand side over the rows that both leave", () => {
  fc.assert(
    fc.property(fc.array(rowOf, { minLength: 4, maxLength: 30 }), (rows) => {
      const complete = rows.filter(({ x, z, g }) => x !== null && z !== null && g !== null);
      fc.pre(new Set(complete.map(({ f }) => f)).size > 1);
      const make = (taken: typeof rows): Columns => ({
        y: taken.map(({ y }) => y),
        x: taken.map(({ x }) => x),
        z: taken.map(({ z }) => z),
        f: taken.map(({ f }) => f),
        g: taken.map(({ g }) => g),
      });
      const right = "~ f * z + cwc(z, g) + (1 + z | g) + (1 | f:g)";
      const frame = frameOf("y ~ x", make(rows), { zi: right });
      const alone = frameOf(`y ${right}`, make(complete));
      const zi = partOf(frame, "zi");
      expect(frame.rows.length).toBe(complete.length);
      expect(zi.fixed).toEqual(alone.fixed);
      expect(zi.random).toEqual(alone.random);
      expect(frame.dropped.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length - complete.length);
    }),
    { numRuns: 100 },
  );
});
