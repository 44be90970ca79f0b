/** Bad input gets a typed error or a note, in exact words; odd but sound input simply works. */
import { describe, expect, test } from "vitest";
import { FitError, fitMessages } from "../../src/messages.js";
import type { LinearMixedFit } from "../../src/models/fit.js";
import type { Columns } from "./blocks/dense.js";
import { normal } from "./linalg/naive.js";
import { componentsOf, type FitOptions, fitted, units } from "./simulated.js";

const next = normal(31);
const g = Array.from({ length: 60 }, (_, i) => `g${Math.floor(i / 6)}`);
const h = g.map((_, i) => `h${i % 7}`);
const x = g.map(() => next());
const z = g.map(() => next());
const ofUnit = g.map((level) => Math.sin(Number(level.slice(1))));
const y = g.map((_, i) => 2 * ofUnit[i]! + next());
const data = { y, x, z, g, h };

function expectRefused(formula: string, columns: Columns, message: string, options?: FitOptions): void {
  const attempt = (): LinearMixedFit => fitted(formula, columns, options);
  expect(attempt).toThrow(FitError);
  expect(attempt).toThrow(new FitError(message));
}

const messageOf = ({ notes }: LinearMixedFit, code: string): string[] =>
  notes.filter((note) => note.code === code).map(({ message }) => message);

describe("a model that cannot be estimated is refused:", () => {
  test("a formula without a random term", () => {
    expectRefused("y ~ x", data, fitMessages.noRandomTerm("y ~ x"));
    expect(fitMessages.noRandomTerm("y ~ x")).toBe(
      'The formula "y ~ x" has no random term, so there is nothing multilevel to fit. Add one, for example (1 | school), or use ordinary regression.',
    );
  });

  test("a grouping factor with one level, which is named", () => {
    expectRefused("y ~ x + (1 | k)", { ...data, k: g.map(() => "only") }, fitMessages.oneLevel("k", "only"));
    expect(fitMessages.oneLevel("k", "only")).toBe(
      'The grouping factor "k" has only one level ("only") in the rows used, so a variance between its levels cannot be estimated. Leave its random term out.',
    );
  });

  test("a grouping factor with one level in the rows used", () => {
    const holes = y.map((value, i) => (g[i] === "g3" ? value : Number.NaN));
    expectRefused("y ~ x + (1 | g)", { ...data, y: holes }, fitMessages.oneLevel("g", "g3"));
  });

  test("a grouping factor with as many levels as rows", () => {
    expectRefused("y ~ x + (1 | id)", { ...data, id: g.map((_, i) => `r${i}`) }, fitMessages.asManyLevelsAsRows("id", 60));
    expect(fitMessages.asManyLevelsAsRows("id", 60)).toBe(
      'The grouping factor "id" has as many levels as there are rows (60): its variance cannot be told from the residual variance. Use a factor with several rows a level, or leave the term out.',
    );
  });

  test("a term with more effects than rows", () => {
    const attempt = (): LinearMixedFit => fitted("y ~ x + (1 + x + z + v + w + u + t | g)", { ...data, v: x, w: z, u: x, t: z });
    expect(attempt).toThrow(FitError);
    expect(attempt).toThrow("has 70 random effects for 60 rows: they cannot be told from the residual variance.");
    expect(() => fitted("y ~ x + (1 + x + z + v + w + u | g)", { ...data, v: x, w: z, u: x })).toThrow("has 60 random effects for 60 rows");
  });

  test("a constant response", () => {
    expectRefused("y ~ x + (1 | g)", { ...data, y: g.map(() => 4.2) }, fitMessages.constantResponse("y"));
    expectRefused("y ~ 1 + (1 | g)", { ...data, y: g.map(() => 0) }, fitMessages.constantResponse("y"));
    expectRefused("y ~ x + offset(y) + (1 | g)", data, fitMessages.constantBesideOffset("y"));
    expect(fitMessages.constantResponse("y")).toBe(
      'The response "y" has the same value in every row used, so there is no variation to explain. Check the column and the rows kept.',
    );
  });

  test("a response that the fixed effects reproduce", () => {
    expectRefused("y ~ x + z + (1 | g)", { ...data, y: x.map((value, i) => 3 * value - z[i]! + 1) }, fitMessages.exactFit("y"));
    expectRefused(
      "y ~ x + (1 | g)",
      { ...data, y: x.map((value) => 1e9 + value), x: x.map((value) => 1e9 + value) },
      fitMessages.exactFit("y"),
    );
    expect(fitMessages.exactFit("y")).toBe(
      'The fixed effects reproduce the response "y" exactly, so no variance is left to estimate. Is the response, or a function of it, among the predictors?',
    );
  });

  test("fewer rows than fixed effects", () => {
    const few = { y: [1, 2, 4, 3], x: [1, 2, 5, 1], z: [3, 1, 1, 2], v: [1, 0, 0, 1], g: ["a", "a", "b", "b"] };
    expectRefused("y ~ x + z + v + (1 | g)", few, fitMessages.tooFewRows(4, 4));
    expect(fitMessages.tooFewRows(4, 4)).toBe(
      "4 rows are too few for 4 fixed effects and a residual variance. Use more rows or fewer predictors.",
    );
  });
});

