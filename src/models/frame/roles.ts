/**
 * Whether each variable can play its part: offsets and weights are numbers, groups are not matrices.
 */
import { DataError, didYouMean, FormulaError, frameMessages } from "../../messages.js";
import type { Formula, Variable } from "../formula/ast.js";
import type { GivenOffset } from "../formula/one-sided.js";
import type { TableColumns } from "./evaluation.js";
import type { ColumnValue } from "./values.js";

/** @throws FormulaError for an offset or membership weight that is not numeric, a group that is a matrix, a random term without effects */
export function checkRoles(formula: Formula, evaluatedOf: (variable: Variable) => ColumnValue): void {
  for (const offset of formula.fixed.offsets) refuseOtherThanNumbers(offset, "offset", formula.text, evaluatedOf);
  for (const { effects, group, span } of formula.random) {
    if (!effects.intercept && effects.terms.length === 0) throw new FormulaError(frameMessages.noEffects(), formula.text, span);
    const units = group.kind === "factor" ? group.variables : group.members;
    for (const variable of units) {
      if (evaluatedOf(variable).kind === "matrix") {
        throw new FormulaError(frameMessages.notGroups(variable.text, "a grouping factor"), formula.text, variable.expression.span);
      }
    }
    if (group.kind !== "membership") continue;
    for (const weight of group.weights ?? []) refuseOtherThanNumbers(weight, "weight of a membership", formula.text, evaluatedOf);
  }
}

/** @throws FormulaError for an offset that is not numeric */
export function checkGivenOffsets(offsets: readonly GivenOffset[], evaluatedOf: (variable: Variable) => ColumnValue): void {
  for (const { text, variable } of offsets) refuseOtherThanNumbers(variable, "offset", text, evaluatedOf);
}

function refuseOtherThanNumbers(variable: Variable, role: string, text: string, evaluatedOf: (variable: Variable) => ColumnValue): void {
  const { kind } = evaluatedOf(variable);
  if (kind === "factor" || kind === "matrix")
    throw new FormulaError(frameMessages.roleNeedsNumbers(variable.text, role), text, variable.expression.span);
}

/** The column of weights; null for none. @throws DataError where the table has no such column, or it is not numeric */
export function weightsColumn(table: TableColumns, name: string | null): { readonly name: string; readonly values: Float64Array } | null {
  if (name === null) return null;
  if (!table.has(name)) {
    const what = frameMessages.noWeightsColumn(name, didYouMean(name, table.columnNames));
    throw new DataError(what, { column: name });
  }
  const column = table.column(name);
  if (column.kind !== "number") throw new DataError(frameMessages.weightsNotNumeric(name), { column: name });
  return { name, values: column.values };
}
