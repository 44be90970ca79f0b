import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FormulaError } from "../../../src/messages.js";
import type { TermSet } from "../../../src/models/formula/ast.js";
import { parseFormula } from "../../../src/models/formula/formula.js";

interface Parts {
  readonly terms: readonly string[];
  readonly orders: readonly number[];
  readonly intercept: boolean;
  readonly offsets: readonly string[];
}
interface Case extends Parts {
  readonly formula: string;
  readonly response: string | null;
  readonly random: readonly (Parts & { readonly group: string })[];
}

// Written by terms.R: R's terms() and lme4's findbars().
const cases = JSON.parse(readFileSync(new URL("terms.json", import.meta.url), "utf8")) as readonly Case[];

const partsOf = (set: TermSet): Parts => ({
  terms: set.terms.map((term) => term.label),
  orders: set.terms.map((term) => term.variables.length),
  intercept: set.intercept,
  offsets: set.offsets.map((offset) => offset.text),
});

describe("a formula means what R's terms() and lme4 make of it", () => {
  test.each(cases.map((one) => [one.formula, one] as const))("%s", (text, expected) => {
    const formula = parseFormula(text);
    expect({
      formula: formula.text,
      response: formula.response?.text ?? null,
      ...partsOf(formula.fixed),
      random: formula.random.map((term) => ({ group: term.group.kind === "factor" ? term.group.label : null, ...partsOf(term.effects) })),
    }).toEqual(expected);
  });
});

const factorLabels = (text: string): readonly string[] => parseFormula(text).random.map(({ group }) => group.label);
const labels = (text: string, columns?: readonly string[]): readonly string[] =>
  parseFormula(text, columns === undefined ? {} : { columns }).fixed.terms.map((term) => term.label);

describe("random terms", () => {
  test("a nesting gives one term a level, the innermost first, each with the factors of its label", () => {
    const { random } = parseFormula("y ~ (1 + x || a/b/c)");
    expect(random.map(({ group }) => (group.kind === "factor" ? [group.label, ...group.variables.map((v) => v.text)] : []))).toEqual([
      ["c:(b:a)", "c", "b", "a"],
      ["b:a", "b", "a"],
      ["a", "a"],
    ]);
    expect(random.map(({ covariance, text }) => [covariance, text])).toEqual(Array(3).fill(["diagonal", "(1 + x || a/b/c)"]));
  });

  test("nestings that lme4 cannot read have the meaning that is written", () => {
    expect(factorLabels("y ~ (1 | (a/b))")).toEqual(["b:a", "a"]);
    expect(factorLabels("y ~ (1 | a/(b/c))")).toEqual(["c:b:a", "b:a", "a"]);
    expect(factorLabels("y ~ (1 | (a:b)/c)")).toEqual(["c:(a:b)", "a:b"]);
    expect(factorLabels("y ~ (1 | factor(a)/b)")).toEqual(["b:factor(a)", "factor(a)"]);
  });

  test("interaction() is a product under its own label", () => {
    const group = parseFormula("y ~ (1 | interaction(a, factor(b)))").random[0]!.group;
    expect(group.kind === "factor" && [group.label, ...group.variables.map((v) => v.text)]).toEqual([
      "interaction(a, factor(b))",
      "a",
      "factor(b)",
    ]);
  });

  test("mm() names members and weights", () => {
    const group = parseFormula("y ~ (1 | mm(t1, t2, weights = w1 + I(1 - w1)))").random[0]!.group;
    expect(group.kind === "membership" && [group.label, group.members.map((v) => v.text), group.weights?.map((v) => v.text)]).toEqual([
      "mm(t1, t2)",
      ["t1", "t2"],
      ["w1", "I(1 - w1)"],
    ]);
    const equal = parseFormula("y ~ (1 | mm(t1, t2))").random[0]!.group;
    expect(equal.kind === "membership" && equal.weights).toBeNull();
  });

  test("the span covers the parentheses, the text has its white space as single spaces", () => {
    const text = "y ~ x +\n  (1 |\n\tg)";
    const { span, text: written } = parseFormula(text).random[0]!;
    expect([text.slice(span.start, span.end), written]).toEqual(["(1 |\n\tg)", "(1 | g)"]);
  });

  test("taking the intercept away beside a random term takes it away (lme4's nobars loses the - 1)", () => {
    expect(parseFormula("y ~ (1 | a) - 1").fixed.intercept).toBe(false);
  });
});

