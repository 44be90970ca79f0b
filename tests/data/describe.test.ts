import { describe, expect, test } from "vitest";
import { describe as describeTable, descriptionText } from "../../src/data/describe.js";
import { makeFactor } from "../../src/data/factor.js";
import { filter } from "../../src/data/filter.js";
import { quantileSorted } from "../../src/data/quantile.js";
import { rename } from "../../src/data/select.js";
import { sort } from "../../src/data/sort.js";
import { Table } from "../../src/data/table.js";

describe("a description", () => {
  test("gives R's mean, sd and type-7 quantiles of a numeric column", () => {
    // R: x <- c(2, 4, 4, 5, 9, NA); mean, sd, quantile(x, na.rm = TRUE)
    const [x] = describeTable(Table.from({ x: [9, 4, null, 2, 5, 4] }));
    expect(x).toMatchObject({ name: "x", kind: "number", n: 5, missing: 1, min: 2, q25: 4, median: 4, q75: 5, max: 9, mean: 4.8 });
    expect((x as { sd: number }).sd).toBeCloseTo(2.588435821108957, 14); // rounding of a sum of five squares
  });

  test("has null where there is nothing to say", () => {
    const [none, one] = describeTable(Table.from({ none: [null, null], one: [null, 7] }));
    expect(none).toMatchObject({ n: 0, missing: 2, mean: null, sd: null, min: null, median: null });
    expect(one).toMatchObject({ n: 1, mean: 7, sd: null, q25: 7 });
  });

  test("counts levels, also those that do not occur", () => {
    const g = {
      kind: "factor" as const,
      name: "g",
      ordered: true,
      levels: ["lo", "hi", "no"],
      codes: Int32Array.of(0, 1, 1, -1),
      label: "Group",
    };
    expect(describeTable(Table.ofColumns([g]))).toEqual([
      {
        name: "g",
        label: "Group",
        n: 3,
        missing: 1,
        kind: "factor",
        ordered: true,
        levels: [
          { level: "lo", label: null, count: 1, share: 1 / 3 },
          { level: "hi", label: null, count: 2, share: 2 / 3 },
          { level: "no", label: null, count: 0, share: 0 },
        ],
      },
    ]);
  });

  test("prints in aligned columns", () => {
    const table = Table.from({ score: [1, 2, 3.5, null], sex: ["F", "M", "F", null], ok: [true, false, true, true] });
    expect(descriptionText(describeTable(table))).toBe(
      [
        "column  n  missing    mean      sd  min  25%  median   75%  max",
        "score   3        1  2.1667  1.2583    1  1.5       2  2.75  3.5",
        "",
        "column  n  missing  levels",
        "sex     3        1  2: F 2, M 1",
        "ok      4        0  2: FALSE 1, TRUE 3",
      ].join("\n"),
    );
  });

  test("prints whole order statistics in full", () => {
    const text = descriptionText(describeTable(Table.from({ id: [0, 149_999, 299_999], x: [0.123456, 1e21, -1234567.5] })));
    expect(text.split("\n").map((line) => line.split(/ +/).slice(5))).toEqual([
      ["min", "25%", "median", "75%", "max"],
      ["0", "75000", "149999", "224999", "299999"],
      ["-1234600", "-617280", "0.12346", "500000000000000000000", "1e+21"],
    ]);
  });

  test("tells which columns were read as text because of a few cells, also after rows were taken", () => {
    const nearlyNumeric = { value: 'a "b"', row: 2, count: 2, total: 20 };
    const x = { ...makeFactor("x", ["1", 'a "b"', "2"]), nearlyNumeric };
    const line = 'z: read as text because 2 of 20 values are not numbers, the first of them "a \\"b\\"" in row 2';
    const renamed = rename(Table.ofColumns<{ x: string }>([x]), { x: "z" });
    for (const table of [renamed, filter(renamed, (row) => row.z !== "1"), sort(renamed, ["z"])]) {
      expect(table.column("z")).toMatchObject({ nearlyNumeric });
      expect(descriptionText(describeTable(table)).split("\n\n")[1]).toBe(line);
    }
  });

  test("describes chosen columns and refuses unknown ones", () => {
    expect(describeTable(Table.from({ a: [1], b: [2] }), ["b"]).map(({ name }) => name)).toEqual(["b"]);
    expect(() => describeTable(Table.from({ a: [1] }), ["b" as "a"])).toThrow('There is no column "b".');
  });
});

test("quantiles beside an infinite value are not NaN", () => {
  expect(quantileSorted([1, Number.POSITIVE_INFINITY], 0)).toBe(1);
  expect(quantileSorted([], 0.5)).toBeNaN();
});
