// Rows used, weights, offsets, centring, and tables that try to break the frame.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { knownFunctions } from "../../../src/models/formula/functions.js";
import { buildFrame, type FrameOptions } from "../../../src/models/frame/build-frame.js";
import { evaluate } from "../../../src/models/frame/evaluate.js";
import type { ModelFrame } from "../../../src/models/frame/frame.js";
import { emptyMemory } from "../../../src/models/frame/memory.js";
import { designForNewData } from "../../../src/models/frame/new-data.js";

type Columns = Record<string, readonly (number | string | boolean | null)[]>;
const frameOf = (formula: string, columns: Columns, options: FrameOptions = {}): ModelFrame =>
  buildFrame(parseFormula(formula), Table.from(columns as never), options);

/** One column of the fixed matrix. */
function columnOf({ fixed }: Pick<ModelFrame, "fixed">, name: string): number[] {
  const at = fixed.names.indexOf(name);
  return [...fixed.values.slice(at * fixed.rowCount, (at + 1) * fixed.rowCount)];
}

describe("rows", () => {
  const columns: Columns = {
    y: [1, null, 3, 4, 5, 6, 7, 8],
    x: [1, null, null, 4, -1, 6, 7, 8],
    f: ["a", "b", "a", null, "b", "a", "b", "c"],
    g: ["u", "u", "v", "v", "v", null, "u", "v"],
    w: [1, 2, 1, 1, 1, 1, 0, 3],
    o: [0, 0, 0, 0, 0, 0, 0, 0.5],
  };

  test("a dropped row is counted once, for the first variable that excludes it", () => {
    const frame = frameOf("y ~ log(x) + f + offset(o) + (1 | g)", columns, { weights: "w" });
    expect([...frame.rows]).toEqual([0, 7]);
    expect(frame.tableRowCount).toBe(8);
    expect(frame.dropped).toEqual([
      { reason: "missing", variable: "y", count: 1 },
      { reason: "missing", variable: "log(x)", count: 2 },
      { reason: "missing", variable: "f", count: 1 },
      { reason: "missing", variable: "g", count: 1 },
      { reason: "zero-weight", variable: "w", count: 1 },
    ]);
    expect([...frame.response.values]).toEqual([1, 8]);
    expect([...frame.weights!]).toEqual([1, 3]);
    expect(frame.weightsName).toBe("w");
    expect([...frame.offset!]).toEqual([0, 0.5]);
    expect(frame.random[0]!.levels).toEqual(["u", "v"]);
    expect(frame.fixed.names).toEqual(["(Intercept)", "log(x)", "fc"]);
  });

  test("with all rows used the columns' own arrays are taken", () => {
    const table = Table.from({ y: [1, 2, 4], w: [1, 2, 3] });
    const frame = buildFrame(parseFormula("y ~ 1"), table, { weights: "w" });
    expect(frame.response.values).toBe(table.column("y").kind === "number" && (table.column("y") as { values: Float64Array }).values);
    expect(frame.weights).toEqual(Float64Array.of(1, 2, 3));
    expect(frame.dropped).toEqual([]);
  });

  test("infinite values in rows that are not used do no harm", () => {
    const frame = frameOf("y ~ x", { y: [1, 2, null], x: [1, 2, Number.POSITIVE_INFINITY] });
    expect(frame.rows.length).toBe(2);
  });

  test("one row is enough for a frame", () => {
    const frame = frameOf("y ~ x + (1 | g)", { y: [1], x: [2], g: ["a"] });
    expect([...frame.fixed.values]).toEqual([1, 2]);
  });

  test("offsets add up", () => {
    expect([...frameOf("y ~ 1 + offset(a) + offset(log(b))", { y: [1, 2], a: [1, 2], b: [1, Math.E] }).offset!]).toEqual([1, 3]);
  });
});

