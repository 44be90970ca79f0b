import { describe, expect, test } from "vitest";
import { derive } from "../../src/data/derive.js";
import { filter } from "../../src/data/filter.js";
import { groupSummary } from "../../src/data/group-summary.js";
import { join } from "../../src/data/join.js";
import { rename, select } from "../../src/data/select.js";
import { sort } from "../../src/data/sort.js";
import { Table } from "../../src/data/table.js";

const table = Table.from({ g: ["b", "a", null, "b"], x: [2, null, 1, 4] });

describe("select and rename", () => {
  test("select gives the columns in the order asked for and shares them", () => {
    const chosen = select(table, ["x", "g"]);
    expect(chosen.columnNames).toEqual(["x", "g"]);
    expect(chosen.column("x")).toBe(table.column("x"));
    expect(() => select(table, ["y" as "x"])).toThrow('There is no column "y".');
  });

  test("rename gives other names and refuses two of one name", () => {
    expect(rename(table, { x: "score" }).columnNames).toEqual(["g", "score"]);
    expect(() => rename(table, { x: "g" })).toThrow('Two columns have the name "g"');
    expect(() => rename(table, { y: "z" } as unknown as { x: string })).toThrow('There is no column "y".');
  });
});

describe("filter", () => {
  test("keeps the rows where the predicate holds, and all levels", () => {
    const kept = filter(table, (row) => row.g === "b");
    expect(kept.toRows()).toEqual([
      { g: "b", x: 2 },
      { g: "b", x: 4 },
    ]);
    expect(kept.column("g")).toMatchObject({ levels: ["a", "b"] });
  });

  test("takes row indices in any order and refuses those outside", () => {
    expect(filter(table, [3, 0, 3]).toColumns()).toEqual({ g: ["b", "b", "b"], x: [4, 2, 4] });
    expect(() => filter(table, [4])).toThrow("There is no row 4: the table has 4 rows.");
  });

  test("an empty result keeps its columns", () => {
    expect(filter(table, () => false)).toMatchObject({ rowCount: 0, columnNames: ["g", "x"] });
  });
});

describe("derive", () => {
  test("adds and replaces columns from the rows as they were", () => {
    const more = derive(table, {
      x: (row) => (row.x === null ? null : row.x * 10),
      big: (row) => row.x !== null && row.x > 1,
      k: [1, 2, 3, 4],
    });
    expect(more.toRows()[3]).toEqual({ g: "b", x: 40, big: true, k: 4 });
    expect(more.columnNames).toEqual(["g", "x", "big", "k"]);
    expect(table.toColumns().x).toEqual([2, null, 1, 4]);
  });

  test("refuses a wrong number of values", () => {
    expect(() => derive(table, { k: [1] })).toThrow('Columns must be equally long: "g" has 4 rows, "k" has 1.');
  });
});

describe("sort", () => {
  test("puts missing cells last in both directions and leaves ties as they stand", () => {
    expect(sort(table, ["x"]).toColumns().x).toEqual([1, 2, 4, null]);
    expect(sort(table, [{ column: "x", descending: true }]).toColumns().x).toEqual([4, 2, 1, null]);
    expect(sort(table, ["g"]).toColumns().x).toEqual([null, 2, 4, 1]);
    expect(sort(table, ["g", { column: "x", descending: true }]).toColumns().x).toEqual([null, 4, 2, 1]);
  });

  test("orders infinite numbers, text and booleans", () => {
    const other = Table.from(
      {
        x: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
        t: ["\u{10000}", "\uffff", "a"],
        b: [true, false, null],
      },
      { text: ["t"] },
    );
    expect(sort(other, ["x", "t"]).toColumns().t).toEqual(["\uffff", "a", "\u{10000}"]);
    expect(sort(other, ["t"]).toColumns().t).toEqual(["a", "\uffff", "\u{10000}"]);
    expect(sort(other, ["b"]).toColumns().b).toEqual([false, true, null]);
  });
});