describe("a response without variation inside the units is refused,", () => {
  const exact = fitMessages.exactRandomFit("y");
  test("in the words that say so", () => {
    expect(exact).toBe(
      'The model reproduces the response "y" exactly: within the units no residual variation is left, so the variances cannot be estimated. Is the response constant within the units?',
    );
  });
  test.each(["REML", "ML"] as const)("one factor, balanced (%s)", (method) => {
    expectRefused("y ~ 1 + (1 | g)", { ...data, y: ofUnit }, exact, { method });
  });
  test.each(["REML", "ML"] as const)("one factor with a predictor (%s)", (method) => {
    expectRefused("y ~ x + (1 | g)", { ...data, y: ofUnit.map((u, i) => u + 0.5 * x[i]!) }, exact, { method });
  });
  test("one factor, not balanced", () => {
    const kept = g.flatMap((_, i) => (i % 6 <= (i % 5) + 1 ? [i] : []));
    expectRefused("y ~ 1 + (1 | g)", { y: kept.map((i) => ofUnit[i]!), g: kept.map((i) => g[i]!) }, exact);
  });
  test("beside a crossed factor", () => {
    expectRefused("y ~ 1 + (1 | g) + (1 | h)", { ...data, y: ofUnit }, exact);
  });
  test("the sum of two crossed factors", () => {
    expectRefused("y ~ 1 + (1 | g) + (1 | h)", { ...data, y: ofUnit.map((u, i) => u + Math.cos(Number(h[i]!.slice(1)))) }, exact);
  });
  test("lines of their own", () => {
    expectRefused("y ~ 1 + (1 + x | g)", { ...data, y: ofUnit.map((u, i) => u + x[i]! * Math.cos(Number(g[i]!.slice(1)))) }, exact);
  });
  test("but a residual of a hundred-thousandth of the spread between units is one", () => {
    const fit = fitted("y ~ 1 + (1 | g)", { ...data, y: ofUnit.map((u) => u + 1e-5 * next()) });
    expect(fit.converged).toBe(true);
    expect(fit.sigma).toBeGreaterThan(0.7e-5);
    expect(fit.sigma).toBeLessThan(1.3e-5);
    expect(componentsOf(fit)["g (Intercept)"]).toBeCloseTo(
      componentsOf(fitted("y ~ 1 + (1 | g)", { ...data, y: ofUnit.map((u) => u + 1e-2 * next()) }))["g (Intercept)"]!,
      2,
    );
  });
});

