/** What a person reads: printed summaries, held to the letter. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { compare } from "../../src/inference/compare.js";
import { lmm } from "../../src/inference/lmm.js";
import { modelTable } from "../../src/inference/summary/model-table.js";
import { formatColumn, formatDf, formatFixed, formatLegible, formatNumber, formatP } from "../../src/inference/summary/numbers.js";
import { type SummaryOptions, summary } from "../../src/inference/summary/summary.js";
import { displayWidth, textTable, wrapped, wrappedSum } from "../../src/inference/summary/text-table.js";
import type { LinearMixedFit } from "../../src/models/fit.js";
import { parseFormula } from "../../src/models/formula/formula.js";
import { levelEquations } from "../../src/models/formula/level-equations.js";
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
      'There is no method for degrees of freedom called "satterthwait". Did you mean "satterthwaite"? Use satterthwaite, kenward-roger, between-within, containment, m-l-1, residual or none.',
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

/** Every kind of predictor, pupils in classes in schools: x, z and cat vary between pupils, f and w between classes, v between schools. */
const many = Table.from(
  Array.from({ length: 10 * 4 * 6 }, (_, i) => {
    const [school, klass] = [Math.floor(i / 24), Math.floor(i / 6)];
    const [x, z, w, v] = [Math.sin(13 * i), Math.cos(29 * i), Math.sin(7 * klass), Math.cos(3 * school)];
    const y = x + v + Math.sin(5 * school) + Math.cos(17 * klass) + Math.sin(101 * i) + (i % 3) * Math.cos(11 * school);
    const cat = "ABC"[(i * 7 + klass) % 3]!;
    return { y, x, z, w, v, cat, f: "PQR"[klass % 3]!, school: `s${school}`, klass: `k${klass}`, g: `g${school}` };
  }),
);
const hlm = (formula: string, table: Table = many): { readonly fit: LinearMixedFit; readonly text: string } => {
  const fit = lmm(formula, table);
  return { fit, text: summary(fit, { style: "hlm" }).text };
};
/** The lines of a section, put together. */
const section = (text: string, from: string, to: string): string =>
  text
    .slice(text.indexOf(`${from}\n`) + from.length + 1, text.indexOf(`\n${to}`))
    .split("\n")
    .map((line) => line.trim())
    .join(" ");