describe("centring over the rows used", () => {
  // Row 5 is not used: its x must not enter any mean.
  const columns: Columns = { y: [1, 2, 3, 4, null], x: [1, 3, 5, 11, 1000], g: ["a", "a", "a", "b", "b"] };

  test("cgm, cwc and groupMean", () => {
    const frame = frameOf("y ~ cgm(x) + cgm(x, g) + cwc(x, g) + groupMean(x, g)", columns);
    expect(columnOf(frame, "cgm(x)")).toEqual([-4, -2, 0, 6]);
    expect(columnOf(frame, "cgm(x, g)")).toEqual([-6, -4, -2, 4]);
    expect(columnOf(frame, "cwc(x, g)")).toEqual([-2, 0, 2, 0]);
    expect(columnOf(frame, "groupMean(x, g)")).toEqual([3, 3, 3, 11]);
  });

  test("they nest, and numbers, truth values and products may name the units", () => {
    const frame = frameOf("y ~ cgm(groupMean(x, k)) + I(cwc(x, k:b)^2) + cgm(log(x))", {
      ...columns,
      k: [7, 7, 3, 3, 3],
      b: [true, true, false, false, true],
    });
    expect(columnOf(frame, "cgm(groupMean(x, k))")).toEqual([-3, -3, 3, 3]);
    expect(columnOf(frame, "I(cwc(x, k:b)^2)")).toEqual([1, 1, 9, 9]);
    const mean = (Math.log(3) + Math.log(5) + Math.log(11)) / 4;
    columnOf(frame, "cgm(log(x))").forEach((value, i) => {
      expect(value).toBeCloseTo(Math.log([1, 3, 5, 11][i]!) - mean, 14);
    });
  });

  test("new data are centred at the fit's means, units that are new at their own", () => {
    const { recipe } = frameOf("y ~ cgm(x) + cgm(x, g) + cwc(x, g) + groupMean(x, g)", columns);
    const at = designForNewData(JSON.parse(JSON.stringify(recipe)), Table.from({ x: [6, 6, 10, 20], g: ["a", "b", "new", "new"] }));
    expect(columnOf(at, "cgm(x)")).toEqual([1, 1, 5, 15]);
    expect(columnOf(at, "cgm(x, g)")).toEqual([-1, -1, 3, 13]);
    expect(columnOf(at, "cwc(x, g)")).toEqual([3, -5, -5, 5]);
    expect(columnOf(at, "groupMean(x, g)")).toEqual([3, 11, 15, 15]);
  });

  test("a row without its unit is missing", () => {
    const frame = frameOf("y ~ cwc(x, g)", { y: [1, 2, 3], x: [1, 2, 3], g: ["a", null, "a"] });
    expect([...frame.rows]).toEqual([0, 2]);
    expect(frame.dropped).toEqual([{ reason: "missing", variable: "cwc(x, g)", count: 1 }]);
  });
});

describe("random effects are model matrices of their own", () => {
  const columns: Columns = { y: [1, 2, 3, 4], x: [1, 2, 3, 5], f: ["a", "b", "a", "c"], g: ["u", "u", "v", "v"] };
  test("with R's coding, apart from the fixed effects", () => {
    const { random } = frameOf("y ~ f + (1 + f | g) + (0 + f | g) + (x || g) + (0 + x:f | g)", columns);
    expect(random.map(({ effects }) => effects.names)).toEqual([
      ["(Intercept)", "fb", "fc"],
      ["fa", "fb", "fc"],
      ["(Intercept)", "x"],
      ["x:fa", "x:fb", "x:fc"],
    ]);
    expect(random.map(({ covariance }) => covariance)).toEqual(["unstructured", "unstructured", "diagonal", "unstructured"]);
    expect(random[1]!.effects.values).toEqual(Float64Array.of(1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1));
  });
  test("contrasts asked for hold there too", () => {
    const { random } = frameOf("y ~ 1 + (1 + f | g)", columns, { contrasts: { f: "sum" } });
    expect(random[0]!.effects.names).toEqual(["(Intercept)", "f1", "f2"]);
  });
});

