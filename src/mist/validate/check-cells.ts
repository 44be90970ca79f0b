/**
 * Cell by cell: what does not fit its column, numbers outside their range or beyond what is likely, and both directions of the null
 * rules: a value must be there unless the rule allows or demands that the cell be empty, and must not be there where it does.
 */
import { columnLength, isMissing } from "../../data/column-values.js";
import { nearest, validateMessages } from "../../messages.js";
import { categoriesOf } from "../codebook/category-sets.js";
import type { ColumnName, TableName } from "../codebook/codebook.js";
import { conditionWords } from "../codebook/condition-words.js";
import { structuralNulls } from "../codebook/conditions.js";
import type { ColumnDeclaration } from "../codebook/declaration.js";
import { type Range, rangeOf } from "../codebook/ranges.js";
import { entities } from "../codebook/sources.js";
import { type CheckedColumn, type CheckedStudy, type CheckedTable, cellText, isEmpty, rowProblems } from "./checked-study.js";
import { type Fault, within } from "./conform-cells.js";
import { type FoundRows, type Problem, rowsWhere, type Told } from "./problem.js";

/** How many distinct wrong values a message names. */
const VALUES = 5;
/** How many characters of a wrong value are kept. */
const LONGEST = 100;

/** Everything that can be said of one table's cells. */
export function checkCells(checked: CheckedStudy, table: CheckedTable): Problem[] {
  const problems = misfitCells(table);
  for (const column of table.columns.values()) {
    problems.push(...rangeProblems(table, column), ...nullProblems(checked, table, column));
  }
  return problems;
}

/** Cells that do not fit their columns. */
export function misfitCells(table: CheckedTable): Problem[] {
  return [...table.columns.values()].flatMap((column) => column.faults.flatMap((fault) => faultProblems(table, column, fault)));
}

function faultProblems(table: CheckedTable, { name, declaration }: CheckedColumn, fault: Fault): Problem[] {
  // A text may be about a person; a code of a given form is not.
  const long = declaration.type === "text" && declaration.maxLength !== undefined;
  const shown = (text: string): string => (long ? validateMessages.textOf([...text].length) : text.slice(0, LONGEST));
  const values = [...fault.distinct].map(([value, count]) => ({ value: shown(value), count }));
  return rowProblems(table, {
    kind: fault.kind,
    columns: [name],
    found: fault,
    valueIn: (row) => shown(fault.values[fault.rows.indexOf(row)]!),
    told: faultTold(fault, declaration, values.slice(0, VALUES), values.length),
  });
}

function faultTold(
  { kind, distinct }: Fault,
  declaration: ColumnDeclaration,
  values: readonly { readonly value: string; readonly count: number }[],
  total: number,
): Told {
  switch (kind) {
    case "missing_code":
      return validateMessages.missingCode(values, declaration.null !== undefined);
    case "category": {
      const levels = "categories" in declaration ? categoriesOf(declaration.categories).map(({ value }) => value) : [];
      const meant = new Map([...distinct.keys()].slice(0, VALUES).map((value) => [value, nearCategory(value, levels)]));
      return validateMessages.category(values, total, levels, meant);
    }
    case "identifier":
      return validateMessages.identifier(values, declaration.type === "id" ? entities[declaration.entity] : { label: "", prefixes: [] });
    case "text": {
      const { maxLength = null } = declaration.type === "text" ? declaration : {};
      return maxLength === null ? validateMessages.form(values, declaration.description) : validateMessages.tooLong(maxLength);
    }
    case "type":
      return validateMessages.wrongType(
        values,
        declaration.type,
        [...distinct.keys()].every((value) => /^[+-]?\d+,\d+$/.test(value.trim())),
      );
  }
}

/** Spaces, hyphens and capitals are slips too. */
function nearCategory(value: string, levels: readonly string[]): string | null {
  if (/^[\d\s.+-]*$/.test(value)) return null;
  return nearest(
    value
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_"),
    levels,
  );
}

function rangeProblems(table: CheckedTable, { name, declaration, column }: CheckedColumn): Problem[] {
  if (column.kind !== "number" || (declaration.type !== "integer" && declaration.type !== "number")) return [];
  const { range, plausible } = declaration;
  const { values } = column;
  const possible = range === undefined ? {} : rangeOf(range);
  const outside = (bounds: Range) => (row: number) => !Number.isNaN(values[row]) && !within(values[row]!, bounds);
  const valueIn = (row: number): string => cellText(column, row);
  const wrong = range === undefined ? { count: 0, rows: [] } : rowsWhere(values.length, outside(possible));
  const likely = plausible === undefined ? {} : rangeOf(plausible);
  const unlikely = rowsWhere(values.length, (row) => outside(likely)(row) && !outside(possible)(row));
  return [
    ...rowProblems(table, {
      kind: "range",
      columns: [name],
      found: wrong,
      valueIn,
      told: validateMessages.range(possible, possible.maximum === 1 && possible.minimum === 0),
    }),
    ...rowProblems(table, {
      severity: "remark",
      kind: "plausible",
      columns: [name],
      found: unlikely,
      valueIn,
      told: validateMessages.plausible(likely),
    }),
  ];
}

function nullProblems({ study }: CheckedStudy, table: CheckedTable, checked: CheckedColumn): Problem[] {
  const { name, declaration, column } = checked;
  const n = columnLength(column);
  const rule = declaration.null;
  const problem = (kind: "empty" | "not_empty", found: FoundRows, told: Told): Problem[] =>
    rowProblems(table, { kind, columns: [name], found, valueIn: (row) => cellText(column, row), told });
  if (rule === "item") return [];
  if (rule === undefined) {
    const empty = rowsWhere(n, (row) => isEmpty(checked, row));
    return problem("empty", empty, validateMessages.empty(empty.count === n));
  }
  // The name comes from the table's own declaration.
  const structure = structuralNulls(study, table.name, name as ColumnName<TableName>);
  if (structure === null) return [];
  // A condition may ask whether another cell is missing: one that does not fit is neither there nor missing.
  const faulty = [...table.columns.values()].flatMap((other) => (other.faulty === null ? [] : [other.faulty]));
  const verdict = (row: number): boolean | null => (faulty.some((cells) => cells[row] === 1) ? null : structure(row));
  const { words } = conditionWords[rule.when];
  const given = rowsWhere(n, (row) => !isMissing(column, row) && verdict(row) === true);
  const lacking = rowsWhere(n, (row) => isEmpty(checked, row) && verdict(row) === false);
  return [
    ...problem("not_empty", given, validateMessages.notEmpty(words)),
    ...problem("empty", lacking, validateMessages.emptyAgainst(words)),
  ];
}
