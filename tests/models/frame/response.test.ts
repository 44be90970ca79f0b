// Responses of generalized and cumulative models: factors, truth values, text and counts of successes and failures.
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { DataError, FitError, FormulaError } from "../../../src/messages.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame, type FrameOptions } from "../../../src/models/frame/build-frame.js";
import type { ModelFrame } from "../../../src/models/frame/frame.js";
import { responseRows } from "../../../src/models/frame/response.js";

type Columns = Record<string, readonly (number | string | boolean | null)[]>;
const frameOf = (formula: string, columns: Columns | Table, options: FrameOptions = {}): ModelFrame =>
  buildFrame(parseFormula(formula), columns instanceof Table ? columns : Table.from(columns as never), { response: "any", ...options });

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
}

const grades = (ordered: boolean): Table =>
  Table.ofColumns([
    { kind: "factor", name: "grade", codes: Int32Array.of(2, 0, -1, 2, 3), levels: ["low", "mid", "high", "top"], ordered },
    { kind: "number", name: "x", values: Float64Array.of(1, 2, 3, 4, Number.NaN) },
  ]);

describe("a response of any kind, in numbers", () => {
  test("numbers stand as they are, in the column's own array", () => {
    const table = Table.from({ y: [0, 3, 1], x: [1, 2, 3] });
    const { response } = frameOf("y ~ x", table);
    expect(response).toEqual({ name: "y", values: Float64Array.of(0, 3, 1), trials: null, levels: null, ordered: false });
    expect(response.values).toBe((table.column("y") as { values: Float64Array }).values);
    expect(frameOf("log(y + 1) ~ x", table).response.name).toBe("log(y + 1)");
  });

  test("truth values are 0 and 1, with the levels false and true whether or not they occur", () => {
    const columns: Columns = { y: [true, null, false, true], all: [true, true, true, true], x: [1, 2, 3, 4] };
    expect(frameOf("y ~ x", columns).response).toEqual({
      name: "y",
      values: Float64Array.of(1, 0, 1),
      trials: null,
      levels: ["false", "true"],
      ordered: false,
    });
    expect(frameOf("all ~ x", columns).response.levels).toEqual(["false", "true"]);
    expect([...frameOf("I(x > 2) ~ 1", columns).response.values]).toEqual([0, 0, 1, 1]);
    expect(frameOf("y ~ x", columns, { response: "number" }).response.levels).toBeNull();
  });

  test("a factor gives the index of its level and keeps the levels that no used row has", () => {
    for (const ordered of [false, true]) {
      const { response, rows, dropped } = frameOf("grade ~ x", grades(ordered));
      expect([...rows]).toEqual([0, 1, 3]);
      expect(dropped).toEqual([
        { reason: "missing", variable: "grade", count: 1 },
        { reason: "missing", variable: "x", count: 1 },
      ]);
      expect(response).toEqual({
        name: "grade",
        values: Float64Array.of(2, 0, 2),
        trials: null,
        levels: ["low", "mid", "high", "top"],
        ordered,
      });
    }
  });

  test("text becomes a factor with its levels in code-point order", () => {
    const y = ["é", "\u{1F600}", "Z", "a", "\uFFFD", "a"];
    const { response } = frameOf("y ~ 1", Table.ofColumns([{ kind: "text", name: "y", values: y }]));
    expect(response.levels).toEqual(["Z", "a", "é", "\uFFFD", "\u{1F600}"]);
    expect([...response.values]).toEqual([2, 4, 0, 1, 3, 1]);
    expect(response.ordered).toBe(false);
  });

  test("expressions that make factors", () => {
    const columns: Columns = { y: [10, 2, 1, 2], t: ["b", "a", "c", "b"] };
    expect(frameOf("ordered(y) ~ 1", columns).response).toMatchObject({ levels: ["1", "2", "10"], ordered: true });
    expect([...frameOf("factor(y) ~ 1", columns).response.values]).toEqual([2, 1, 0, 1]);
    expect(frameOf("relevel(t, ref = 'c') ~ 1", columns).response.levels).toEqual(["c", "a", "b"]);
    expect([...frameOf("ordered(t, levels = c('c', 'b', 'a')) ~ 1", columns).response.values]).toEqual([1, 2, 0, 1]);
  });

  test("a response with one level, or one value, is the family's affair", () => {
    const columns: Columns = { y: ["same", "same"], n: [1, 1], x: [1, 2] };
    expect(frameOf("y ~ x", columns).response).toMatchObject({ values: Float64Array.of(0, 0), levels: ["same"] });
    expect([...frameOf("n ~ x", columns).response.values]).toEqual([1, 1]);
  });

  test("__proto__ and constructor are levels and columns like any other", () => {
    const table = Table.ofColumns([
      { kind: "text", name: "__proto__", values: ["constructor", "__proto__", "toString", "__proto__"] },
      { kind: "number", name: "constructor", values: Float64Array.of(1, 0, 2, 3) },
      { kind: "number", name: "valueOf", values: Float64Array.of(1, 1, 0, 2) },
    ]);
    const { response } = frameOf("`__proto__` ~ constructor", table);
    expect(response.name).toBe("`__proto__`");
    expect(response.levels).toEqual(["__proto__", "constructor", "toString"]);
    expect([...response.values]).toEqual([1, 0, 2, 0]);
    expect([...frameOf("cbind(constructor, valueOf) ~ 1", table).response.trials!]).toEqual([2, 1, 2, 5]);
  });
});

