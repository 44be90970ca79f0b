/**
 * The table with what the model says about each row, in the columns of R's broom.mixed: `.fitted` (random effects
 * included), `.resid` (response less `.fitted`) and `.fixed` (fixed effects and offset alone). Rows stay where they are;
 * a row that was not used has missing values there.
 *
 * All are on the scale of the response: for generalized models means, for ordered categories the expected category (in the
 * categories' own numbers where they are numbers, else counted from 1) with the probability-scale residual, for unordered ones the probability of the category observed. These models have the linear predictor in
 * `.eta` besides, and Pearson residuals in `.pearson` where they exist.
 */
import type { Column } from "../data/column.js";
import { Table } from "../data/table.js";
import { DataError, inferenceMessages } from "../messages.js";
import { fittedValues } from "../models/fitted.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** What `augment` adds to a row. */
export interface AugmentedRow {
  /** The mean; ordered categories: the expected one, sum of score x probability (scores: the numbers, else 1, 2, ...); unordered: P(observed). */
  ".fitted": number | null;
  /** Response less `.fitted`; ordered categories: P(Y < y) - P(Y > y), in (-1, 1); unordered: 1 - P(observed). */
  ".resid": number | null;
  /** `.fitted` with random effects of zero. */
  ".fixed": number | null;
  /** Generalized and cumulative models. */
  ".eta"?: number | null;
  /** Generalized models. */
  ".pearson"?: number | null;
}

/**
 * @param table the table the model was fitted to; without it only the three new columns are returned
 * @throws DataError where the table has another number of rows, or has a column of one of the new names
 * @example augment(lmm("mAch ~ 1 + (1 | school)", hsb)).columnNames // => [".fitted", ".resid", ".fixed"]
 */
export function augment<Row extends object = object>(fit: MixedFit, table?: Table<Row>): Table<Row & AugmentedRow> {
  if (table !== undefined && table.rowCount !== fit.frame.tableRowCount) {
    throw new DataError(inferenceMessages.otherTable(table.rowCount, fit.frame.tableRowCount));
  }
  const { fitted, residuals, fixed } = fittedValues(fit);
  const added: Column[] = [
    { kind: "number", name: ".fitted", values: fitted },
    { kind: "number", name: ".resid", values: residuals },
    { kind: "number", name: ".fixed", values: fixed },
  ];
  if (isGeneralized(fit)) {
    const { linearPredictor, pearson } = fittedValues(fit);
    if (linearPredictor !== null) added.push({ kind: "number", name: ".eta", values: linearPredictor });
    if (pearson !== null) added.push({ kind: "number", name: ".pearson", values: pearson });
  }
  return Table.ofColumns([...(table?.columns ?? []), ...added]);
}
