/**
 * The fixed effects as HLM lists them: under the coefficient of the level below that each helps to explain.
 *
 *   For INTRCPT1, β0              For INTRCPT1, π0
 *     INTRCPT2, γ00                 For INTRCPT2, β00
 *     meanses, γ01                    INTRCPT3, γ000
 */
import type { CoefficientName, ColumnEquations } from "../../models/formula/as-level-equations.js";

/** A heading (index null) or a fixed effect. */
export interface CoefficientLine {
  readonly label: string;
  /** Index in `fit.fixed`. */
  readonly index: number | null;
  /** How many fixed effects the equation has that it stands in. */
  readonly siblings: number;
}

/** Without level equations: the terms one after another. */
export function coefficientLines(equations: ColumnEquations | null, terms: readonly string[]): readonly CoefficientLine[] {
  if (equations === null) return terms.map((label, index) => ({ label, index, siblings: terms.length }));
  const ofOutcome = equations.fixed.map((path, index) => ({ path, index }));
  return linesAt(0, ofOutcome);
}

interface Place {
  readonly path: readonly CoefficientName[];
  readonly index: number;
}

/** The coefficients at step `depth` of the paths, each followed by those that explain it; the intercept first, as in the equations. */
function linesAt(depth: number, places: readonly Place[]): readonly CoefficientLine[] {
  const symbols = [...new Set(places.map(({ path }) => path[depth]!.symbol))];
  const blocks = symbols.map((symbol) => places.filter(({ path }) => path[depth]!.symbol === symbol));
  const interceptFirst = [...blocks.filter((block) => isIntercept(block, depth)), ...blocks.filter((block) => !isIntercept(block, depth))];
  return interceptFirst.flatMap((block): readonly CoefficientLine[] => {
    const { path } = block[0]!;
    const { symbol, predictors } = path[depth]!;
    const name = `${predictors.length === 0 ? `INTRCPT${depth + 1}` : predictors.join(":")}, ${symbol}`;
    const indent = "  ".repeat(depth);
    // Columns of one name (factor "a" with a level "b" beside a column "ab") each have their line.
    if (depth === path.length - 1) return block.map(({ index }) => ({ label: indent + name, index, siblings: places.length }));
    return [{ label: `${indent}For ${name}`, index: null, siblings: blocks.length }, ...linesAt(depth + 1, block)];
  });
}

function isIntercept(block: readonly Place[], depth: number): boolean {
  return block[0]!.path[depth]!.predictors.length === 0;
}
