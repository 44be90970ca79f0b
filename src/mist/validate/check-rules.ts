/**
 * Rules that a table declares across its columns or rows: sums within a row, order of two columns, sums over rows, a value that
 * stands if and only if a condition holds, a condition that holds in every row. A row with a cell that the rule needs missing is
 * not asked.
 */
import type { NumberColumn } from "../../data/column.js";
import { cellOf, isMissing } from "../../data/column-values.js";
import { keyGroups, matchRows } from "../../data/row-keys.js";
import { validateMessages } from "../../messages.js";
import { conditionWords } from "../codebook/condition-words.js";
import { conditions } from "../codebook/conditions.js";
import type { TableRule } from "../codebook/declaration.js";
import { type CheckedStudy, type CheckedTable, cellText, columnsNamed, rowProblems, tableNamed } from "./checked-study.js";
import { type Problem, rowsWhere } from "./problem.js";

/** The rules that some row of the table breaks. */
export function checkRules(checked: CheckedStudy, table: CheckedTable): Problem[] {
  return (table.declaration.rules ?? []).flatMap((rule) => checkRule(checked, table, rule));
}

function checkRule(checked: CheckedStudy, table: CheckedTable, rule: TableRule): Problem[] {
  switch (rule.rule) {
    case "sum":
      return checkSum(table, rule);
    case "order":
      return checkOrder(table, rule);
    case "sum_by":
      return checkSumBy(checked, table, rule);
    case "value_when":
      return checkValueWhen(checked, table, rule);
    case "holds": {
      const verdict = conditions[rule.condition](checked.study);
      if (verdict === null) return [];
      const found = rowsWhere(table.rowCount, (row) => verdict(row) === false);
      return rowProblems(table, {
        kind: "rule",
        columns: [],
        found: found,
        told: validateMessages.holds(conditionWords[rule.condition].words),
      });
    }
  }
}

type Rule<K extends TableRule["rule"]> = Extract<TableRule, { readonly rule: K }>;

function checkSum(table: CheckedTable, { columns: names, total, tolerance }: Rule<"sum">): Problem[] {
  const columns = numbers(table, names);
  if (columns === null) return [];
  const sum = (row: number): number => columns.reduce((before, { values }) => before + values[row]!, 0);
  // The sum is NaN where a part is missing, and then not asked.
  const found = rowsWhere(table.rowCount, (row) => Math.abs(sum(row) - total) > tolerance);
  return rowProblems(table, {
    kind: "sum",
    columns: names,
    found,
    valueIn: (row) => validateMessages.sumIs(rounded(sum(row))),
    told: validateMessages.sum(names, total),
  });
}

function checkOrder(table: CheckedTable, { low, high }: Rule<"order">): Problem[] {
  const columns = numbers(table, [low, high]);
  if (columns === null) return [];
  const [lower, upper] = [columns[0]!.values, columns[1]!.values];
  const found = rowsWhere(table.rowCount, (row) => lower[row]! > upper[row]!);
  const value = (row: number): string => `${low} ${lower[row]}, ${high} ${upper[row]}`;
  return rowProblems(table, { kind: "order", columns: [low, high], found, valueIn: value, told: validateMessages.order(low, high) });
}

function checkSumBy(checked: CheckedStudy, table: CheckedTable, { by, column, total, tolerance }: Rule<"sum_by">): Problem[] {
  const keys = columnsNamed(table, by);
  const summed = numbers(table, [column])?.[0];
  if (keys === null || summed === undefined) return [];
  const { codes, firstRows } = keyGroups(keys);
  const sums = new Float64Array(firstRows.length);
  codes.forEach((group, row) => {
    if (group >= 0) sums[group]! += summed.values[row]!;
  });
  const totals = totalsOf(checked, table, by, total);
  if (totals === null) return [];
  const groups = rowsWhere(firstRows.length, (group) => Math.abs(sums[group]! - totals(firstRows[group]!)) > tolerance);
  const found = { count: groups.count, rows: groups.rows.map((group) => firstRows[group]!) };
  const value = (row: number): string => {
    const key = keys.map((part, k) => `${by[k]} ${cellText(part, row)}`).join(", ");
    return validateMessages.sumOver(key, rounded(sums[codes[row]!]!), rounded(totals(row)));
  };
  const wanted = typeof total === "number" ? String(total) : `${total.column} in ${total.table}`;
  return rowProblems(table, {
    kind: "sum",
    columns: [column],
    found,
    valueIn: value,
    told: validateMessages.sumBy(column, by, wanted),
    keyed: false,
  });
}

/** By row: the number itself, or the cell of the other table's row that has the key; NaN (not asked) where there is none. */
function totalsOf(
  checked: CheckedStudy,
  table: CheckedTable,
  by: readonly string[],
  total: Rule<"sum_by">["total"],
): ((row: number) => number) | null {
  if (typeof total === "number") return () => total;
  const other = tableNamed(checked, total.table);
  const keys = columnsNamed(table, by);
  const otherKeys = columnsNamed(other, by);
  const values = other === undefined ? undefined : numbers(other, [total.column])?.[0]?.values;
  if (keys === null || otherKeys === null || values === undefined) return null;
  const rows = matchRows(keys, otherKeys);
  return (row) => (rows[row]! < 0 ? Number.NaN : values[rows[row]!]!);
}

function checkValueWhen({ study }: CheckedStudy, table: CheckedTable, { column: name, value, when }: Rule<"value_when">): Problem[] {
  const verdict = conditions[when](study);
  const column = table.columns.get(name)?.column;
  if (verdict === null || column === undefined) return [];
  const { words } = conditionWords[when];
  const has = (row: number): boolean => String(cellOf(column, row)) === value;
  const other = rowsWhere(table.rowCount, (row) => !isMissing(column, row) && verdict(row) === true && !has(row));
  const same = rowsWhere(table.rowCount, (row) => !isMissing(column, row) && verdict(row) === false && has(row));
  const cell = (row: number): string => cellText(column, row);
  return [
    ...rowProblems(table, {
      kind: "value",
      columns: [name],
      found: other,
      valueIn: cell,
      told: validateMessages.valueNeeded(value, words),
    }),
    ...rowProblems(table, {
      kind: "value",
      columns: [name],
      found: same,
      valueIn: cell,
      told: validateMessages.valueForbidden(value, words),
    }),
  ];
}

function numbers(table: CheckedTable, names: readonly string[]): readonly NumberColumn[] | null {
  const found = (columnsNamed(table, names) ?? []).flatMap((column) => (column.kind === "number" ? [column] : []));
  return found.length === names.length ? found : null;
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