describe("notes", () => {
  test("name a predictor that is constant, and the fit is the one without it", () => {
    const fit = fitted("y ~ k + x + (1 | g)", { ...data, k: g.map(() => 7) });
    expect(fit.droppedColumns).toEqual(["k"]);
    expect(messageOf(fit, "rank-deficient")).toEqual([fitMessages.droppedColumns(["k"])]);
    expect(fitMessages.droppedColumns(["k"])).toBe(
      'The fixed-effect columns are linearly dependent: "k" is a combination of earlier columns and was left out. The fit is the same; do not interpret the remaining coefficients as if the column were there.',
    );
    expect(fit.fixed).toEqual(fitted("y ~ x + (1 | g)", data).fixed);
  });

  test("say in words that a standard deviation is zero", () => {
    // Unit means without spread: the residuals of y on the units.
    const flat = y.map((value, i) => value - y.filter((_, j) => g[j] === g[i]).reduce((sum, v) => sum + v, 0) / 6);
    const fit = fitted("y ~ 1 + (1 | g)", { ...data, y: flat });
    expect(fit.singular).toBe(true);
    expect(componentsOf(fit)).toEqual({ "g (Intercept)": 0 });
    expect(messageOf(fit, "boundary")).toEqual([
      "The standard deviation of (Intercept) between the levels of g is estimated as zero: the data show no more variation there than chance gives (a boundary estimate, not a failure). You may leave the term out, or keep it if the design calls for it.",
    ]);
    expect(fit.converged).toBe(true);
  });

  test("say in words that two effects vary in one direction", () => {
    // One effect u a unit: y = u (2 + x) + e.
    const draw = normal(1);
    const line = { y: [] as number[], x: [] as number[], g: [] as string[] };
    for (let i = 0; i < 12; i++) {
      const u = draw();
      for (let j = 0; j < 5; j++) {
        line.g.push(`g${i}`);
        line.x.push(j);
        line.y.push(u * (2 + j) + draw());
      }
    }
    const fit = fitted("y ~ x + (1 + x | g)", line);
    expect(fit.singular).toBe(true);
    expect(Math.abs(componentsOf(fit)["g (Intercept) x"]!)).toBeCloseTo(1, 12);
    expect(messageOf(fit, "boundary")).toEqual([
      "The 2 random effects of g ((Intercept) and x) vary in only 1 direction: their correlation is estimated as exactly 1 or -1 (a boundary estimate, not a failure). Often there is too little information for so many (co)variances: compare with a simpler term, for example without the correlations (||) or with fewer slopes.",
    ]);
  });

  test("name each effect of a diagonal term that is zero", () => {
    const line = units(12, 5, 3);
    const fit = fitted("y ~ x + (1 + x || g)", {
      ...line,
      y: line.y.map((_, i) => Math.sin(Number(line.g[i]!.slice(1)) * 2.3) + line.z[i]!),
    });
    expect(componentsOf(fit)["g x"]).toBe(0);
    expect(messageOf(fit, "boundary")).toEqual([fitMessages.zeroVariance("x", "g")]);
  });

  test("tell that weights are precisions, and that rows were left out", () => {
    const fit = fitted(
      "y ~ x + (1 | g)",
      { ...data, x: x.map((v, i) => (i === 4 ? Number.NaN : v)), w: x.map((_, i) => (i === 9 ? 0 : 1 + (i % 2))) },
      { weights: "w" },
    );
    expect(messageOf(fit, "weights")).toEqual([fitMessages.precisionWeights("w")]);
    expect(messageOf(fit, "dropped-rows")).toEqual(["2 of 60 rows were not used: 1 with x missing and 1 with weight w zero."]);
    expect(fit.droppedRows).toBe(2);
  });

  test("warn where the random effects outnumber the rows", () => {
    const fit = fitted("y ~ 1 + (1 + x + z | g) + (1 + x + z | h) + (1 | k)", { ...data, k: g.map((_, i) => `k${i % 15}`) });
    expect(messageOf(fit, "many-effects")).toEqual([fitMessages.manyEffects(66, 60)]);
  });

  test("are not made where there is nothing to tell", () => {
    expect(fitted("y ~ x + (1 | g)", data).notes).toEqual([]);
  });
});

