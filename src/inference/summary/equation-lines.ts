/**
 * The model's equations for a summary: those of each level, where the factors are nested in at most three levels, and the
 * combined equation; else the formula.
 */
import { FormulaError } from "../../messages.js";
import type { LinearMixedFit } from "../../models/fit.js";
import { type LevelEquations, toLevelEquations } from "../../models/formula/as-level-equations.js";
import type { DesignMatrix } from "../../models/frame/design.js";
import { isNested, isUnitMultiple, type Units, unitsOf } from "../units.js";
import { onOneLine, wrapped } from "./text-table.js";

/** Lines with headings; the formula comes last. */
export function equationLines(fit: LinearMixedFit): string[] {
  const equations = levelEquationsOf(fit);
  const formula = ["Formula", ...shown(fit.formula)];
  if (equations === null) return formula;
  const levels = equations.levels.flatMap(({ level, group, equations: lines }) => [
    `Level-${level} model${group === null ? "" : ` (${onOneLine(group)})`}`,
    ...lines.flatMap(shown),
  ]);
  return [...levels, "Mixed model", ...shown(equations.mixed), ...formula];
}

function shown(equation: string): string[] {
  return wrapped(onOneLine(equation), 110, " ", "     ");
}

function levelEquationsOf(fit: LinearMixedFit): LevelEquations | null {
  const units = unitsOf(fit);
  if (units.length === 0 || units.length > 2 || units.some(({ levelOf }) => levelOf === null)) return null;
  // From level 2 up: each factor's units lie within the next one's.
  const ordered = units.length === 2 && isNested(units[1]!, units[0]!) ? [units[1]!, units[0]!] : [...units];
  if (ordered.length === 2 && !isNested(ordered[0]!, ordered[1]!)) return null;
  try {
    return toLevelEquations(fit.frame.formula, {
      levelOf: (variable) => levelOfVariable(variable, fit, ordered),
      groups: ordered.map(({ group }) => group),
    });
  } catch (error) {
    if (error instanceof FormulaError) return null;
    throw error;
  }
}

/** The highest level within whose units the variable's columns are constant. */
function levelOfVariable(variable: string, fit: LinearMixedFit, ordered: readonly Units[]): 1 | 2 | 3 {
  const columns = [fit.frame.fixed, ...fit.frame.random.map(({ effects }) => effects)].flatMap((design) => columnsOf(variable, design));
  const ones = new Float64Array(fit.nobs).fill(1);
  const constantIn = (units: Units | undefined): boolean =>
    units !== undefined && columns.length > 0 && columns.every((x) => isUnitMultiple(x, ones, units.levelOf!, units.levelCount));
  if (constantIn(ordered[1])) return 3;
  return constantIn(ordered[0]) ? 2 : 1;
}

/** The columns of the term that is the variable alone. */
function columnsOf(variable: string, { terms, termOf, values, rowCount }: DesignMatrix): Float64Array[] {
  const term = terms.findIndex(({ label }) => label === variable);
  if (term === -1) return [];
  return Array.from(termOf).flatMap((owner, j) => (owner === term ? [values.subarray(j * rowCount, (j + 1) * rowCount)] : []));
}
