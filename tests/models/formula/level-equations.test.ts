import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { lmm } from "../../../src/inference/lmm.js";
import { FormulaError } from "../../../src/messages.js";
import { equationsOfColumns, type LevelEquations, toLevelEquations } from "../../../src/models/formula/as-level-equations.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { levelEquations } from "../../../src/models/formula/level-equations.js";

const hsb = `Level-1: mathach_ij = b0j + b1j*cses + r_ij
Level-2: b0j = g00 + g01*meanses + g02*sector + u0j
         b1j = g10 + g11*meanses + g12*sector + u1j`;
const hsbFormula = "mathach ~ meanses + sector + cses + meanses:cses + sector:cses + (1 + cses | school)";

type Levels = Readonly<Record<string, 1 | 2 | 3>>;
const equationsOf = (formula: string, levels: Levels, groups?: readonly string[]): LevelEquations =>
  toLevelEquations(parseFormula(formula), { levelOf: (variable) => levels[variable] ?? 1, groups });

describe("level equations become the formula that they combine to", () => {
  test("the intercepts- and slopes-as-outcomes model of High School and Beyond (Raudenbush & Bryk 2002, table 4.5)", () => {
    expect(levelEquations(hsb, { groups: ["school"] })).toBe(hsbFormula);
  });

  test.each([
    [
      "Greek, indices below the line, the group in the heading",
      "Level 1: y_ij = β₀ⱼ + β₁ⱼ*x_ij + e_ij\nLevel 2 (school): β₀ⱼ = γ₀₀ + γ₀₁*w_j + u₀ⱼ\nβ₁ⱼ = γ₁₀",
      "y ~ w + x + (1 | school)",
    ],
    [
      "names in full and braces",
      "LEVEL-1: y_{ij} = beta_{0j} + beta_{1j}*x_{ij} + r_{ij}; level-2 (g): beta_{0j} = gamma_{00} + u_{0j}; beta_{1j} = gamma_{10} + u_{1j}",
      "y ~ x + (1 + x | g)",
    ],
    [
      "a coefficient without an equation is fixed",
      "Level-1: y = b0j + b1*x + b2*log(z) + r\nLevel-2 (g): b0j = g00 + u0j",
      "y ~ x + log(z) + (1 | g)",
    ],
    [
      "products and arithmetic among the predictors",
      "Level-1: y = b0j + b1*x*z + b2*(x - 3) + b3*x^2 + b4*(a:x) + r\nLevel-2 (g): b0j = g00 + u0j",
      "y ~ x:z + I(x - 3) + I(x^2) + a:x + (1 | g)",
    ],
    ["no intercept, and a slope alone varies", "Level-1: y = b1j*x + r\nLevel-2 (g): b1j = g10 + u1j", "y ~ 0 + x + (0 + x | g)"],
    [
      "the predictor before its coefficient, an offset",
      "Level-1: y = b0j + x*b1j + offset(log(n)) + r\nLevel-2 (g): b0j = g00 + u0j",
      "y ~ x + offset(log(n)) + (1 | g)",
    ],
    [
      "an outcome in a transformation, a name in backticks",
      "Level-1: log(y) = b0j + b1*`my x` + r\nLevel-2 (g): b0j = g00 + u0j",
      "log(y) ~ `my x` + (1 | g)",
    ],
    ["one level", "Level-1: y = b0 + b1*x + r", "y ~ x"],
    [
      "three levels with nested units",
      "Level-1: y_tij = p0ij + p1ij*time_tij + e_tij\nLevel-2 (school:child): p0ij = b00j + b01j*girl_ij + r0ij; p1ij = b10j + r1ij\nLevel-3 (school): b00j = g000 + g001*size_j + u00j; b01j = g010; b10j = g100 + g101*size_j + u10j",
      "y ~ size + girl + time + size:time + (1 + time | school:child) + (1 + time | school)",
    ],
    [
      "as HLM prints it: predictors in parentheses, capitals with subscripts, headings without colons",
      "Summary of the model specified\n\nLevel-1 Model\n    MATHACHij = β0j + β1j*(SESij) + rij\nLevel-2 Model (school)\n    β0j = γ00 + γ01*(SECTORj) + u0j\n    β1j = γ10 + u1j\nMixed Model\n    MATHACHij = γ00 + γ01*SECTORj\n    + γ10*SESij + u0j + u1j*SESij + rij",
      "MATHACH ~ SECTOR + SES + (1 + SES | school)",
    ],
    [
      "headings in capitals, subscripts inside parentheses",
      "LEVEL 1 MODEL\ny_ij = β0j + β1j*(cses_ij) + β2j*( x_{ij} ) + r_ij\nLevel 2 model (school)\nβ0j = γ00 + u0j",
      "y ~ cses + x + (1 | school)",
    ],
    [
      "equations over several lines, broken before or after a sign",
      "Level-1:\ny = b0j +\n  b1*x\n  + b2*\n z + r\nLevel-2 (g):\nb0j =\n g00 + u0j",
      "y ~ x + z + (1 | g)",
    ],
    [
      "a group that is an expression",
      "Level-1: y = b0j + r\nLevel-2 (factor(school)): b0j = g00 + g01*(w) + u0j",
      "y ~ w + (1 | factor(school))",
    ],
  ])("%s", (_, text, formula) => {
    expect(levelEquations(text)).toBe(formula);
  });

  test("a line after a semicolon is an equation of its own, whatever sign it begins with", () => {
    expect(() => levelEquations("Level-1: y = b0j + r;\n+ b1*x\nLevel-2 (g): b0j = g00 + u0j")).toThrow(FormulaError);
  });

  test("an equation before the first heading is not passed over", () => {
    expect(() => levelEquations("y = b0j + r\nLevel-2 (g): b0j = g00 + u0j")).toThrow("This equation stands under no heading.");
  });

  test("capitals keep small letters where a column is so called", () => {
    const text = "Level-1: Y = B0 + B1*(IQij) + B2*(Wt) + R\nLevel-2 (g): B0 = G00 + U0";
    expect(levelEquations(text)).toBe("Y ~ IQ + Wt + (1 | g)");
    expect(levelEquations(text, { columns: ["Y", "IQij", "Wt", "g"] })).toBe("Y ~ IQij + Wt + (1 | g)");
  });

  describe("units of level 2 lie within those of level 3", () => {
    const growth = "Level-1: y = p0 + p1*t + e\nLevel-2: p0 = b00 + r0; p1 = b10 + r1\nLevel-3: b00 = g000 + u00; b10 = g100 + u10";
    const formula = "y ~ t + (1 + t | school:child) + (1 + t | school)";

    test("groups given innermost first", () => {
      expect(levelEquations(growth, { groups: ["child", "school"] })).toBe(formula);
    });

    test("groups in the headings", () => {
      const named = growth.replace("Level-2", "Level-2 (child)").replace("Level-3", "Level-3 (school)");
      expect(levelEquations(named)).toBe(formula);
    });

    test("a group that names the higher one already stays as it is", () => {
      expect(levelEquations(growth, { groups: ["child:school", "school"] })).toBe(formula.replace("school:child", "child:school"));
    });

    test("children numbered afresh in each school are different children", () => {
      const rows = Array.from({ length: 8 * 5 * 4 }, (_, i) => {
        const [school, child, t] = [Math.floor(i / 20), Math.floor(i / 4) % 5, i % 4];
        const y = t * (1 + Math.sin(school)) + 3 * Math.cos(7 * school) + 2 * Math.sin(31 * school + 5 * child) + Math.sin(97 * i) / 2;
        return { school: `s${school}`, child: `c${child}`, t, y };
      });
      const intercepts = growth.replace("; p1 = b10 + r1", "; p1 = b10").replace("; b10 = g100 + u10", "");
      const table = Table.from(rows);
      const fit = lmm(levelEquations(intercepts, { groups: ["child", "school"] }) as string, table);
      expect(fit.groups.map(({ levels }) => levels)).toEqual([40, 8]);
      expect(fit.criterion).toBeCloseTo(lmm("y ~ t + (1 | school/child)", table).criterion, 8);
    });
  });

  test("a column that is named as if it had a subscript keeps its name", () => {
    const text = "Level-1: y_ij = b0j + b1j*score_i + r\nLevel-2 (g): b0j = g00 + u0j";
    expect(levelEquations(text)).toBe("y ~ score + (1 | g)");
    expect(levelEquations(text, { columns: ["y", "score_i", "g"] })).toBe("y ~ score_i + (1 | g)");
  });
});