describe("odd but sound data", () => {
  test("of four rows in two units are fitted", () => {
    const fit = fitted("y ~ 1 + (1 | g)", { y: [1, 2, 4, 8], g: ["a", "a", "b", "b"] });
    // Balanced: MSB = 2 (4.5 / 2)^2 2 = 20.25, MSW = (0.5 + 8) / 2 = 4.25, tau^2 = (MSB - MSW) / 2.
    expect(fit.sigma ** 2).toBeCloseTo(4.25, 10);
    expect(componentsOf(fit)["g (Intercept)"]! ** 2).toBeCloseTo(8, 10);
    expect(fit.fixed[0]!.estimate).toBeCloseTo(3.75, 12);
    expect(fit.fixed[0]!.stdError).toBeCloseTo(Math.sqrt(20.25 / 4), 10);
  });

  test("with two levels only are fitted", () => {
    const fit = fitted("y ~ x + (1 | k)", { ...data, k: g.map((_, i) => (i % 2 === 0 ? "a" : "b")), y: y.map((v, i) => v + (i % 2) * 4) });
    expect(fit.converged).toBe(true);
    expect(componentsOf(fit)["k (Intercept)"]).toBeGreaterThan(1);
  });

  test("with one unit of 10,000 rows and forty of one row are fitted", () => {
    const n = 10040;
    const unit = Array.from({ length: n }, (_, i) => (i < 10000 ? "large" : `small ${i}`));
    const effect = new Map(unit.map((name) => [name, 2 * next()]));
    const fit = fitted("y ~ 1 + (1 | u)", { y: unit.map((name) => effect.get(name)! + next()), u: unit });
    expect(fit.converged).toBe(true);
    expect(fit.evaluations).toBeLessThanOrEqual(15);
    expect(Math.abs(fit.sigma - 1)).toBeLessThan(0.03);
    // Forty units estimate 2^2 + 1 to about a quarter.
    expect(componentsOf(fit)["u (Intercept)"]).toBeGreaterThan(1.2);
    expect(componentsOf(fit)["u (Intercept)"]).toBeLessThan(3);
  });

  test("whose levels are named like JavaScript's own properties are fitted", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "", " "];
    const odd = g.map((level) => names[Number(level.slice(1))] ?? level).map((name) => (name === "" ? "empty" : name));
    const fit = fitted("y ~ x + (1 | g)", { ...data, g: odd });
    expect(Math.abs(fit.criterion - fitted("y ~ x + (1 | g)", data).criterion)).toBeLessThan(1e-8);
    expect(fit.randomTerms[0]!.levels).toContain("__proto__");
    expect(fit.groups).toEqual([{ name: "g", levels: 10 }]);
  });

  test("whose columns are named like JavaScript's own properties are fitted", () => {
    const columns = Object.defineProperty({ y, x }, "__proto__", { value: g, enumerable: true }) as unknown as Columns;
    expect(fitted("y ~ x + (1 | __proto__)", columns).groups).toEqual([{ name: "__proto__", levels: 10 }]);
  });

  test("whose values cannot be squared are refused by name", () => {
    const large = x.map((v, i) => (i === 3 ? 1e300 : v));
    expectRefused("y ~ x + (1 | g)", { ...data, x: large }, fitMessages.tooLargeValues("x", 1e300));
    expectRefused("y ~ x + (1 | g)", { ...data, y: large }, fitMessages.tooLargeValues("y", 1e300));
    expect(fitMessages.tooLargeValues("x", 1e300)).toBe(
      'Values of "x" reach 1.0e+300: their squares cannot be computed. Express it in larger units.',
    );
  });

  test("with random effects that the rows do not determine say which", () => {
    const constant = g.map(() => 3);
    const binary = g.map((level) => Number(level.slice(1)) % 2);
    const named = (formula: string, columns: Columns): string[] => messageOf(fitted(formula, columns), "unidentified");
    expect(named("y ~ x + (1 | g) + (1 | g)", data)).toEqual([fitMessages.unidentified(["(Intercept) between levels of g"])]);
    expect(named("y ~ x + (1 + k | g)", { ...data, k: constant })).toHaveLength(1);
    expect(named("y ~ x + (1 + d | g)", { ...data, d: binary })).toHaveLength(1);
    expect(named("y ~ g + (1 | g)", data)).toHaveLength(1);
    expect(named("y ~ x + (1 + x | g) + (1 | h)", data)).toEqual([]);
    expect(fitMessages.unidentified(["(Intercept) between levels of g", "k between levels of g"])).toBe(
      "The rows used do not determine the (co)variances of (Intercept) between levels of g and k between levels of g: other values fit exactly as well, and those shown are arbitrary. Is an effect named twice, constant, constant within the units, or already a fixed effect of every unit? Leave one of them out.",
    );
  });

  test("nested in units that are all of two rows are fitted", () => {
    const fit = fitted("y ~ x + (1 | p)", { ...data, p: g.map((_, i) => `p${Math.floor(i / 2)}`) });
    expect(fit.converged).toBe(true);
  });

  test("with the same random term twice share its variance", () => {
    const once = fitted("y ~ x + (1 | g)", data);
    const twice = fitted("y ~ x + (1 | g) + (1 | g)", data);
    expect(Math.abs(twice.criterion - once.criterion)).toBeLessThan(1e-8);
    const total = twice.random.reduce((sum, component) => sum + ("variance" in component ? component.variance : 0), 0);
    expect(total).toBeCloseTo(componentsOf(once)["g (Intercept)"]! ** 2, 6);
  });

  test("whose grouping factor is also a fixed effect leave it no variance", () => {
    const fit = fitted("y ~ g + (1 | g)", data);
    expect(fit.singular).toBe(true);
    expect(componentsOf(fit)["g (Intercept)"]).toBe(0);
  });

  test("with a random slope on a variable of one unit, whose fixed effect takes all of it, are fitted as without the slope", () => {
    const without = fitted("y ~ d + (1 | g)", { ...data, d: g.map((level) => (level === "g3" ? 1 : 0)) });
    for (const random of ["(1 + d | g)", "(1 + d || g)", "(1 | g) + (0 + d | g)"]) {
      const fit = fitted(`y ~ d + ${random}`, { ...data, d: g.map((level) => (level === "g3" ? 1 : 0)) });
      expect(fit.converged).toBe(true);
      expect(Math.abs(fit.criterion - without.criterion)).toBeLessThan(1e-6);
    }
  });

  test("with a random slope on a variable of one row neither crash nor converge elsewhere than without it", () => {
    const columns = { ...data, d: g.map((_, i) => (i === 3 ? 1 : 0)) };
    const without = fitted("y ~ d + (1 | g)", columns);
    for (const random of ["(1 + d | g)", "(1 + d || g)", "(1 | g) + (0 + d | g)"]) {
      expect(fitted(`y ~ d + ${random}`, columns).criterion).toBeLessThan(without.criterion + 1e-6);
    }
  });

  test("at the ends of the range of doubles give no wrong correlation", () => {
    const line = units(20, 5, 6);
    const expected = componentsOf(fitted("y ~ x + (1 + x | g)", line))["g (Intercept) x"]!;
    for (const c of [1e100, 1e-100]) {
      expect(componentsOf(fitted("y ~ x + (1 + x | g)", { ...line, y: line.y.map((v) => c * v) }))["g (Intercept) x"]).toBeCloseTo(
        expected,
        4,
      );
    }
  });
});
