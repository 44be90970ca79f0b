import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormulaError } from "../../../src/messages.js";
import { deparse } from "../../../src/models/formula/deparse.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { levelEquations } from "../../../src/models/formula/level-equations.js";
import { parseExpression } from "../../../src/models/formula/parser.js";

const onlyFormulaErrors = (read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(FormulaError);
  }
};

const scraps = fc.constantFrom(
  ..."y x g a b . 1 0 2 1e5 1L ~ + - * / ^ ** : %in% %% == != < <= > >= ! & && | || ( ) , = log( I( poly( mm( offset( weights = \\ ` ' \" 'a' `my x` é # %q%".split(
    " ",
  ),
  " ",
  "\n",
);
const garbled = fc.array(scraps, { maxLength: 30 }).map((parts) => parts.join(""));

const name = fc.constantFrom("x", "y.1", "`my var`", "é", "TRUE", ".a_b", "`a`");
const number = fc.double({ min: 0, max: 1e12, noNaN: true }).map(String);
const text = fc.string({ maxLength: 5 }).map((value) => JSON.stringify(value.replace(/[^ -~é]/gu, "")));
const operator = fc.constantFrom("+", "-", "*", "/", "^", ":", "%in%", "%%", "&", "|");
const { expression } = fc.letrec<{ expression: string }>((again) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    name,
    number,
    text,
    fc.tuple(again("expression"), operator, again("expression")).map((parts) => parts.join(" ")),
    fc.tuple(again("expression"), fc.constantFrom("==", "<", ">="), again("expression")).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    again("expression").map((inner) => `(${inner})`),
    fc.tuple(fc.constantFrom("-", "!", "+"), again("expression")).map((parts) => parts.join("")),
    again("expression").map((inner) => `log(${inner}, base = 2)`),
  ),
}));

describe("whatever is written", () => {
  test("the parser throws nothing but FormulaError", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), garbled), (formula) =>
        onlyFormulaErrors(() => parseFormula(formula, { columns: ["y", "x"] })),
      ),
      { numRuns: 5_000 },
    );
  });

  test("a mutilated formula throws nothing but FormulaError", () => {
    const whole = 'log(y) ~ a*b + poly(x, 2):`my z` + I(x == "a") + offset(o) + (1 + x || g1/g2) + (1 | mm(t1, t2, weights = w1 + w2))';
    const cut = fc.tuple(fc.nat(whole.length), fc.nat(8), scraps);
    fc.assert(
      fc.property(cut, ([at, length, scrap]) =>
        onlyFormulaErrors(() => parseFormula(whole.slice(0, at) + scrap + whole.slice(at + length))),
      ),
      { numRuns: 3_000 },
    );
  });

  test("level equations throw nothing but FormulaError", () => {
    const parts = fc.constantFrom(
      "Level-1:",
      "Level-2 (g):",
      "y_ij",
      "b0j",
      "b1j",
      "g00",
      "g01",
      "u0j",
      "r_ij",
      "x",
      "=",
      "+",
      "*",
      "(",
      ")",
      "\n",
      ";",
      " ",
      "β₀ⱼ",
      "`",
    );
    const equations = fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 25 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(equations, (all) => onlyFormulaErrors(() => levelEquations(all))),
      { numRuns: 3_000 },
    );
  });
});

describe("deparse", () => {
  test("what it writes is read as the same expression: writing that again changes nothing", () => {
    const readable = expression.filter((written) => {
      try {
        parseExpression(written);
        return true;
      } catch (error) {
        // A comparison beside another one without parentheses between them is refused.
        if (error instanceof FormulaError) return false;
        throw error;
      }
    });
    fc.assert(
      fc.property(readable, (written) => {
        const once = deparse(parseExpression(written));
        expect(deparse(parseExpression(once))).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("term labels", () => {
  const variable = fc.constantFrom("a", "b", "c", "`my d`", "log(x + 1)", "poly(x, 2)");
  const { sum } = fc.letrec<{ sum: string }>((again) => ({
    sum: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      variable,
      fc.tuple(again("sum"), fc.constantFrom("+", "-", "*", ":", "/", "%in%"), again("sum")).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      again("sum").map((inner) => `(${inner})^2`),
      fc.constantFrom("0", "1"),
    ),
  }));

  test("joined by + mean the same terms again", () => {
    fc.assert(
      fc.property(sum, (written) => {
        const { terms, intercept } = parseFormula(`y ~ ${written}`).fixed;
        const labels = terms.map((term) => term.label);
        const again = parseFormula(`y ~ ${[intercept ? "1" : "0", ...labels].join(" + ")}`).fixed;
        expect(again.intercept).toBe(intercept);
        // The order within a label follows the first occurrence, which the joined formula may change.
        const sorted = (all: readonly { readonly variables: readonly { readonly text: string }[] }[]): string[] =>
          all.map((term) =>
            term.variables
              .map((v) => v.text)
              .sort()
              .join(":"),
          );
        expect(sorted(again.terms)).toEqual(sorted(terms));
      }),
      { numRuns: 2_000 },
    );
  });
});