describe("counts of successes and failures", () => {
  const columns: Columns = {
    s: [1, 0, null, 4, 0, 2],
    f: [3, 2, 1, null, 0, 0],
    x: [1, 2, 3, 4, null, 6],
    w: [1, 1, 1, 1, 1, 0],
  };

  test("values are the successes, trials the sums; a row that lacks either is dropped", () => {
    const frame = frameOf("cbind(s, f) ~ 1", columns);
    expect([...frame.rows]).toEqual([0, 1, 5]);
    expect(frame.response).toEqual({
      name: "cbind(s, f)",
      values: Float64Array.of(1, 0, 2),
      trials: Float64Array.of(4, 2, 2),
      levels: null,
      ordered: false,
    });
    expect(frame.dropped).toEqual([
      { reason: "missing", variable: "cbind(s, f)", count: 2 },
      { reason: "zero-weight", variable: "cbind(s, f)", count: 1 },
    ]);
  });

  test("rows without trials do not count, after what is missing and before weights of zero", () => {
    const frame = frameOf("cbind(s, f) ~ x", columns, { weights: "w" });
    expect([...frame.rows]).toEqual([0, 1]);
    expect(frame.dropped).toEqual([
      { reason: "missing", variable: "cbind(s, f)", count: 2 },
      { reason: "missing", variable: "x", count: 1 },
      { reason: "zero-weight", variable: "w", count: 1 },
    ]);
    expect([...frame.weights!]).toEqual([1, 1]);
  });

  test("they may be expressions", () => {
    const { response } = frameOf("cbind(s, n - s) ~ 1", { s: [1, 2], n: [3, 2] });
    expect(response.name).toBe("cbind(s, n - s)");
    expect([...response.trials!]).toEqual([3, 2]);
    expect([...frameOf("cbind(right, 1) ~ 1", { right: [true, false] }).response.trials!]).toEqual([2, 1]);
  });

  test("what is negative or no whole number is left to the family", () => {
    const { response } = frameOf("cbind(s, f) ~ 1", { s: [-1, 0.5], f: [1, 1] });
    expect([...response.values]).toEqual([-1, 0.5]);
    expect([...response.trials!]).toEqual([0, 1.5]);
  });

  test("levels that only rows without trials have are no levels of the model", () => {
    const frame = frameOf("cbind(s, f) ~ g + (1 | h)", { s: [1, 0, 2], f: [1, 0, 1], g: ["a", "b", "c"], h: ["u", "v", "w"] });
    expect(frame.fixed.names).toEqual(["(Intercept)", "gc"]);
    expect(frame.random[0]!.levels).toEqual(["u", "w"]);
  });
});

