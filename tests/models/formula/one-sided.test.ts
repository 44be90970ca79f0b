// Formulas of further parts and offsets given apart: what they mean, and what is said where they cannot be meant.
import { describe, expect, test } from "vitest";
import { FormulaError } from "../../../src/messages.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { parseOffset, parsePart } from "../../../src/models/formula/one-sided.js";

const main = parseFormula("y ~ x + (1 | g) + (1 | mm(t1, t2))");
const columns = ["y", "x", "z", "g", "t1", "t2", "my var", "a + b", "."];

function errorOf(work: () => unknown): FormulaError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(FormulaError);
    return error as FormulaError;
  }
  throw new Error("Nothing was thrown.");
}

describe("formulas of further parts", () => {
  test("terms, random terms, offsets and the intercept as in the main formula", () => {
    const formula = parsePart("~ 0 + x * z + offset(z) + (x || g)", "zi", main, columns);
    expect(formula.response).toBeNull();
    expect(formula.fixed.intercept).toBe(false);
    expect(formula.fixed.terms.map(({ label }) => label)).toEqual(["x", "z", "x:z"]);
    expect(formula.fixed.offsets.map(({ text }) => text)).toEqual(["offset(z)"]);
    expect(formula.random.map(({ group, covariance }) => [group.label, covariance])).toEqual([["g", "diagonal"]]);
    expect(parsePart("~ x - 1", "nominal", main, columns).fixed.intercept).toBe(false);
    expect(parsePart("~1", "scale", main, columns).fixed).toEqual({ intercept: true, terms: [], offsets: [] });
  });

  test("the dot leaves out the model's response and its grouping factors", () => {
    const labels = parsePart("~ .", "dispersion", main, columns).fixed.terms.map(({ label }) => label);
    expect(labels).toEqual(["x", "z", "`my var`", "`a + b`", "."]);
    const counts = parseFormula("cbind(y, z) ~ x");
    expect(parsePart("~ .", "zi", counts, ["y", "x", "z"]).fixed.terms.map(({ label }) => label)).toEqual(["x"]);
  });

  const wrong: readonly (readonly [
    text: string,
    part: "zi" | "dispersion" | "scale" | "nominal",
    message: string,
    place: string | null,
  ])[] = [
    ["", "zi", 'The zero-inflation formula is empty. Write ~ and its predictors, as in "~ x", or "~ 1" for a constant.', null],
    [" \n", "scale", 'The scale formula is empty. Write ~ and its predictors, as in "~ x", or "~ 1" for a constant.', null],
    ["x + z", "zi", 'The zero-inflation formula has no ~. Write ~ and its predictors, as in "~ x", or "~ 1" for a constant.', null],
    ["`~`", "nominal", 'The nominal formula has no ~. Write ~ and its predictors, as in "~ x", or "~ 1" for a constant.', null],
    ["z ~ x", "zi", "The zero-inflation formula has no response of its own. Leave out z: nothing stands to the left of ~.", "z"],
    [
      "~ x + (1 | g)",
      "dispersion",
      "The dispersion formula takes no random terms. Leave out (1 | g), or write it in the model's own formula.",
      "(1 | g)",
    ],
    [
      "~ (x || g)",
      "scale",
      "The scale formula takes no random terms. Leave out (x || g), or write it in the model's own formula.",
      "(x || g)",
    ],
    [
      "~ (1 | g/z)",
      "nominal",
      "The nominal formula takes no random terms. Leave out (1 | g/z), or write it in the model's own formula.",
      "(1 | g/z)",
    ],
    ["~ x + y", "zi", "The response y also stands on the right-hand side as a predictor of itself.", "y"],
    ["~ (y | g)", "zi", "The response y also stands on the right-hand side as a predictor of itself.", "y"],
    ["~ x +", "zi", "The formula ends after +: something is missing.", "+"],
    ["~", "zi", "Nothing stands to the right of ~. For a model of the mean alone write 1.", "~"],
    ["~ x | g", "zi", "A random term needs parentheses of its own: (x | g). Join it with + to the other terms.", "x | g"],
  ];
  test.each(wrong)("%j as %s is refused", (text, part, message, place) => {
    const error = errorOf(() => parsePart(text, part, main, columns));
    expect(error.message.split("\n")[0]).toBe(message);
    expect(error.formula).toBe(text);
    expect(error.span === null ? null : text.slice(error.span.start, error.span.end)).toBe(place);
  });
});

describe("offsets given apart", () => {
  test.each([
    ["x", "x", "name"],
    ["my var", "`my var`", "name"],
    ["a + b", "`a + b`", "name"],
    [".", ".", "name"],
    ["log(x)", "log(x)", "call"],
    ["x+log( z )", "x + log(z)", "binary"],
    ["`my var`", "`my var`", "name"],
  ] as const)("%j is %s", (text, variable, kind) => {
    const offset = parseOffset(text, columns);
    expect(offset.text).toBe(text);
    expect(offset.variable.text).toBe(variable);
    expect(offset.variable.expression.kind).toBe(kind);
  });

  test.each([
    ["", 'The offset is empty. Name a column, or write an expression of columns such as "log(time)".'],
    ["  ", 'The offset is empty. Name a column, or write an expression of columns such as "log(time)".'],
    ["log(x", "This parenthesis is never closed."],
    ["mm(x, z)", "mm() names the units of a random term; it may only stand to the right of the bar, as in (1 | mm(teacher1, teacher2))."],
    [
      "lg(x)",
      'There is no function lg() in formulas. Did you mean "log"? Compute the column in the table first if it is another function that you need.',
    ],
  ])("%j is refused", (text, message) => {
    expect(errorOf(() => parseOffset(text, columns)).message.split("\n")[0]).toBe(message);
  });
});
