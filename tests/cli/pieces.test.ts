/** Small parts of the command line: lists, assignments, the bar. */
import { describe, expect, test } from "vitest";
import { assignmentsOf, gridValues, namesOf, pieces } from "../../src/cli/lists.js";
import { bar } from "../../src/cli/progress.js";
import { Table } from "../../src/data/table.js";

describe("lists", () => {
  test("are split at commas outside parentheses and quotes", () => {
    expect(pieces("sex, ses")).toEqual(["sex", "ses"]);
    expect(pieces("cwc(ses, school),poly(x, 2)")).toEqual(["cwc(ses, school)", "poly(x, 2)"]);
    expect(pieces('"yes, often",no,"say ""no"""')).toEqual(["yes, often", "no", 'say "no"']);
    expect(namesOf("--specs", "__proto__,b")).toEqual(["__proto__", "b"]);
    expect(() => namesOf("--specs", "a,,b")).toThrow('--specs "a,,b" cannot be read.');
  });

  test("values of a predictor are as its column has them", () => {
    const table = Table.from({ x: [1, 2], g: ["1", "2"], t: [true, false] });
    const assigned = assignmentsOf(["x=-1,2.5", "g=1", "t=TRUE,false", "I(x == 2)=0,1", "cwc(x, g)=0", "factor(z)=01,a,2"]);
    expect(gridValues(assigned, table)).toEqual({
      x: [-1, 2.5],
      g: ["1"],
      t: [true, false],
      "I(x == 2)": [0, 1],
      "cwc(x, g)": [0],
      "factor(z)": ["01", "a", 2],
    });
    expect(() => gridValues(assignmentsOf(["t=1"]), table)).toThrow('--at gives "t" the value "1". Its values are true and false.');
    expect(() => assignmentsOf(["I(x == 2)"])).toThrow("cannot be read");
  });
});

test("the bar fills as work is done", () => {
  expect(bar(0, 48)).toBe(`[${" ".repeat(24)}]`);
  expect(bar(24, 48)).toBe(`[${"=".repeat(12)}${" ".repeat(12)}]`);
  expect(bar(48, 48)).toBe(`[${"=".repeat(24)}]`);
  expect(bar(0, 0)).toBe(`[${" ".repeat(24)}]`);
});
