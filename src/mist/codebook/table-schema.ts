/**
 * The codebook as Frictionless Table Schemas (Data Package standard, version 2): plain JSON values.
 *
 * An empty cell is missing, nothing else is. Identifiers are strings that begin with their prefix; categories whose values are
 * digits are integers. A primary key with a part that may be null (role_relations) is left out, since the standard's keys may
 * not be null, and so is a foreign key into one of several tables; both stand in the printed codebook.
 */
import { categoriesOf, categorySets, hasNumericValues } from "./category-sets.js";
import { columnsOf, declarationOf, type TableName } from "./codebook.js";
import { conditionWords } from "./condition-words.js";
import type { ColumnDeclaration } from "./declaration.js";
import { rangeOf } from "./ranges.js";
import { entities } from "./sources.js";

/** A Table Schema as written to a file. */
export interface CodebookSchema {
  readonly fields: readonly CodebookField[];
  readonly missingValues: readonly string[];
  readonly primaryKey?: readonly string[];
  readonly uniqueKeys?: readonly (readonly string[])[];
  readonly foreignKeys?: readonly SchemaForeignKey[];
}

export interface CodebookField {
  readonly name: string;
  readonly type: "string" | "boolean" | "integer" | "number" | "date";
  readonly title?: string;
  readonly description: string;
  readonly unit?: string;
  readonly categories?: readonly { readonly value: string | number; readonly label: string }[];
  readonly categoriesOrdered?: boolean;
  readonly constraints?: FieldConstraints;
}

export interface FieldConstraints {
  readonly required?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

export interface SchemaForeignKey {
  readonly fields: readonly string[];
  readonly reference: { readonly resource: string; readonly fields: readonly string[] };
}

/**
 * The Table Schema of one table.
 *
 * @param among the tables that are there: foreign keys into others are left out; default all
 * @example tableSchema("pd_attendance").primaryKey // => ["pd_id", "person_id"]
 */
export function tableSchema(table: TableName, among?: readonly TableName[]): CodebookSchema {
  const { primaryKey, uniqueKeys, foreignKeys = [], columns } = declarationOf(table);
  const keyed = primaryKey.every((column) => columns[column]?.null === undefined);
  const references = foreignKeys.flatMap(({ columns: fields, references: [reference, ...others] }): SchemaForeignKey[] => {
    if (reference === undefined || others.length > 0) return [];
    if (among !== undefined && !among.some((name) => name === reference.table)) return [];
    return [{ fields, reference: { resource: reference.table, fields: reference.columns } }];
  });
  return {
    fields: columnsOf(table).map(([name, column]) => field(name, column)),
    missingValues: [""],
    ...(keyed ? { primaryKey } : {}),
    ...(uniqueKeys === undefined ? {} : { uniqueKeys }),
    ...(references.length === 0 ? {} : { foreignKeys: references }),
  };
}

function field(name: string, column: ColumnDeclaration): CodebookField {
  const limits = constraints(column);
  return {
    name,
    ...typeOf(column),
    ...(column.label === undefined ? {} : { title: column.label }),
    description: describe(column),
    ...("unit" in column && column.unit !== undefined ? { unit: column.unit } : {}),
    ...(Object.keys(limits).length === 0 ? {} : { constraints: limits }),
  };
}

/** The sentence, and when the cell is empty by structure. */
function describe(column: ColumnDeclaration): string {
  const rule = column.null;
  if (rule === undefined || rule === "item") return column.description;
  const { words } = conditionWords[rule.when];
  return `${column.description} Empty ${rule.orItem ? "where" : "if and only if"} ${words}${rule.orItem ? ", or where it is not known" : ""}.`;
}

function typeOf(column: ColumnDeclaration): Pick<CodebookField, "type" | "categories" | "categoriesOrdered"> {
  switch (column.type) {
    case "id":
    case "text":
      return { type: "string" };
    case "boolean":
    case "integer":
    case "number":
    case "date":
      return { type: column.type };
    case "nominal":
    case "ordered": {
      const numeric = hasNumericValues(column.categories);
      const categories = categoriesOf(column.categories).map(({ value, label }) => ({ value: numeric ? Number(value) : value, label }));
      return { type: numeric ? "integer" : "string", categories, categoriesOrdered: categorySets[column.categories].ordered };
    }
  }
}

function constraints(column: ColumnDeclaration): FieldConstraints {
  return { ...(column.null === undefined ? { required: true } : {}), ...limitsOf(column) };
}

function limitsOf(column: ColumnDeclaration): FieldConstraints {
  switch (column.type) {
    case "id": {
      const prefixes: readonly string[] = entities[column.entity].prefixes;
      return prefixes.includes("") ? {} : { pattern: `^(${prefixes.join("|")}).+$` };
    }
    case "text":
      return {
        ...(column.maxLength === undefined ? {} : { maxLength: column.maxLength }),
        ...(column.pattern === undefined ? {} : { pattern: column.pattern }),
      };
    case "integer":
    case "number":
      return column.range === undefined ? {} : rangeOf(column.range);
    default:
      return {};
  }
}
