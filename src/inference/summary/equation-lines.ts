/**
 * The model's equations for a summary: those of each level, where the factors are nested in at most three levels, and the
 * combined equation; else the formula. `levelEquations` reads the lines back.
 */
import type { LevelEquations } from "../../models/formula/as-level-equations.js";
import type { MixedFit } from "../mixed-fit.js";
import { onOneLine, wrappedSum } from "./text-table.js";

/** Lines with headings; the formula comes last. */
export function equationLines(fit: MixedFit, equations: LevelEquations | null): string[] {
  const formula = ["Formula", ...shown(fit.formula)];
  if (equations === null) return formula;
  const levels = equations.levels.flatMap(({ level, group, equations: lines }) => [
    `Level-${level} model${group === null ? "" : ` (${onOneLine(group)})`}`,
    ...lines.flatMap(shown),
  ]);
  return [...levels, "Mixed model", ...shown(equations.mixed), ...formula];
}

function shown(equation: string): string[] {
  return wrappedSum(onOneLine(equation), " ", "     ");
}