describe("equations and tables of the HLM style", () => {
  test.each([
    "y ~ x * cat + (1 | g)",
    "y ~ v * cat + (1 | g)",
    "y ~ 0 + f + x + (1 | klass)",
    "y ~ 0 + cat * x + (1 | g)",
    "y ~ poly(x, 2) * w + (1 | klass)",
    "y ~ ns(x, 3) + cat:z + (1 | g)",
    "y ~ f * cat + (cat | klass)",
    "y ~ f * x + v + (x | school/klass)",
    "y ~ 0 + f + v:x + (1 | school/klass)",
    "y ~ cat * f * v + (1 | klass) + (1 | school)",
    "y ~ x + I(2 * x) + cat + (0 + cat | g)",
    "y ~ x + exp(z) + offset(w) + (1 | g) + (0 + x | g)",
  ])("agree on every coefficient: %s", (formula) => {
    const { fit, text } = hlm(formula);
    const gammas = (lines: string): string[] => (lines.match(/γ[\d,]*\d/g) ?? []).sort();
    const table = text.slice(text.indexOf("Fixed effects ("), text.indexOf("Fixed effects with robust"));
    expect(gammas(section(text, "Level-1 model", "Mixed model"))).toEqual(gammas(table));
    const summands = section(text, "Mixed model", "Formula").split(" = ")[1]!.split(" + ");
    const products = summands.flatMap((summand) => {
      const [symbol, ...factors] = summand.replace(/_[ijk]+\b/g, "").split(/\*(?![^(]*\))/);
      return symbol!.startsWith("γ")
        ? [{ symbol: symbol!.replace(/[ijk]+$/, ""), factors: factors.sort().join(":") || "(Intercept)" }]
        : [];
    });
    expect(products.length).toBe(fit.fixed.length);
    for (const { term, estimate } of fit.fixed) {
      const found = products.find(({ factors }) => factors === term.split(":").sort().join(":"));
      const line = table.split("\n").find((one) => one.includes(`, ${found?.symbol} `));
      expect(line, term).toContain(` ${estimate.toFixed(6)} `);
    }
  });

  test("a factor with three levels has two coefficients", () => {
    const { text } = hlm("y ~ x * cat + (x | g)");
    expect(section(text, "Level-1 model", "Level-2 model (g)")).toBe(
      "y_ij = β0j + β1j*x_ij + β2j*catB_ij + β3j*catC_ij + β4j*x_ij*catB_ij + β5j*x_ij*catC_ij + r_ij",
    );
    expect(text).toMatch(/ For catC, β3\n +INTRCPT2, γ30 .*\n For x:catB, β4\n/);
  });

  test("without an intercept β0 is left out of both, or only random", () => {
    const { text } = hlm("y ~ 0 + cat + x + (1 | g)");
    expect(text).toContain(" y_ij = β0j + β1j*catA_ij + β2j*catB_ij + β3j*catC_ij + β4j*x_ij + r_ij\n");
    expect(text).toContain(" β0j = u0j\n β1j = γ10\n");
    expect(text).toMatch(/\) *\n Fixed effect .*\n For catA, β1\n/);
  });

  test("two columns of one name both have their line", () => {
    const rows = many.toRows().map((row) => ({ ...row, catB: Math.sin(Number(row.x) * 40) }));
    const { fit, text } = hlm("y ~ catB + cat + (1 | g)", Table.from(rows as Record<string, unknown>[]));
    expect(fit.fixed.map(({ term }) => term)).toEqual(["(Intercept)", "catB", "catB", "catC"]);
    for (const { estimate } of fit.fixed) expect(text).toContain(` ${estimate.toFixed(6)} `);
  });

  test("a slope of what is constant within units has no equations: the terms are listed", () => {
    const { text } = hlm("y ~ w + (w | klass)");
    expect(text).not.toContain("Level-1 model");
    expect(text).not.toMatch(/[βγ]/);
  });

  test.each([
    "y ~ x + (1 | g)",
    "y ~ v * x + z + (x | g)",
    "y ~ 0 + x + z + (0 + x | g)",
    "y ~ log(z + 2) * v + offset(w) + (1 | g)",
    "y ~ w * x + v * x + z + (x | klass:school) + (1 | school)",
    "y ~ cwc(x, g) + groupMean(x, g) + (cwc(x, g) | g)",
    `y ~ ${Array.from({ length: 12 }, (_, k) => `I(x^${k + 1})`).join(" + ")} + v + (1 | g)`,
  ])("are read back: %s", (formula) => {
    const { fit, text } = hlm(formula);
    const meaning = (written: string): unknown => {
      const { response, fixed, random } = parseFormula(written);
      return {
        response: response?.text,
        intercept: fixed.intercept,
        terms: fixed.terms.map(({ variables }) => variables.map((variable) => variable.text).sort()).sort(),
        offsets: fixed.offsets.map((offset) => offset.text),
        random: random.map(({ group, effects }) => [group.label, effects.intercept, effects.terms.map(({ label }) => label)]),
      };
    };
    expect(meaning(levelEquations(text))).toEqual(meaning(fit.formula));
    const equations = text.slice(text.indexOf("Level-1 model"), text.indexOf("\nFormula"));
    expect(levelEquations(equations)).toBe(levelEquations(text));
    if (fit.droppedColumns.length === 0) expect(lmm(levelEquations(text) as string, many).criterion).toBeCloseTo(fit.criterion, 4);
  });

  test("show three digits at least of numbers of any size", () => {
    const scaled = (by: number): string =>
      hlm("y ~ x + (x | g)", Table.from(many.toRows().map((row) => ({ ...row, y: (row.y as number) * by })) as Record<string, unknown>[]))
        .text;
    for (const by of [1e-9, 1e12]) {
      expect(scaled(by)).toMatch(/σ² = \d\.\d{4}e[+-]\d+\n/);
      expect(scaled(by)).toMatch(/INTRCPT2, γ10 +-?\d\.\d{4}e[+-]\d+ +\d\.\d{4}e[+-]\d+/);
      expect(scaled(by)).not.toMatch(/ 0\.00000/);
      expect(Math.max(...scaled(by).split("\n").map(displayWidth))).toBeLessThanOrEqual(120);
    }
    expect(scaled(1)).toMatch(/σ² = \d\.\d{5}\n/);
    expect(scaled(1)).not.toMatch(/\de[+-]\d/);
  });

  test("say what is counted as a parameter where HLM counts otherwise", () => {
    expect(summary(slope, { style: "hlm" }).text).toMatch(/\nNumber of estimated parameters = 6 \(fixed effects and variances\)$/);
    expect(summary(growth, { style: "hlm" }).text).toMatch(/\nNumber of estimated parameters = 9$/);
  });
});