test("families read the response with its rows in the table and its weights", () => {
  const frame = frameOf("cbind(s, f) ~ 1", { s: [null, 1, 2], f: [1, 1, 2], w: [1, 2, 3] }, { weights: "w" });
  expect(responseRows(frame)).toEqual({
    name: "cbind(s, f)",
    values: Float64Array.of(1, 2),
    trials: Float64Array.of(2, 4),
    levels: null,
    rows: Int32Array.of(1, 2),
    weights: Float64Array.of(2, 3),
    weightsName: "w",
  });
  expect(responseRows(frameOf("y ~ 1", { y: ["b", "a"] }))).toMatchObject({ levels: ["a", "b"], weights: null, weightsName: null });
});

describe("what cannot be a response", () => {
  test("counts in other than two columns", () => {
    const text = "cbind(a, b, c) ~ 1";
    const error = errorOf(() => frameOf(text, { a: [1], b: [1], c: [1] })) as FormulaError;
    expect(error).toBeInstanceOf(FormulaError);
    expect(error.message.split("\n")[0]).toBe(
      "The response cbind(a, b, c) has 3 columns. Counts are given in two, successes and failures: cbind(successes, failures).",
    );
    expect(text.slice(error.span!.start, error.span!.end)).toBe("cbind(a, b, c)");
  });

  test("a basis", () => {
    const error = errorOf(() => frameOf("poly(y, 2) ~ 1", { y: [1, 2, 4] }));
    expect(error).toBeInstanceOf(FitError);
    expect(error.message).toBe("The response poly(y, 2) has several columns. Give one column.");
  });

  test("counts of which a row has any", () => {
    const error = errorOf(() => frameOf("cbind(s, f) ~ x", { s: [0, 0, 1], f: [0, 0, 1], x: [1, 2, null] })) as DataError;
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(
      "The response cbind(s, f) counts nothing: successes and failures are both zero in every row that is complete.",
    );
    expect(error.column).toBe("cbind(s, f)");
  });

  test("a factor within counts", () => {
    expect(errorOf(() => frameOf("cbind(s, f) ~ 1", { s: ["a", "b"], f: [1, 2] })).message.split("\n")[0]).toContain(
      "s is a factor (levels a and b), and cbind() needs numbers.",
    );
  });

  test("a column that is missing throughout", () => {
    const message = (y: readonly (string | number | boolean | null)[], formula = "y ~ 1"): string =>
      errorOf(() => frameOf(formula, { y, f: [1, 2] })).message;
    const none = Table.ofColumns([{ kind: "factor", name: "y", codes: Int32Array.of(-1, -1), levels: ["a", "b"], ordered: true }]);
    const wanted =
      "No rows are left: every row lacks a value that the model needs or has weight zero. Most often missing: y (2 of 2). Leave out such a variable or impute it.";
    expect(message([null, null])).toBe(wanted);
    expect(errorOf(() => frameOf("y ~ 1", none)).message).toBe(wanted);
    expect(message([null, null], "cbind(y, f) ~ 1")).toBe(wanted.replace("missing: y", "missing: cbind(y, f)"));
  });

  test("infinite numbers and counts", () => {
    const columns: Columns = { s: [1, Number.POSITIVE_INFINITY], f: [1, 1] };
    for (const [formula, name] of [
      ["s ~ 1", "s"],
      ["cbind(f, s) ~ 1", "cbind(f, s)"],
    ] as const) {
      const error = errorOf(() => frameOf(formula, columns)) as DataError;
      expect(error).toBeInstanceOf(DataError);
      expect(error.message).toBe(`${name} is infinite in row 2. Correct these values or make them missing.`);
      expect(error.rows).toEqual([2]);
    }
  });
});
