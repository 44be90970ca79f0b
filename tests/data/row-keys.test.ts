import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Column } from "../../src/data/column.js";
import { makeFactor } from "../../src/data/factor.js";
import { keyGroups, matchRows, NO_KEY, NO_MATCH } from "../../src/data/row-keys.js";

const text = (values: readonly (string | null)[]): Column => ({ kind: "text", name: "t", values });
const cell = fc.option(fc.constantFrom("a", "b", "a|b", "b|c", "c", "__proto__", "1", "é"), { nil: null });
const rows = fc.array(fc.tuple(cell, cell), { maxLength: 20 });
const columnsOf = (pairs: readonly (readonly [string | null, string | null])[]): Column[] => [
  text(pairs.map(([first]) => first)),
  makeFactor(
    "f",
    pairs.map(([, second]) => second),
  ),
];

describe("row keys", () => {
  test("a row's match is the first row of the other table whose cells are the same, one by one", () => {
    fc.assert(
      fc.property(rows, rows, (own, other) => {
        const expected = own.map(([a, b]) => {
          if (a === null || b === null) return NO_KEY;
          const at = other.findIndex(([x, y]) => x === a && y === b);
          return at < 0 ? NO_MATCH : at;
        });
        expect([...matchRows(columnsOf(own), columnsOf(other))]).toEqual(expected);
      }),
    );
  });

  test("rows are of one group where their cells are the same; a missing one counts where it is told to", () => {
    fc.assert(
      fc.property(rows, fc.boolean(), (pairs, counts) => {
        const { codes, firstRows } = keyGroups(columnsOf(pairs), [counts, counts]);
        pairs.forEach(([a, b], row) => {
          const out = !counts && (a === null || b === null);
          const first = pairs.findIndex(([x, y]) => x === a && y === b);
          expect(out ? codes[row] : firstRows[codes[row]!]).toBe(out ? -1 : first);
        });
      }),
    );
  });

  test("numbers and truth values match their texts", () => {
    const numbers: Column = { kind: "number", name: "n", values: Float64Array.of(3, Number.NaN, 0.5) };
    expect([...matchRows([numbers], [text(["0.5", "3"])])]).toEqual([1, NO_KEY, 0]);
    expect([...matchRows([text(["3", "3.0"])], [numbers])]).toEqual([0, NO_MATCH]);
    expect([...matchRows([{ kind: "boolean", name: "b", values: Int8Array.of(1, -1, 0) }], [text(["false", "true"])])]).toEqual([
      1,
      NO_KEY,
      0,
    ]);
  });

  test("a key of many columns with many values stays exact", () => {
    const n = 2000;
    const columns = Array.from({ length: 6 }, (_, k): Column => text(Array.from({ length: n }, (_row, row) => `v${(row * (k + 1)) % n}`)));
    expect([...matchRows(columns, columns)]).toEqual(Array.from({ length: n }, (_, row) => row));
    expect(keyGroups(columns).firstRows).toHaveLength(n);
  });
});