describe("the dot", () => {
  test("stands for all columns but the response's and the grouping factors'", () => {
    expect(labels("log(y) ~ . + (1 | g/h)", ["g", "a", "y", "my b", "h"])).toEqual(["a", "`my b`"]);
    expect(labels("y ~ .^2 - b", ["y", "a", "b"])).toEqual(["a", "a:b"]);
    expect(labels("y ~ b + .", ["a", "b", "y"])).toEqual(["b", "a"]);
  });

  test("a column that is called so stands in backticks", () => {
    expect(labels("y ~ `.` + log(`.`)")).toEqual([".", "log(.)"]);
  });
});

describe("offsets", () => {
  test("can be taken away again (in R they stay)", () => {
    expect(parseFormula("y ~ x + offset(o) - offset(o)").fixed.offsets).toEqual([]);
  });
});

describe("signs that word processors put in place of the plain ones", () => {
  test("are read as those", () => {
    expect(labels("y ∼ a × b − a")).toEqual(["b", "a:b"]);
  });
});

describe("large formulas", () => {
  const names = (count: number, separator: string): string => Array.from({ length: count }, (_, i) => `x${i}`).join(separator);
  const outcome = (text: string): number | string => {
    try {
      return labels(text).length;
    } catch (error) {
      if (error instanceof FormulaError) return error.message.split("\n")[0]!;
      throw error;
    }
  };
  const deep = (limit: number): string =>
    `The formula is nested more than ${limit} levels deep here. Compute the inner part in the table and name it.`;
  const tooMany = "This product expands to more than 5000 terms. Use a lower power, or write the interactions that are wanted.";

  test.each([
    ["10,000 main effects", `y ~ ${names(10_000, " + ")}`, 10_000],
    ["and all of them taken away", `y ~ ${names(10_000, " + ")} - ${names(10_000, " - ")}`, 0],
    ["10,000 random terms", `y ~ (1 | ${names(10_000, ") + (1 | ")})`, 0],
    ["a product of 500 variables", `y ~ ${names(500, ":")}`, 1],
    ["a sum of 900 inside a call", `y ~ I(${names(900, " + ")})`, 1],
    ["every interaction of 12 variables", `y ~ (${names(12, " + ")})^20`, 4_095],
    ["a power without end", "y ~ (a + b)^1000000000", 3],
    ["a power of 26 variables", `y ~ (${names(26, " + ")})^20`, tooMany],
    ["a product of long sums", `y ~ (${names(200, " + ")}):(${names(200, " + ")})`, tooMany],
    ["a product with the same terms again and again", `y ~ (${names(11, "*")})*(${names(11, "*")})`, tooMany],
    ["10,000 parentheses", `y ~ ${"(".repeat(10_000)}x${")".repeat(10_000)}`, deep(100)],
    ["10,000 signs", `y ~ ${"!".repeat(10_000)}x`, deep(100)],
    ["10,000 powers", `y ~ I(${names(10_000, "^")})`, deep(100)],
    ["10,000 calls", `y ~ ${"I(".repeat(10_000)}`, deep(100)],
    ["a product of 10,000 variables", `y ~ ${names(10_000, ":")}`, deep(1_000)],
    ["a sum of 10,000 inside a call", `y ~ I(${names(10_000, " + ")})`, deep(1_000)],
    ["a sum of 10,000 as response", `${names(10_000, " + ")} ~ x`, deep(1_000)],
    ["a sum of 10,000 compared", `y ~ ${names(10_000, " + ")} > 1`, deep(1_000)],
    ["a nesting of 10,000 factors", `y ~ (1 | ${names(10_000, "/")})`, deep(100)],
  ])("%s", (_, text, expected) => {
    expect(outcome(text)).toBe(expected);
  });
});
