/**
 * From evaluated variables to predictors: factors lose the levels that do not occur in the rows used and get their
 * contrasts, truth values become factors, numbers stay.
 */
import { DataError, FitError, FormulaError, frameMessages } from "../../messages.js";
import { type ContrastName, contrastMatrix, contrastNamed, contrastNames } from "./contrasts.js";
import type { Predictor } from "./design-matrix.js";
import { factorFromLogical, withoutUnusedLevels } from "./factors.js";
import type { RememberedCoding } from "./recipe.js";
import { type ColumnValue, type FactorValue, logicalToNumbers } from "./values.js";

/** A contrast matrix has (levels squared) entries. */
const mostLevels = 10_000;
const mostPolynomialLevels = 100;

/**
 * @param text the variable as it stands in the formula
 * @param value over the rows used
 * @param chosen contrasts asked for by the caller; undefined: those of `C()`, else polynomials for an ordered factor and treatment contrasts otherwise
 * @throws DataError for a factor with one level only
 * @throws FitError for a factor with more than 10,000 levels, or 100 with polynomials
 */
export function predictorOf(text: string, value: ColumnValue, chosen: ContrastName | undefined): Predictor {
  switch (value.kind) {
    case "numeric":
      return { kind: "numeric", width: 1, columnNames: null, values: value.values };
    case "matrix":
      return { kind: "numeric", width: value.width, columnNames: value.columnNames, values: value.values };
    case "logical":
      return factorPredictor(factorFromLogical(value.values), chosen ?? "treatment");
    case "factor": {
      const factor = withoutUnusedLevels(value);
      if (factor.levels.length < 2) throw new DataError(frameMessages.oneLevel(text, factor.levels), { column: text });
      const contrasts = chosen ?? value.contrasts ?? (value.ordered ? "poly" : "treatment");
      const count = factor.levels.length;
      if (count > mostLevels) throw new FitError(frameMessages.tooManyLevels(text, count));
      if (contrasts === "poly" && count > mostPolynomialLevels)
        throw new FitError(frameMessages.tooManyPolynomials(text, count, mostPolynomialLevels));
      return factorPredictor(factor, contrasts);
    }
  }
}

function factorPredictor({ codes, levels }: FactorValue, name: ContrastName): Predictor {
  return { kind: "factor", codes, levels, contrasts: { name, ...contrastMatrix(name, levels) } };
}

/**
 * The contrasts asked for, by variable; `contr.sum` is `sum`.
 *
 * @param factors the model's factors, as they stand in the formula
 * @throws FormulaError for a name that is no contrast or no factor of the model
 */
export function chosenContrasts(
  contrasts: Readonly<Record<string, string>>,
  factors: readonly string[],
  formula: string,
): ReadonlyMap<string, ContrastName> {
  const chosen = new Map<string, ContrastName>();
  for (const [variable, written] of Object.entries(contrasts)) {
    const name = contrastNamed(written);
    if (name === null) throw new FormulaError(frameMessages.unknownContrasts(written, contrastNames), formula);
    if (!factors.includes(variable)) throw new FormulaError(frameMessages.contrastsForNoFactor(variable, factors), formula);
    chosen.set(variable, name);
  }
  return chosen;
}

/** How a predictor is remembered. */
export function codingOf(predictor: Predictor): RememberedCoding {
  if (predictor.kind === "factor") return { kind: "factor", levels: predictor.levels, contrasts: predictor.contrasts.name };
  return { kind: "numeric", width: predictor.width, columnNames: predictor.columnNames };
}

/** The sum, or null for none. */
export function sumOfOffsets(offsets: readonly Float64Array[]): Float64Array | null {
  if (offsets.length === 0) return null;
  const sum = Float64Array.from(offsets[0]!);
  for (const offset of offsets.slice(1)) for (let i = 0; i < sum.length; i++) sum[i]! += offset[i]!;
  return sum;
}

/** The numbers of a numeric or logical value. */
export function numericValues(value: ColumnValue): Float64Array {
  if (value.kind === "numeric") return value.values;
  if (value.kind === "logical") return logicalToNumbers(value.values);
  throw new TypeError("Not a numeric variable.");
}