describe("join", () => {
  const schools = Table.from({ id: ["b", "c", "a"], size: [10, 20, 30] });

  test("a left join keeps every left row; missing keys have no partner", () => {
    const joined = join(table, schools, { on: [["g", "id"]] });
    expect(joined.toColumns()).toEqual({ g: ["b", "a", null, "b"], x: [2, null, 1, 4], size: [10, 30, null, 10] });
  });

  test("an inner join keeps partners only, each pair once", () => {
    const many = Table.from({ g: ["b", "b", "z"], y: [1, 2, 3] });
    expect(join(table, many, { on: ["g"], how: "inner" }).toColumns()).toEqual({
      g: ["b", "b", "b", "b"],
      x: [2, 2, 4, 4],
      y: [1, 2, 1, 2],
    });
  });

  test("several keys are compared one by one", () => {
    const left = Table.from({ a: ["p:q", "p"], b: ["r", "q:r"], k: [1, 2] });
    const right = Table.from({ a: ["p"], b: ["q:r"], v: [7] });
    expect(join(left, right, { on: ["a", "b"] }).toColumns().v).toEqual([null, 7]);
  });

  test("numbers are joined with numbers only", () => {
    expect(join(Table.from({ k: [1, 2] }), Table.from({ k: [2], v: [5] }), { on: ["k"] }).toColumns().v).toEqual([null, 5]);
    expect(() => join(table, Table.from({ g: [1] }), { on: ["g"] })).toThrow(
      'The key "g" is of kind factor on the left, but "g" is of kind number',
    );
  });

  test("a column that both tables have besides the keys is refused", () => {
    expect(() => join(table, Table.from({ g: ["a"], x: [1] }), { on: ["g"] })).toThrow('Two columns have the name "x"');
  });
});

describe("a summary by groups", () => {
  test("has one row a group in the order of the levels and skips missing values", () => {
    const summary = groupSummary(table, ["g"], {
      rows: "rows",
      n: ["x", "n"],
      missing: ["x", "missing"],
      mean: ["x", "mean"],
      sd: ["x", "sd"],
      variance: ["x", "variance"],
      sum: ["x", "sum"],
      median: ["x", "median"],
      min: ["x", "min"],
      max: ["x", "max"],
    });
    expect(summary.toRows()).toEqual([
      { g: "a", rows: 1, n: 0, missing: 1, mean: null, sd: null, variance: null, sum: null, median: null, min: null, max: null },
      { g: "b", rows: 2, n: 2, missing: 0, mean: 3, sd: Math.SQRT2, variance: 2, sum: 6, median: 3, min: 2, max: 4 },
    ]);
  });

  test("groups by numbers in order of size, by several columns, or by none", () => {
    const more = Table.from({ a: [10, 9, 10], b: [true, true, false], x: [1, 2, 3] });
    expect(groupSummary(more, ["a"], { n: "rows" }).toColumns()).toEqual({ a: [9, 10], n: [1, 2] });
    expect(groupSummary(more, ["a", "b"], { x: ["x", "sum"] }).toColumns()).toEqual({
      a: [9, 10, 10],
      b: [true, false, true],
      x: [2, 3, 1],
    });
    expect(groupSummary(more, [], { share: ["b", "mean"] }).toColumns()).toEqual({ share: [2 / 3] });
  });

  test("refuses statistics that do not exist and columns that are no numbers", () => {
    expect(() => groupSummary(table, ["g"], { m: ["x", "meen" as "mean"] })).toThrow('There is no summary "meen". Did you mean "mean"?');
    expect(() => groupSummary(table, ["g"], { m: ["g", "mean"] })).toThrow(
      'Column "g" is of kind factor, but a numeric or boolean column is needed here.',
    );
  });

  test("infinite values give infinite sums", () => {
    const infinite = Table.from({ g: ["a", "a"], x: [1, Number.POSITIVE_INFINITY] });
    expect(groupSummary(infinite, ["g"], { sum: ["x", "sum"], mean: ["x", "mean"] }).toRows()).toEqual([
      { g: "a", sum: Number.POSITIVE_INFINITY, mean: Number.POSITIVE_INFINITY },
    ]);
  });
});
