/** What a person reads: printed summaries, held to the letter. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { lmm } from "../../src/inference/lmm.js";
import { modelTable } from "../../src/inference/summary/model-table.js";
import { formatColumn, formatDf, formatFixed, formatNumber, formatP } from "../../src/inference/summary/numbers.js";
import { type SummaryOptions, summary } from "../../src/inference/summary/summary.js";
import { displayWidth, textTable, wrapped } from "../../src/inference/summary/text-table.js";
import { boundary, crossed, egsingle, hsb, hsbFull, hsbNull, intercept, sleepstudy, slope, splitPlot } from "./fits.js";

const growth = lmm("math ~ year + (year | schoolid/childid)", egsingle, { method: "ml" });

describe("printed summaries", () => {
  test.each([
    ["hsb-null.lme4", hsbNull, {}],
    ["hsb-full.lme4", hsbFull, {}],
    ["hsb-full.hlm", hsbFull, { style: "hlm" }],
    ["sleepstudy.lme4", slope, {}],
    ["sleepstudy.z", slope, { df: "none" }],
    ["sleepstudy.hlm", slope, { style: "hlm" }],
    ["oats.lme4", splitPlot, {}],
    ["penicillin.lme4", crossed, {}],
    ["penicillin.hlm", crossed, { style: "hlm" }],
    ["dyestuff2.lme4", boundary, {}],
    ["egsingle.hlm", growth, { style: "hlm" }],
  ] as const)("%s", async (name, fit, options: SummaryOptions) => {
    const { text } = summary(fit, options);
    await expect(`${text}\n`).toMatchFileSnapshot(`printed/${name}.txt`);
  });

  test("are at most 25 lines of at most 120 columns for simple models", () => {
    for (const fit of [hsbNull, hsbFull, slope, splitPlot, crossed, boundary]) {
      const lines = summary(fit).text.split("\n");
      expect(lines.length).toBeLessThanOrEqual(25);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(120);
    }
  });

  test("are what a console, a notebook and String() show of a fit", () => {
    expect(inspect(slope)).toBe(summary(slope).text);
    expect(String(slope)).toBe(summary(slope).text);
    expect(String(summary(slope, { style: "hlm" }))).toBe(summary(slope, { style: "hlm" }).text);
    expect(inspect(summary(slope))).toBe(summary(slope).text);
  });

  test("have no stars", () => {
    expect(summary(hsbFull).text).not.toMatch(/\*\*/);
  });

  test("refuse styles and methods that do not exist", () => {
    expect(() => summary(slope, { style: "hml" as "hlm" })).toThrow('There is no style "hml". Did you mean "hlm"? Use lme4 or hlm.');
    expect(() => summary(slope, { df: "satterthwait" as "none" })).toThrow(
      'There is no method for degrees of freedom called "satterthwait". Did you mean "satterthwaite"? Use satterthwaite, residual or none.',
    );
  });

  test("say which variables are centred", () => {
    const text = summary(lmm("mAch ~ cwc(ses, school) + cgm(meanses) + groupMean(ses, school) + (1 | school)", hsb), { style: "hlm" }).text;
    expect(text).toContain("ses has been centred around the mean of its school.");
    expect(text).toContain("meanses has been centred around the grand mean.");
    expect(text).toContain("The mean of ses over each school is a predictor.");
  });

  test("line up names in any script", () => {
    const rows = sleepstudy.toRows().map((row) => ({ 反応: row.Reaction, 日: row.Days, "sujet é": row.Subject }));
    const { text } = summary(lmm("反応 ~ 日 + (日 | `sujet é`)", Table.from(rows as Record<string, unknown>[])));
    const block = text.split("\n").slice(4, 7);
    const ends = block.map((line) => displayWidth(line.slice(0, line.search(/\d\d+\.\d+|Variance/))));
    expect(new Set(block.map((line) => displayWidth(line))).size).toBeLessThanOrEqual(2);
    expect(Math.max(...ends)).toBeGreaterThan(0);
  });

  test("stay readable at any scale", () => {
    const scaled = (by: number): string => {
      const rows = sleepstudy.toRows().map((row) => ({ ...row, Reaction: (row.Reaction as number) * by }));
      return summary(lmm("Reaction ~ Days + (Days | Subject)", Table.from(rows as Record<string, unknown>[]))).text;
    };
    for (const by of [1e-12, 1e12]) {
      expect(scaled(by)).toMatch(/Days +\d\.\d+e[+-]\d+/);
      expect(scaled(by)).not.toMatch(/0\.000000 /);
      expect(Math.max(...scaled(by).split("\n").map(displayWidth))).toBeLessThanOrEqual(120);
    }
  });
});

