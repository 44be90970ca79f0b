import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
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