describe("lines of a summary", () => {
  const powers = Array.from({ length: 30 }, (_, k) => `x${k + 1}`);
  const wide = Table.from(
    Array.from({ length: 120 }, (_, i) => ({
      y: Math.sin(3 * i) + Math.cos(i % 12),
      g: `g${i % 12}`,
      ...Object.fromEntries(powers.map((name, k) => [name, Math.sin((k + 2) * (i + 1))])),
    })) as Record<string, unknown>[],
  );

  test.each([" + ", "+"])("are at most 100 characters for 30 predictors joined by %j", (sign) => {
    const fit = lmm(`y ~ ${powers.join(sign)}${sign}(1 | g)` as string, wide, { method: "ml" });
    const [, formula, next] = summary(fit).text.split("\n");
    expect(formula).toMatch(/^y ~ x1.*\+$/);
    expect(next).toMatch(/^ {4}x\d+/);
    for (const style of ["lme4", "hlm"] as const) {
      const { text } = summary(fit, { style });
      const head = text.slice(0, text.indexOf("\n\n"));
      for (const line of head.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(100);
    }
    expect(compare(fit, lmm("y ~ x1 + (1 | g)", wide, { method: "ml" })).toString()).toMatch(/\+\n {6}x\d+/);
  });

  test("say what Share means only where a term has slopes", () => {
    const line = "\nShare: of the variance of an average row; a term with slopes counts at the data's predictor values.\n";
    expect(summary(slope).text).toContain(line);
    expect(summary(splitPlot).text).not.toContain("Share:");
  });

  test("name contrasts that are not treatment contrasts", () => {
    const sum = lmm("mAch ~ sx + sector + (1 | school)", hsb, { contrasts: { sx: "sum" } });
    for (const style of ["lme4", "hlm"] as const) {
      expect(summary(sum, { style }).text).toContain("\nContrasts: sx sum\n");
      expect(summary(hsbFull, { style }).text).not.toContain("Contrasts");
    }
    const ordered = lmm("y ~ ordered(cat) + x + (1 | g)", many);
    expect(summary(ordered).text).toContain("\nContrasts: ordered(cat) poly\n");
    expect(summary(lmm("y ~ 0 + ordered(cat) + (1 | g)", many)).text).not.toContain("Contrasts");
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
      'There is no option "metod". Did you mean "method"? The options are method, weights, offset and contrasts.',
    );
  });

  test("takes offsets apart from the formula", () => {
    const apart = lmm("Reaction ~ 1 + (1 | Subject)", sleepstudy, { offset: "Days" });
    expect(apart.criterion).toBeCloseTo(lmm("Reaction ~ 1 + offset(Days) + (1 | Subject)", sleepstudy).criterion, 9);
    const number = { offset: 3 } as object;
    expect(() => lmm("Reaction ~ 1 + (1 | Subject)", sleepstudy, number)).toThrow('The option "offset" takes a text, or a list of texts');
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

  test("keep their decimals until too few digits are left", () => {
    expect([39.14831, 0.00123, 0.00099, -1e-12, 0, 1e9].map((value) => formatLegible(value, 5))).toEqual([
      "39.14831",
      "0.00123",
      "9.9000e-4",
      "-1.0000e-12",
      "0.00000",
      "1.0000e+9",
    ]);
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
  test("break sums after a sign", () => {
    expect(wrappedSum("y ~ aa + bb + cc", "", "  ", 8)).toEqual(["y ~ aa +", "  bb +", "  cc"]);
    expect(wrappedSum("y~aa+bb+cc", " ", "  ", 8)).toEqual([" y~aa+", "  bb+cc"]);
    expect(wrappedSum("averyverylongname", "", "  ", 8)).toEqual(["averyverylongname"]);
  });

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
