import { tableFromArrays } from "apache-arrow";
import * as aq from "arquero";
import { describe, expect, test } from "vitest";
import { isMissing } from "../../src/data/column-values.js";
import { Table } from "../../src/data/table.js";
import { DataError } from "../../src/messages.js";

const refused = (make: () => unknown): DataError => {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return error as DataError;
  }
  throw new Error("nothing was thrown");
};

describe("a table from rows", () => {
  test("numbers become numeric, booleans boolean, strings factors in code-point order, dates text", () => {
    const table = Table.from([
      { x: 1, b: true, g: "b", d: new Date("2024-05-01T00:00:00Z") },
      { x: null, b: null, g: "B", d: null },
      { x: 3, b: false, g: null, d: new Date("2024-05-01T10:30:00Z") },
    ]);
    expect(table.rowCount).toBe(3);
    expect(table.columnNames).toEqual(["x", "b", "g", "d"]);
    expect(table.columns).toEqual([
      { kind: "number", name: "x", values: Float64Array.of(1, Number.NaN, 3) },
      { kind: "boolean", name: "b", values: Int8Array.of(1, -1, 0) },
      { kind: "factor", name: "g", ordered: false, levels: ["B", "b"], codes: Int32Array.of(1, 0, -1) },
      { kind: "text", name: "d", values: ["2024-05-01", null, "2024-05-01T10:30:00.000Z"] },
    ]);
  });

  test("absent keys, undefined and NaN are missing", () => {
    const table = Table.from<{ x?: number; y?: number }>([{ x: 1 }, { y: 2 }, { x: undefined, y: Number.NaN }]);
    expect(table.toRows()).toEqual([
      { x: 1, y: null },
      { x: null, y: 2 },
      { x: null, y: null },
    ]);
  });

  test("names and levels of Object.prototype are names like any other", () => {
    const rows = [JSON.parse('{"__proto__": "constructor", "constructor": 1, "hasOwnProperty": "__proto__"}')];
    const table = Table.from(rows);
    expect(table.columnNames).toEqual(["__proto__", "constructor", "hasOwnProperty"]);
    expect(table.has("toString")).toBe(false);
    expect(JSON.stringify(table)).toBe('[{"__proto__":"constructor","constructor":1,"hasOwnProperty":"__proto__"}]');
    expect(Object.keys(table.toColumns())).toEqual(["__proto__", "constructor", "hasOwnProperty"]);
  });

  test("only own properties are read", () => {
    const row = Object.create({ inherited: 1 }) as { own: number };
    row.own = 2;
    expect(Table.from([row]).columnNames).toEqual(["own"]);
  });

  test("no rows give no columns", () => {
    expect(Table.from([]).rowCount).toBe(0);
  });
});

describe("a table from columns", () => {
  test("typed arrays are numeric, and Float64Arrays are shared", () => {
    const values = Float64Array.of(1, 2);
    const table = Table.from({ x: values, y: Int16Array.of(3, 4) });
    expect((table.column("x") as { values: unknown }).values).toBe(values);
    expect(table.toColumns()).toEqual({ x: [1, 2], y: [3, 4] });
  });

  test("strings stay text where asked for", () => {
    expect(Table.from({ note: ["a", null] }, { text: ["note"] }).column("note")).toEqual({
      kind: "text",
      name: "note",
      values: ["a", null],
    });
  });

  test("big whole numbers are numbers up to 2^53 and identifiers beyond", () => {
    expect(Table.from({ x: BigInt64Array.of(1n, 2n) }).column("x").kind).toBe("number");
    expect(Table.from({ x: [1n, 2.5] }).toColumns()).toEqual({ x: [1, 2.5] });
    expect(Table.from({ id: [9007199254740993n, null] }).toColumns()).toEqual({ id: ["9007199254740993", null] });
  });

  test("a column of nothing but missing cells is numeric", () => {
    expect(Table.from({ x: [null, undefined] }).column("x")).toEqual({
      kind: "number",
      name: "x",
      values: Float64Array.of(Number.NaN, Number.NaN),
    });
  });

  test("levels stand in code-point order also beyond the basic plane", () => {
    const table = Table.from({ g: ["\u{1F600}", "\uFF01", "é", "z", "Z"] });
    expect(table.column("g")).toMatchObject({ levels: ["Z", "z", "é", "\uFF01", "\u{1F600}"] });
  });

  test("ten thousand columns are found by name", () => {
    const table = Table.from(Object.fromEntries(Array.from({ length: 10_000 }, (_, k) => [`x${k}`, [k]])));
    expect(table.column("x9999")).toMatchObject({ values: Float64Array.of(9999) });
  });
});

