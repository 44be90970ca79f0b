/**
 * The codebook as a reader sees it: sections of tables, each a paragraph of rules and a grid of columns; then the categories and
 * the sources. Markdown and HTML are two ways to write this one record down.
 */
import { mistMessages } from "../../messages.js";
import { type CategorySetName, categoriesOf, categorySets, scoresOf } from "./category-sets.js";
import { type TableGroup, tableGroups } from "./codebook.js";
import { conditionWords } from "./condition-words.js";
import type { ColumnDeclaration, Kind, NullRule, TableDeclaration, TableRule } from "./declaration.js";
import { type Range, rangeOf } from "./ranges.js";
import { entities, sources } from "./sources.js";

const words = mistMessages.codebook;

export interface PrintedCodebook {
  readonly title: string;
  readonly opening: string;
  readonly sections: readonly { readonly title: string; readonly tables: readonly PrintedTable[] }[];
  readonly categories: readonly PrintedGrid[];
  readonly sources: readonly { readonly tag: string; readonly text: string }[];
}

export interface PrintedTable {
  readonly name: string;
  readonly title: string;
  /** What a row is, and what holds of the rows. */
  readonly sentences: readonly string[];
  readonly grid: Grid;
}

/** A grid with a name and a title of its own. */
export interface PrintedGrid {
  readonly name: string;
  readonly title: string;
  readonly grid: Grid;
}

export interface Grid {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * The codebook, or some of its tables, as one record of texts.
 *
 * @param groups default: all tables
 * @example printedCodebook().sections[0].title // => "Districts, schools and cycles"
 */
export function printedCodebook(groups: readonly TableGroup[] = tableGroups): PrintedCodebook {
  const tables = groups.flatMap((group) => Object.values(group.tables));
  const columns = tables.flatMap((table) => Object.values(table.columns));
  const sets = new Set(columns.flatMap((column): CategorySetName[] => ("categories" in column ? [column.categories] : [])));
  return {
    title: words.title,
    opening: words.opening(tables.length, columns.length),
    sections: groups.map(({ label, tables }) => ({
      title: label,
      tables: Object.entries(tables).map(([name, table]) => printedTable(name, table)),
    })),
    categories: [...sets].sort().map(printedSet),
    sources: Object.entries(sources).map(([tag, text]) => ({ tag, text })),
  };
}

function printedTable(name: string, table: TableDeclaration): PrintedTable {
  const { primaryKey, uniqueKeys = [], foreignKeys = [], rules = [] } = table;
  return {
    name,
    title: table.label,
    sentences: [
      table.description,
      ...(table.presence === "observed" ? [words.observedOnly] : []),
      words.primaryKey(primaryKey),
      ...uniqueKeys.map((key) => words.uniqueKey(key)),
      ...foreignKeys.map(({ columns, references }) =>
        words.foreignKey(
          columns,
          references.map((target) => `${target.table} (${target.columns.join(", ")})`),
        ),
      ),
      ...rules.map(ruleText),
    ],
    grid: {
      heads: words.columnHeads,
      rows: Object.entries(table.columns).map(([column, declaration]) => columnRow(column, declaration, table.kind)),
    },
  };
}

function columnRow(name: string, column: ColumnDeclaration, tableKind: Kind): string[] {
  return [
    name,
    column.type,
    valuesText(column),
    nullText(column.null),
    column.source.join(", "),
    words.kinds[column.kind ?? tableKind],
    column.label === undefined ? column.description : `${column.label}. ${column.description}`,
  ];
}

function valuesText(column: ColumnDeclaration): string {
  switch (column.type) {
    case "id": {
      const { label, prefixes } = entities[column.entity];
      const letters: readonly string[] = prefixes;
      return letters.includes("") ? label : `${label}; ${words.beginsWith(letters)}`;
    }
    case "text":
      return column.maxLength === undefined ? (column.pattern ?? "") : words.characters(column.maxLength);
    case "boolean":
      return "true, false";
    case "date":
      return "YYYY-MM-DD";
    case "integer":
    case "number":
      return [
        column.range === undefined ? "" : rangeText(rangeOf(column.range)),
        column.unit ?? "",
        column.plausible === undefined ? "" : words.plausible(rangeText(rangeOf(column.plausible))),
      ]
        .filter((part) => part !== "")
        .join(" ");
    case "nominal":
    case "ordered":
      return `${categoriesOf(column.categories)
        .map(({ value }) => value)
        .join(", ")} (${column.categories})`;
  }
}

function rangeText({ minimum, maximum, exclusiveMinimum }: Range): string {
  if (minimum !== undefined && maximum !== undefined) return words.between(minimum, maximum);
  const parts = [
    ...(exclusiveMinimum === undefined ? [] : [words.above(exclusiveMinimum)]),
    ...(minimum === undefined ? [] : [words.atLeast(minimum)]),
    ...(maximum === undefined ? [] : [words.atMost(maximum)]),
  ];
  return parts.join(", ");
}

function nullText(rule: NullRule | undefined): string {
  if (rule === undefined) return words.never;
  if (rule === "item") return words.item;
  const { words: condition } = conditionWords[rule.when];
  return rule.orItem === true ? words.structuralOrItem(condition) : words.structural(condition);
}

/**
 * A table's rule in words.
 *
 * @example ruleText({ rule: "order", low: "first_cycle", high: "last_cycle" }) // => "first_cycle is at most last_cycle."
 */
export function ruleText(rule: TableRule): string {
  switch (rule.rule) {
    case "sum":
      return words.sum(rule.columns, rule.total);
    case "order":
      return words.order(rule.low, rule.high);
    case "sum_by":
      return words.sumBy(
        rule.column,
        rule.by,
        typeof rule.total === "number" ? String(rule.total) : `${rule.total.table}.${rule.total.column}`,
      );
    case "value_when":
      return words.valueWhen(rule.column, rule.value, conditionWords[rule.when].words);
    case "holds":
      return words.holds(conditionWords[rule.condition].words);
  }
}

function printedSet(name: CategorySetName): PrintedGrid {
  const { label, ordered } = categorySets[name];
  const scores = scoresOf(name);
  return {
    name,
    title: `${label} (${ordered ? words.ordered : words.unordered})`,
    grid: {
      heads: scores === null ? words.categoryHeads : [...words.categoryHeads, words.scoreHead],
      rows: categoriesOf(name).map((category, k) => [category.value, category.label, ...(scores === null ? [] : [String(scores[k])])]),
    },
  };
}
