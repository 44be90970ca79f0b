/**
 * The table with what the model says about each row, in the columns of R's broom.mixed: `.fitted` (random effects
 * included), `.resid` (response less `.fitted`) and `.fixed` (fixed effects and offset alone). Rows stay where they are;
 * a row that was not used has missing values there.
 */
import type { Column } from "../data/column.js";
import { Table } from "../data/table.js";
import { DataError, inferenceMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import { fittedValues } from "../models/fitted.js";

/** What `augment` adds to a row. */
export interface AugmentedRow {
  ".fitted": number | null;
  ".resid": number | null;
  ".fixed": number | null;
}

/**
 * @param table the table the model was fitted to; without it only the three new columns are returned
 * @throws DataError where the table has another number of rows, or has a column of one of the new names
 * @example augment(lmm("mAch ~ 1 + (1 | school)", hsb)).columnNames // => [".fitted", ".resid", ".fixed"]
 */
export function augment<Row extends object = object>(fit: LinearMixedFit, table?: Table<Row>): Table<Row & AugmentedRow> {
  if (table !== undefined && table.rowCount !== fit.frame.tableRowCount) {
    throw new DataError(inferenceMessages.otherTable(table.rowCount, fit.frame.tableRowCount));
  }
  const { fitted, residuals, fixed } = fittedValues(fit);
  const added: Column[] = [
    { kind: "number", name: ".fitted", values: fitted },
    { kind: "number", name: ".resid", values: residuals },
    { kind: "number", name: ".fixed", values: fixed },
  ];
  return Table.ofColumns([...(table?.columns ?? []), ...added]);
}