describe("tables of other libraries", () => {
  test("an Arrow table keeps nulls, dictionaries, booleans, dates and 64-bit integers", () => {
    const arrow = tableFromArrays({
      x: [1, null, 3],
      g: ["b", null, "a"],
      d: [new Date(0), null, new Date(86_400_000)],
      b: [true, false, null],
      n: BigInt64Array.of(1n, 2n, 3n),
      f: Float64Array.of(0.5, 1.5, 2.5),
    });
    expect(Table.from(arrow).toColumns()).toEqual({
      x: [1, null, 3],
      g: ["b", null, "a"],
      d: ["1970-01-01", null, "1970-01-02"],
      b: [true, false, null],
      n: [1, 2, 3],
      f: [0.5, 1.5, 2.5],
    });
    expect(Table.from(arrow).column("g")).toMatchObject({ kind: "factor", levels: ["a", "b"] });
  });

  test("an arquero table is read with its filter and order, and written back", () => {
    const source = aq.table({ x: [3, 1, 2], g: ["a", "b", null] });
    const table = Table.from(source.filter("d => d.x > 1").orderby("x"));
    expect(table.toColumns()).toEqual({ x: [2, 3], g: [null, "a"] });
    const back = table.toArquero(aq);
    expect(back.columnNames()).toEqual(["x", "g"]);
    expect(back.objects()).toEqual([
      { x: 2, g: null },
      { x: 3, g: "a" },
    ]);
  });

  test("a danfojs data frame is known by its shape", () => {
    const columns = new Map<string, unknown[]>([
      ["x", [1, null]],
      ["g", ["b", "a"]],
    ]);
    const frame = { columns: [...columns.keys()], column: (name: string) => ({ values: columns.get(name) }) };
    expect(Table.from(frame).toColumns()).toEqual({ x: [1, null], g: ["b", "a"] });
  });

  test("a table is returned as it is", () => {
    const table = Table.from({ x: [1] });
    expect(Table.from(table)).toBe(table);
  });
});

describe("what is no table", () => {
  test("mixed types name the column and the row", () => {
    const error = refused(() => Table.from([{ x: 1 }, { x: null }, { x: "a" }]));
    expect(error.message).toBe('Column "x" mixes numbers with strings: row 3 holds "a". Make the column one type; null means missing.');
    expect(error.column).toBe("x");
    expect(error.rows).toEqual([3]);
  });

  test("objects and arrays are no cells", () => {
    expect(refused(() => Table.from({ x: [{}] })).message).toBe(
      'Column "x" holds an object in row 1. A cell is a number, a string, a boolean, a Date or null.',
    );
    expect(refused(() => Table.from({ x: [[1]] })).message).toContain("holds an array in row 1");
  });

  test("unequal lengths, empty and repeated names are refused", () => {
    expect(refused(() => Table.from({ a: [1], b: [1, 2] })).message).toBe('Columns must be equally long: "a" has 1 row, "b" has 2.');
    expect(refused(() => Table.from({ "": [1] })).message).toBe("Column 1 has no name. Give every column a name.");
    const x = Table.from({ x: [1] }).column("x");
    expect(refused(() => Table.ofColumns([x, x])).message).toBe('Two columns have the name "x" (columns 1 and 2). Rename one of them.');
  });

  test("codes outside the levels are refused", () => {
    const make = () => Table.ofColumns([{ kind: "factor", name: "g", ordered: false, levels: ["a"], codes: Int32Array.of(0, 1) }]);
    expect(refused(make).message).toBe('Factor "g" has code 1 in row 2, but its 1 level have the codes 0 to 0; -1 means missing.');
  });

  test("an absent column is an error with the nearest name", () => {
    const table = Table.from({ mkt: [1], vision: [2] });
    const error = refused(() => table.column("mtk"));
    expect(error.message).toBe('There is no column "mtk". Did you mean "mkt"? The table has mkt and vision.');
    expect(error.column).toBe("mtk");
  });

  test("numbers, null and typed arrays are no tables, and rows must be objects", () => {
    expect(refused(() => Table.from(3 as unknown as object[])).message).toContain("A number is not a table.");
    expect(refused(() => Table.from(Float64Array.of(1) as unknown as object[])).message).toContain("A typed array is not a table.");
    expect(refused(() => Table.from([{ x: 1 }, null] as unknown as object[])).message).toBe("Row 2 is null, not an object of cells.");
    expect(refused(() => Table.from({ x: 5 } as unknown as { x: number[] })).message).toContain('An object whose "x" is no array');
  });

  test("an unknown text column is an error", () => {
    expect(refused(() => Table.from({ note: ["a"] }, { text: ["nota"] })).message).toContain('Did you mean "note"?');
  });
});

test("a table shows its size, its kinds and its first rows", () => {
  const table = Table.from({ school: ["north", "south", null, "north", "north", "north", "north"], score: [1 / 3, 2, null, 4, 5, 6, 7] });
  expect(table.toString()).toBe(
    [
      "7 rows, 2 columns",
      "   school          score",
      "   factor (2)     number",
      "1  north       0.3333333",
      "2  south               2",
      "3  NA                 NA",
      "4  north               4",
      "5  north               5",
      "6  north               6",
      "... 1 more row",
    ].join("\n"),
  );
  const inspect = (table as unknown as Record<symbol, () => string>)[Symbol.for("nodejs.util.inspect.custom")]!;
  expect(inspect.call(table)).toBe(table.toString());
});

test("a missing cell has one form a kind", () => {
  const table = Table.from({ x: [null, 1], b: [null, true], g: [null, "a"], t: [null, "a"] }, { text: ["t"] });
  expect(table.columns.map((column) => [isMissing(column, 0), isMissing(column, 1)])).toEqual(Array(4).fill([true, false]));
});