describe("names and values that try to break things", () => {
  test("__proto__, constructor and toString are columns and levels like any other", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const table = Table.ofColumns([
      { kind: "number", name: "y", values: Float64Array.of(1, 2, 3, 5) },
      ...names.map((name, k) => ({ kind: "number" as const, name, values: Float64Array.of(k, 1, 2, 3) })),
      { kind: "text", name: "f", values: ["__proto__", "constructor", "toString", "__proto__"] },
    ]);
    const text = `y ~ ${names.map((name) => `\`${name}\``).join(" + ")} + f + cwc(toString, f) + (1 | f)`;
    const frame = buildFrame(parseFormula(text), table);
    // R puts backticks around names that are not syntactic.
    expect(frame.fixed.names).toEqual([
      "(Intercept)",
      "`__proto__`",
      "constructor",
      "toString",
      "hasOwnProperty",
      "fconstructor",
      "ftoString",
      "cwc(toString, f)",
    ]);
    expect(frame.random[0]!.levels).toEqual(["__proto__", "constructor", "toString"]);
    const again = designForNewData(JSON.parse(JSON.stringify(frame.recipe)), table);
    expect(again.fixed.values).toEqual(frame.fixed.values);
    expect(again.random[0]!.levelOf).toEqual(frame.random[0]!.levelOf);
  });

  test("a function's name from Object.prototype is unknown, not found by accident", () => {
    expect(() => frameOf("y ~ valueOf(y)", { y: [1, 2] })).toThrow("There is no function valueOf() in formulas.");
  });

  test("backticks, spaces, Unicode and characters beyond the first plane", () => {
    const frame = frameOf("`my score` ~ `größe (cm)` + `学校`:t + (1 | `🏫 id`)", {
      "my score": [1, 2, 4],
      "größe (cm)": [3, 1, 2],
      学校: [1, 2, 3],
      t: ["\u{1F600}", "\uFFFD", "é"],
      "🏫 id": [1, 2, 2],
    });
    expect(frame.response.name).toBe("`my score`");
    expect(frame.fixed.names).toEqual(["(Intercept)", "`größe (cm)`", "学校:té", "学校:t\uFFFD", "学校:t\u{1F600}"]);
    expect(frame.random[0]!.group).toBe("🏫 id");
  });

  test("10,000 columns cost nothing that the formula does not name", () => {
    const wide = Array.from({ length: 10_000 }, (_, k) => ({ kind: "number" as const, name: `x${k}`, values: Float64Array.of(k, 1, 2) }));
    const table = Table.ofColumns(wide);
    expect(buildFrame(parseFormula("x0 ~ x9999"), table).fixed.names).toEqual(["(Intercept)", "x9999"]);
    expect(() => buildFrame(parseFormula("x0 ~ x99999"), table)).toThrow('The table has no column "x99999". Did you mean "x9999"?');
  });

  test("a level that looks like code is a label", () => {
    const frame = frameOf("y ~ f", { y: [1, 2], f: ["a", "b); drop()"] });
    expect(frame.fixed.names[1]).toBe("fb); drop()");
  });

  test("identifiers taken for a predictor are told from units", () => {
    const n = 10_001;
    const columns = { y: Array.from({ length: n }, (_, i) => i), id: Array.from({ length: n }, (_, i) => `p${i}`) };
    expect(() => frameOf("y ~ id", columns)).toThrow(
      "The predictor id is a factor with 10001 levels, too many for effects of their own. If the levels are units, make it a random term: (1 | id).",
    );
  });

  test("a matrix larger than memory is refused with the term that makes it so", () => {
    const id = Array.from({ length: 1000 }, (_, i) => `p${i}`);
    expect(() => frameOf("y ~ a:b:c", { y: id.map((_, i) => i), a: id, b: id, c: id })).toThrow(
      "The fixed effects would need a matrix of 1000 rows and 1000000001 columns, more than memory holds; a:b:c alone has 1000000000 columns.",
    );
  });

  test("polynomials over more than 100 ordered levels are refused", () => {
    const id = Array.from({ length: 101 }, (_, i) => i);
    expect(() => frameOf("y ~ ordered(id)", { y: id, id })).toThrow(
      "ordered(id) is an ordered factor with 101 levels, and polynomials over more than 100 levels are not meaningful. Use it as a number, or choose contrasts: C(ordered(id), treatment).",
    );
  });

  test("a long sum inside I() is evaluated", () => {
    const sum = Array.from({ length: 500 }, () => "x").join(" + ");
    expect([...frameOf(`y ~ 0 + I(${sum})`, { y: [1, 2], x: [1, 2] }).fixed.values]).toEqual([500, 1000]);
  });
});

describe("logic goes through missing values as in R", () => {
  const columns: Columns = { y: [1, 2, 3], p: [true, false, null], q: [null, null, null], x: [1, null, 3] };
  test("FALSE & NA is FALSE, TRUE | NA is TRUE", () => {
    expect([...frameOf("y ~ I(p & q)", columns).rows]).toEqual([1]);
    expect([...frameOf("y ~ I(p | q)", columns).rows]).toEqual([0]);
    expect([...frameOf("y ~ I(!p)", columns).rows]).toEqual([0, 1]);
  });
  test("is.na is never missing, and ifelse is missing only where its test is", () => {
    expect([...frameOf("y ~ is.na(x)", columns).rows]).toEqual([0, 1, 2]);
    expect(columnOf(frameOf("y ~ ifelse(is.na(x), 0, x)", columns), "ifelse(is.na(x), 0, x)")).toEqual([1, 0, 3]);
  });
});

const level = fc.constantFrom("a", "b", "c");
const rowOf = fc.record({
  y: fc.double({ min: -9, max: 9, noNaN: true }),
  x: fc.integer({ min: -5, max: 5 }),
  f: level,
  g: fc.integer({ min: 1, max: 4 }),
  missing: fc.boolean(),
});

test("permuting the rows permutes the frame", () => {
  fc.assert(
    fc.property(fc.array(rowOf, { minLength: 3, maxLength: 30 }), fc.infiniteStream(fc.nat()), (rows, stream) => {
      const distinct = new Set(rows.filter(({ missing }) => !missing).map(({ f }) => f));
      fc.pre(distinct.size > 1);
      const order = rows.map((_, i) => i);
      for (let i = order.length - 1; i > 0; i--) {
        const j = (stream.next().value as number) % (i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      const make = (taken: typeof rows): ModelFrame =>
        frameOf("y ~ x * f + cwc(x, g) + I(x^2) + (1 + x | g) + (1 | g:f)", {
          y: taken.map(({ y, missing }) => (missing ? null : y)),
          x: taken.map(({ x }) => x),
          f: taken.map(({ f }) => f),
          g: taken.map(({ g }) => g),
        });
      const [plain, permuted] = [make(rows), make(order.map((i) => rows[i]!))];
      expect(permuted.fixed.names).toEqual(plain.fixed.names);
      expect(permuted.random.map(({ levels }) => levels)).toEqual(plain.random.map(({ levels }) => levels));
      const position = new Map([...plain.rows].map((row, i) => [row, i]));
      permuted.rows.forEach((row, i) => {
        const at = position.get(order[row]!)!;
        permuted.fixed.names.forEach((_, j) => {
          expect(permuted.fixed.values[j * permuted.rows.length + i]).toBeCloseTo(plain.fixed.values[j * plain.rows.length + at]!, 10);
        });
        permuted.random.forEach(({ levelOf }, k) => {
          expect(levelOf[i]).toBe(plain.random[k]!.levelOf[at]);
        });
      });
    }),
    { numRuns: 100 },
  );
});

test("new data that are the training rows give the frame's matrices and units exactly", () => {
  fc.assert(
    fc.property(fc.array(rowOf, { minLength: 8, maxLength: 30 }), (rows) => {
      fc.pre(new Set(rows.map(({ f }) => f)).size > 1 && new Set(rows.map(({ x }) => x)).size > 4);
      const columns: Columns = {
        y: rows.map(({ y }) => y),
        x: rows.map(({ x }) => x),
        f: rows.map(({ f }) => f),
        g: rows.map(({ g }) => g),
      };
      const frame = frameOf("y ~ poly(x, 2) * f + cgm(x, g) + scale(x) + factor(g) + (1 + f | g) + (1 | f:g)", columns);
      const again = designForNewData(JSON.parse(JSON.stringify(frame.recipe)), Table.from(columns as never));
      expect(again.fixed.names).toEqual(frame.fixed.names);
      expect(again.fixed.values).toEqual(frame.fixed.values);
      again.random.forEach((term, k) => {
        expect(term.levelOf).toEqual(frame.random[k]!.levelOf);
        expect(term.effects.values).toEqual(frame.random[k]!.effects.values);
      });
    }),
    { numRuns: 100 },
  );
});

test("every function that the parser knows can be evaluated", () => {
  const table = Table.from({ x: [1, 2, 3] });
  const span = { start: 0, end: 1 };
  const x = { kind: "name" as const, name: "x", span };
  for (const callee of knownFunctions) {
    const evaluation = { table, formula: "x", memory: emptyMemory(), used: null, factors: new Map(), evaluate };
    let message = "";
    try {
      evaluate({ kind: "call", callee, args: [{ name: null, value: x }], span }, evaluation);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).not.toContain("There is no function");
  }
});
