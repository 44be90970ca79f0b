/**
 * Keys: primary and unique keys name one row each; the cells of a foreign key name a row of one of the tables it refers to.
 */

import { keyGroups, matchRows, NO_MATCH } from "../../data/row-keys.js";
import { validateMessages } from "../../messages.js";
import type { ForeignKey } from "../codebook/declaration.js";
import { type CheckedStudy, type CheckedTable, cellText, columnsNamed, rowProblems, tableNamed } from "./checked-study.js";
import { type Problem, rowsWhere } from "./problem.js";

/** Repeated keys, and references without a match. */
export function checkKeys(checked: CheckedStudy, table: CheckedTable): Problem[] {
  const { primaryKey, uniqueKeys = [], foreignKeys = [] } = table.declaration;
  return [
    ...repeated(table, primaryKey, "primary_key"),
    ...uniqueKeys.flatMap((key) => repeated(table, key, "unique_key")),
    ...foreignKeys.flatMap((key) => unmatched(checked, table, key)),
  ];
}

/** In a primary key an empty cell of a column that may be empty is a value like others; in a unique key it is not compared. */
function repeated(table: CheckedTable, key: readonly string[], kind: "primary_key" | "unique_key"): Problem[] {
  const columns = columnsNamed(table, key);
  if (columns === null) return [];
  const mayBeEmpty = key.map((name) => kind === "primary_key" && table.columns.get(name)!.declaration.null !== undefined);
  const faulty = key.map((name) => table.columns.get(name)!.faulty);
  const { codes, firstRows } = keyGroups(columns, mayBeEmpty);
  const isRepeated = (row: number): boolean => {
    const group = codes[row]!;
    return group >= 0 && firstRows[group] !== row && faulty.every((cells) => cells?.[row] !== 1);
  };
  const found = rowsWhere(table.rowCount, isRepeated);
  const value = (row: number): string => columns.map((column) => cellText(column, row)).join(", ");
  return rowProblems(table, {
    kind,
    columns: key,
    found,
    valueIn: (row) => validateMessages.alsoInRow(value(row), firstRows[codes[row]!]! + 1),
    told: validateMessages.repeatedKey(key, kind === "primary_key"),
    keyed: kind !== "primary_key",
  });
}

/** Where one of several targets is not there, a reference may lead into it, and nothing is said. */
function unmatched(checked: CheckedStudy, table: CheckedTable, { columns, references }: ForeignKey): Problem[] {
  const own = columnsNamed(table, columns);
  const targets = references.map((reference) => columnsNamed(tableNamed(checked, reference.table), reference.columns));
  if (own === null || targets.includes(null)) return [];
  const matches = targets.flatMap((target) => (target === null ? [] : [matchRows(own, target)]));
  const found = rowsWhere(table.rowCount, (row) => matches.every((match) => match[row] === NO_MATCH));
  if (found.count === 0) return [];
  const value = (row: number): string => own.map((column) => cellText(column, row)).join(", ");
  const single = references.length === 1 && columns.length === 1 ? targets[0]![0]! : null;
  const similar = single?.kind === "factor" ? similarIdentifier(value(found.rows[0]!), single.levels) : null;
  const tables = references.map((reference) => reference.table);
  return rowProblems(table, {
    kind: "reference",
    columns,
    found,
    valueIn: value,
    told: validateMessages.noReference(columns, tables, similar),
  });
}

/** An identifier that differs in capitals, spaces or zeros only. */
function similarIdentifier(value: string, among: readonly string[]): string | null {
  const plain = (text: string): string =>
    text
      .replace(/\s+/g, "")
      .toLowerCase()
      .replace(/(?<=\D|^)0+(?=\d)/g, "");
  return among.find((level) => level !== value && plain(level) === plain(value)) ?? null;
}
