/**
 * Columns of the model that are probably not what the user takes them for: text because of a few cells that are no numbers.
 */
import { dataMessages, type Note } from "../../messages.js";
import type { Formula, Variable } from "../formula/ast.js";
import { namesIn } from "../formula/variables.js";
import type { TableColumns } from "./evaluation.js";
import { predictorVariables } from "./variables.js";

/** One note for each such column among the response, the predictors and the offsets; a unit's name may well be mostly digits. */
export function columnRemarks(formulas: readonly Formula[], table: TableColumns): readonly Note[] {
  const all = formulas.flatMap((formula): readonly Variable[] => [
    ...(formula.response === null ? [] : [formula.response]),
    ...predictorVariables(formula),
    ...formula.fixed.offsets,
  ]);
  const names = new Set(all.flatMap(({ expression }) => namesIn(expression)));
  return [...names].flatMap((name) => {
    const column = table.has(name) ? table.column(name) : null;
    if (column?.kind !== "factor" || column.nearlyNumeric === undefined) return [];
    const { count, value, row } = column.nearlyNumeric;
    return [{ code: "read-as-text", message: dataMessages.nearlyNumeric(name, count, value, row) }];
  });
}
