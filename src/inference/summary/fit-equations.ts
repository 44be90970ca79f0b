/**
 * A fit's level equations with one coefficient a column of the model matrix, so that equations and tables of estimates name
 * the same coefficients: of a factor with three levels each of the two contrasts has its own.
 */
import { type ColumnEquations, type EquationColumn, equationsOfColumns } from "../../models/formula/as-level-equations.js";
import type { DesignMatrix, DesignVariable } from "../../models/frame/design.js";
import type { Predictor } from "../../models/frame/design-matrix.js";
import { isGeneralized, type MixedFit } from "../mixed-fit.js";
import { isNested, isUnitMultiple, type Units, unitsOf } from "../units.js";

/**
 * `fixed` of the result follows `fit.fixed`.
 *
 * @returns null where the grouping factors are not one or two nested ones, and where a slope varies between units in which its
 *   predictor is constant; for unordered categories, each of which has equations of its own
 */
export function fitEquations(fit: MixedFit): ColumnEquations | null {
  if (fit.family === "multinomial") return null;
  const units = unitsOf(fit);
  if (units.length === 0 || units.length > 2 || units.some(({ levelOf }) => levelOf === null)) return null;
  // From level 2 up: each factor's units lie within the next one's.
  const ordered = units.length === 2 && isNested(units[1]!, units[0]!) ? [units[1]!, units[0]!] : [...units];
  if (ordered.length === 2 && !isNested(ordered[0]!, ordered[1]!)) return null;
  const groups = ordered.map(({ group }) => group);
  const { formula, predictors, fixed, random } = fit.frame;
  const levels = new Map([...predictors].map(([text, predictor]) => [text, levelOfPredictor(predictor, fit.nobs, ordered)]));
  const columnsOf = (design: DesignMatrix): readonly EquationColumn[] => equationColumns(design, predictors, levels);
  const terms = random.map(({ group, effects }) => ({ group, effects: columnsOf(effects) }));
  if (terms.some(({ group, effects }) => effects.flat().some(({ level }) => level > groups.indexOf(group) + 1))) return null;
  const equations = equationsOfColumns({
    response: isGeneralized(fit) ? LINEAR_PREDICTOR : fit.frame.response.name,
    offsets: formula.fixed.offsets.map(({ text }) => text),
    fixed: estimated(fit, columnsOf(fixed)),
    random: terms,
    groups,
  });
  return isGeneralized(fit) ? withoutResidual(equations) : equations;
}

/** What the equations of a generalized model are of. */
const LINEAR_PREDICTOR = "η";

/** A linear predictor has no residual, which stands last in the equation of level 1 and in the combined one. */
function withoutResidual(equations: ColumnEquations): ColumnEquations {
  const shorter = (equation: string): string => equation.slice(0, equation.lastIndexOf(" + "));
  const [first, ...others] = equations.levels;
  const levels = [{ ...first!, equations: first!.equations.map(shorter) }, ...others];
  return { ...equations, levels, mixed: shorter(equations.mixed) };
}

/** The highest level within whose units all columns of the predictor are constant. */
function levelOfPredictor(predictor: Predictor, n: number, ordered: readonly Units[]): 1 | 2 | 3 {
  const columns =
    predictor.kind === "factor"
      ? [Float64Array.from(predictor.codes)]
      : Array.from({ length: predictor.width }, (_, k) => predictor.values.subarray(k * n, (k + 1) * n));
  const ones = new Float64Array(n).fill(1);
  const constantIn = (units: Units | undefined): boolean =>
    units !== undefined && columns.every((x) => isUnitMultiple(x, ones, units.levelOf!, units.levelCount));
  if (constantIn(ordered[1])) return 3;
  return constantIn(ordered[0]) ? 2 : 1;
}

/** The columns of a model matrix as products: the first variable of a term runs fastest, as `designMatrix` writes them. */
function equationColumns(
  { intercept, terms }: DesignMatrix,
  predictors: ReadonlyMap<string, Predictor>,
  levels: ReadonlyMap<string, 1 | 2 | 3>,
): readonly EquationColumn[] {
  const products = terms.flatMap(({ variables, contrastCoded }) =>
    variables.reduce<readonly EquationColumn[]>(
      (sofar, variable, v) => {
        const level = levels.get(variable.text) ?? 1;
        const names = columnNames(variable, contrastCoded[v]!, predictors.get(variable.text));
        return names.flatMap((name) => sofar.map((column) => [...column, { name, level }]));
      },
      [[]],
    ),
  );
  return intercept ? [[], ...products] : products;
}

function columnNames(
  { text, levels, contrasts }: DesignVariable,
  contrastCoded: boolean,
  predictor: Predictor | undefined,
): readonly string[] {
  if (contrasts !== null) return (contrastCoded ? contrasts.columnNames : levels).map((name) => text + name);
  if (predictor?.kind !== "numeric" || predictor.columnNames === null || predictor.width === 1) return [text];
  return predictor.columnNames.map((name) => text + name);
}

/** Without the columns that are linear combinations of others. */
function estimated(fit: MixedFit, columns: readonly EquationColumn[]): readonly EquationColumn[] {
  let k = 0;
  return columns.filter((_, j) => {
    const kept = fit.frame.fixed.names[j] === fit.fixed[k]?.term;
    if (kept) k++;
    return kept;
  });
}