describe("a formula becomes level equations", () => {
  test("two levels", () => {
    const { levels, mixed } = equationsOf(hsbFormula, { meanses: 2, sector: 2 });
    expect(levels).toEqual([
      { level: 1, group: null, equations: ["mathach_ij = β0j + β1j*cses_ij + r_ij"] },
      {
        level: 2,
        group: "school",
        equations: ["β0j = γ00 + γ01*meanses_j + γ02*sector_j + u0j", "β1j = γ10 + γ11*meanses_j + γ12*sector_j + u1j"],
      },
    ]);
    expect(mixed).toBe(
      "mathach_ij = γ00 + γ01*meanses_j + γ02*sector_j + γ10*cses_ij + γ11*meanses_j*cses_ij + γ12*sector_j*cses_ij + u0j + u1j*cses_ij + r_ij",
    );
  });

  test("three levels: growth of children in schools (Raudenbush & Bryk 2002, chapter 8)", () => {
    const formula = "math ~ lowinc + female + year + lowinc:year + female:year + (1 + year | child) + (1 + year | school)";
    const { text, mixed } = equationsOf(formula, { lowinc: 3, female: 2 });
    expect(text.split("\n")).toEqual([
      "Level-1:",
      "  math_ijk = π0jk + π1jk*year_ijk + e_ijk",
      "Level-2 (child):",
      "  π0jk = β00k + β01k*female_jk + r0jk",
      "  π1jk = β10k + β11k*female_jk + r1jk",
      "Level-3 (school):",
      "  β00k = γ000 + γ001*lowinc_k + u00k",
      "  β01k = γ010",
      "  β10k = γ100 + γ101*lowinc_k + u10k",
      "  β11k = γ110",
    ]);
    expect(mixed).toBe(
      "math_ijk = γ000 + γ001*lowinc_k + γ010*female_jk + γ100*year_ijk + γ101*lowinc_k*year_ijk + γ110*female_jk*year_ijk + r0jk + u00k + r1jk*year_ijk + u10k*year_ijk + e_ijk",
    );
  });

  test("0 stays the number of the intercept where there is none", () => {
    expect(equationsOf("y ~ 0 + x + (0 + x | g)", {}).levels.flatMap((level) => level.equations)).toEqual([
      "y_ij = β1j*x_ij + r_ij",
      "β1j = γ10 + u1j",
    ]);
  });

  test("a slope that varies without a fixed effect has only a residual", () => {
    expect(equationsOf("y ~ 1 + (x | g)", {}).levels[1]!.equations).toEqual(["β0j = γ00 + u0j", "β1j = u1j"]);
    expect(equationsOf("y ~ 1 + (x | g)", {}).mixed).toBe("y_ij = γ00 + u0j + u1j*x_ij + r_ij");
  });

  test("numbers above nine are set apart by commas", () => {
    const names = Array.from({ length: 10 }, (_, i) => `w${i}`);
    const { text } = equationsOf(`y ~ ${names.join(" + ")} + (1 | g)`, Object.fromEntries(names.map((name) => [name, 2 as const])));
    expect(text).toContain("γ09*w8_j + γ0,10*w9_j + u0j");
  });

  test.each([
    ["y ~ x", "A formula without random terms has one level; there are no level equations to write."],
    ["~ x + (1 | g)", "A formula without a response cannot be written as level equations."],
    [
      "y ~ (1 | a) + (1 | b) + (1 | c)",
      "Level equations are written for one grouping factor or two, nested in one another. Name them from level 2 up in groups; crossed factors and multiple membership have none.",
    ],
    [
      "y ~ (1 | mm(a, b))",
      "Level equations are written for one grouping factor or two, nested in one another. Name them from level 2 up in groups; crossed factors and multiple membership have none.",
    ],
    ["y ~ (w | g)", "w does not vary within g, so that its slope cannot differ between the units of g."],
  ])("%s has none", (formula, what) => {
    const write = (): unknown => equationsOf(formula, { w: 2 });
    expect(write).toThrow(FormulaError);
    expect(write).toThrow(what);
  });
});

