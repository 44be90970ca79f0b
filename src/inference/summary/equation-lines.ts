/**
 * The model's equations for a summary: the formula, and the level equations that an HLM user writes.
 */
import type { LinearMixedFit } from "../../models/fit.js";
import { toLevelEquations } from "../../models/formula/level-equations.js";
import { onOneLine } from "./text-table.js";

/** The level equations where the model has them, then the mixed-model formula. */
export function equationLines(fit: LinearMixedFit): string[] {
  return [
    ...toLevelEquations(fit.formula)
      .split("\n")
      .map((line) => ` ${line}`),
    "Mixed model",
    ` ${onOneLine(fit.formula)}`,
  ];
}