describe("lmm", () => {
  test("takes the method in either case of letters, and refuses others", () => {
    expect(lmm("Reaction ~ Days + (1 | Subject)", sleepstudy, { method: "reml" }).criterion).toBe(intercept.criterion);
    expect(() => lmm("Reaction ~ Days + (1 | Subject)", sleepstudy, { method: "rml" as "ml" })).toThrow(
      'There is no method "rml". Use "REML" or "ML".',
    );
  });

  test("refuses options that do not exist", () => {
    expect(() => lmm("Reaction ~ Days + (1 | Subject)", sleepstudy, { metod: "ml" } as object)).toThrow(
      'There is no option "metod". Did you mean "method"? The options are method, weights and contrasts.',
    );
  });

  test("refuses what is no formula and what is no table", () => {
    expect(() => lmm(3 as unknown as string, sleepstudy)).toThrow(
      'The first argument must be a formula in quotes, such as "score ~ ses + (1 | school)"; this one is of type number.',
    );
    expect(() => lmm("y ~ x + (1 | g)", [{ y: 1 }] as unknown as Table)).toThrow("The second argument must be a table");
  });

  test("returns a record that cannot be changed", () => {
    expect(Object.isFrozen(slope)).toBe(true);
  });

  test("times the fit from the table in memory", () => {
    expect(slope.timing.fitMs).toBeGreaterThan(0);
  });
});

test("models side by side", async () => {
  const table = modelTable({ "Random intercept": intercept, "Random slope": slope }, { labels: { Days: "Days of deprivation" } });
  await expect(`${table}\n`).toMatchFileSnapshot("printed/model-table.txt");
  expect(() => modelTable({})).toThrow("Give at least one named fit");
});

describe("numbers", () => {
  test("share their decimals within a column", () => {
    expect(formatColumn([251.405104, 10.467285, 6.824])).toEqual(["251.405", "10.467", "6.824"]);
    expect(formatColumn([12, 3, 100])).toEqual(["12", "3", "100"]);
    expect(formatColumn([0, 0.5])).toEqual(["0.0000", "0.5000"]);
    expect(formatColumn([])).toEqual([]);
  });

  test("use exponents only where nothing else is readable", () => {
    expect(formatColumn([1234.5, 0.00000123])).toEqual(["1234.5", "1.230e-6"]);
    expect(formatColumn([1.5e12, 2])).toEqual(["1.500e+12", "2"]);
    expect(formatNumber(1e-12)).toBe("1.000e-12");
    expect(formatColumn([Number.NaN, null, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toEqual(["", "", "Inf", "-Inf"]);
  });

  test("never show minus zero, nor a p value of zero", () => {
    expect(formatFixed([-0.001, 2.345], 2)).toEqual(["0.00", "2.35"]);
    expect([formatP(0), formatP(0.00099), formatP(0.001), formatP(0.0456), formatP(null)]).toEqual([
      "<0.001",
      "<0.001",
      "0.001",
      "0.046",
      "",
    ]);
    expect([formatDf(17), formatDf(7184), formatDf(null), formatDf(Number.POSITIVE_INFINITY)]).toEqual(["17.0", "7184", "", "Inf"]);
  });
});

describe("text tables", () => {
  test("count wide characters twice and combining marks not at all", () => {
    expect([displayWidth("abc"), displayWidth("数学"), displayWidth("e\u0301"), displayWidth("🙂")]).toEqual([3, 4, 1, 2]);
    expect(
      textTable([
        { heading: "", cells: ["数学", "a"], align: "left" },
        { heading: "n", cells: ["1", "10"] },
      ]),
    ).toEqual(["        n", " 数学   1", " a     10"]);
  });

  test("keep names with line breaks on one line", () => {
    expect(textTable([{ heading: "x", cells: ["a\nb\u001b[31m"], align: "left" }])).toEqual([" x", " a b [31m"]);
  });

  test("break long notes at spaces", () => {
    expect(wrapped("one two three four", 9, "- ", "  ")).toEqual(["- one two", "  three", "  four"]);
  });
});