describe("columns become level equations", () => {
  test("each column has its coefficient, by which tables can name it", () => {
    const b = { name: "catB", level: 1 } as const;
    const c = { name: "catC", level: 1 } as const;
    const w = { name: "w", level: 2 } as const;
    const { levels, fixed } = equationsOfColumns({
      response: "y",
      offsets: [],
      fixed: [[], [b], [c], [w], [w, b]],
      random: [{ group: "g", effects: [[], [c]] }],
      groups: ["g"],
    });
    expect(levels.flatMap(({ equations }) => equations)).toEqual([
      "y_ij = β0j + β1j*catB_ij + β2j*catC_ij + r_ij",
      "β0j = γ00 + γ01*w_j + u0j",
      "β1j = γ10 + γ11*w_j",
      "β2j = γ20 + u2j",
    ]);
    expect(fixed.map((path) => path.map(({ symbol }) => symbol).join(" "))).toEqual(["β0 γ00", "β1 γ10", "β2 γ20", "β0 γ01", "β1 γ11"]);
    expect(fixed[4]).toEqual([
      { symbol: "β1", predictors: ["catB"] },
      { symbol: "γ11", predictors: ["w"] },
    ]);
  });
});

describe("there and back", () => {
  const cases: readonly (readonly [formula: string, levels: Levels, groups?: readonly string[]])[] = [
    [hsbFormula, { meanses: 2, sector: 2 }],
    ["y ~ 1 + (1 | g)", {}],
    ["y ~ 0 + x + (0 + x | g)", {}],
    ["log(y) ~ w + log(x) + w:log(x) + offset(o) + (1 + log(x) | g)", { w: 2 }],
    ["math ~ lowinc + female + year + lowinc:year + female:year + (1 + year | child) + (1 + year | school)", { lowinc: 3, female: 2 }],
    ["y ~ size + girl + size:girl + time + (1 + time | child) + (1 + girl + time | school)", { size: 3, girl: 2 }],
    ["y ~ x + (1 | a) + (1 | b)", {}, ["a", "b"]],
    [`y ~ ${Array.from({ length: 12 }, (_, i) => `w${i}`).join(" + ")} + (1 | g)`, {}],
    ["y ~ x_i + w_j + (1 | g)", { w_j: 2 }],
  ];
  const nesting: Readonly<Record<string, string>> = { child: "school:child", a: "b:a" };
  test.each(cases.map((one) => [one[0], one] as const))("%s", (_, [formula, levels, groups]) => {
    const back = parseFormula(levelEquations(equationsOf(formula, levels, groups).text));
    const there = parseFormula(formula);
    const meaning = ({ response, fixed, random }: typeof there): unknown => ({
      response: response?.text,
      intercept: fixed.intercept,
      terms: fixed.terms.map((term) => term.variables.map((v) => v.text).sort()).sort(),
      offsets: fixed.offsets.map((offset) => offset.text),
      // A child is a child within its school.
      random: random.map(({ group, effects }) => [
        nesting[group.label] ?? group.label,
        effects.intercept,
        effects.terms.map((term) => term.label),
      ]),
    });
    expect(meaning(back)).toEqual(meaning(there));
  });
});
