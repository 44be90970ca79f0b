/**
 * Frictionless Table Schema (Data Package standard, version 2): what the columns of a file mean. `TableSchema` is the JSON as
 * people write it; `normalizeSchema` checks it and fills in the defaults.
 *
 * Beyond the standard's letter: where a schema says nothing of missingValues, the usual marks (empty, NA, N/A, NaN,
 * NULL, ".", #NULL! and their like) are missing; where it says nothing of fieldsMatch, the file may have columns that the schema does not name.
 */
import { DataError, ioMessages } from "../messages.js";
import { MISSING_MARKS } from "./csv-column.js";

/** A Table Schema as it stands in a file. */
export interface TableSchema {
  readonly fields: readonly SchemaField[];
  readonly missingValues?: readonly (string | { readonly value: string; readonly label?: string })[];
  readonly primaryKey?: string | readonly string[];
  readonly uniqueKeys?: readonly (string | readonly string[])[];
  /** How the file's columns must match the fields; default: every field must be there, in any order, others may be. */
  readonly fieldsMatch?: FieldsMatch | readonly FieldsMatch[];
}

export interface SchemaField {
  readonly name: string;
  /** Default "any": the type is inferred. */
  readonly type?: string;
  readonly format?: string;
  /** What a person reads on an axis: the column's label. */
  readonly title?: string;
  readonly description?: string;
  /** A factor's levels in order; the first is the reference level. */
  readonly categories?: readonly (Category | { readonly value: Category; readonly label?: string })[];
  readonly categoriesOrdered?: boolean;
  readonly missingValues?: readonly (string | { readonly value: string; readonly label?: string })[];
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  readonly decimalChar?: string;
  readonly groupChar?: string;
  readonly constraints?: SchemaConstraints;
}

type Category = string | number;

export interface SchemaConstraints {
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  readonly exclusiveMinimum?: number | string;
  readonly exclusiveMaximum?: number | string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly (string | number | boolean)[];
}

export type FieldsMatch = "exact" | "equal" | "subset" | "superset" | "partial";

/** The types this reader knows. Calendar types are kept as text. */
export type FieldType =
  | "string"
  | "number"
  | "integer"
  | "boolean"
  | "any"
  | "year"
  | "date"
  | "datetime"
  | "time"
  | "yearmonth"
  | "duration";

const FIELD_TYPES: readonly FieldType[] = [
  "string",
  "number",
  "integer",
  "boolean",
  "any",
  "year",
  "date",
  "datetime",
  "time",
  "yearmonth",
  "duration",
];
const MATCHES: readonly FieldsMatch[] = ["exact", "equal", "subset", "superset", "partial"];

/** A field with its defaults filled in. */
export interface NormalField {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string | null;
  readonly levels: readonly string[] | null;
  readonly levelLabels: readonly string[] | null;
  readonly ordered: boolean;
  readonly missing: readonly string[];
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
  /** null where the field does not say: the file's own mark. */
  readonly decimalChar: string | null;
  readonly groupChar: string | null;
  readonly constraints: SchemaConstraints;
}

/** A schema with its defaults filled in. */
export interface NormalSchema {
  readonly fields: readonly NormalField[];
  /** Keys that must be unique; the primary key comes first and must not be missing. */
  readonly keys: readonly { readonly columns: readonly string[]; readonly primary: boolean }[];
  readonly fieldsMatch: FieldsMatch | null;
}

/**
 * Checks a schema and fills in the defaults.
 *
 * @param schema a Table Schema as parsed from JSON
 * @throws DataError saying where the schema is wrong
 * @example normalizeSchema({ fields: [{ name: "x", type: "number" }] }).fields[0].missing // => ["", "NA", "NaN", ...]
 */
export function normalizeSchema(schema: unknown): NormalSchema {
  const { fields, missingValues, primaryKey, uniqueKeys, fieldsMatch } = object(schema, "the schema");
  if (!Array.isArray(fields)) throw bad("fields", "must be an array");
  const fallback = missingValues === undefined ? MISSING_MARKS : values(missingValues, "missingValues").map(({ value }) => value);
  const normal = fields.map((field, k) => normalField(field, `fields[${k}]`, fallback));
  const names = new Set<string>();
  for (const { name } of normal) {
    if (names.has(name)) throw bad("fields", `name the column "${name}" twice`);
    names.add(name);
  }
  const keys = [
    ...(primaryKey === undefined ? [] : [{ columns: keyColumns(primaryKey, "primaryKey", names), primary: true }]),
    ...(uniqueKeys === undefined
      ? []
      : array(uniqueKeys, "uniqueKeys").map((key) => ({ columns: keyColumns(key, "uniqueKeys", names), primary: false }))),
  ].filter(({ columns }) => columns.length > 0);
  return { fields: normal, keys, fieldsMatch: match(fieldsMatch) };
}

function normalField(source: unknown, where: string, fallback: readonly string[]): NormalField {
  const field = object(source, where);
  const { name, type = "any", title } = field;
  if (typeof name !== "string" || name === "") throw bad(where, "has no name");
  if (typeof type !== "string" || !FIELD_TYPES.includes(type as FieldType)) {
    throw new DataError(ioMessages.unknownType(name, String(type), FIELD_TYPES), { column: name });
  }
  const at = (property: string): string => `${property} of "${name}"`;
  const categories = field.categories === undefined ? null : values(field.categories, at("categories"));
  if (categories !== null) {
    const seen = new Set<string>();
    for (const { value } of categories) {
      if (seen.has(value)) throw bad(at("categories"), `has "${value}" twice`);
      seen.add(value);
    }
  }
  const strings = (property: string, otherwise: readonly string[]): readonly string[] =>
    field[property] === undefined ? otherwise : values(field[property], at(property)).map(({ value }) => value);
  return {
    name,
    type: type as FieldType,
    label: typeof title === "string" && title !== "" ? title : null,
    levels: categories?.map(({ value }) => value) ?? null,
    levelLabels: categories?.some(({ label }) => label !== null) ? categories.map(({ value, label }) => label ?? value) : null,
    ordered: field.categoriesOrdered === true,
    missing: strings("missingValues", fallback),
    trueValues: strings("trueValues", ["true", "True", "TRUE", "1"]),
    falseValues: strings("falseValues", ["false", "False", "FALSE", "0"]),
    decimalChar: character(field.decimalChar, at("decimalChar")),
    groupChar: character(field.groupChar, at("groupChar")),
    constraints: field.constraints === undefined ? {} : (object(field.constraints, at("constraints")) as SchemaConstraints),
  };
}

/** Strings, numbers, or `{ value, label }`. */
function values(source: unknown, where: string): { readonly value: string; readonly label: string | null }[] {
  return array(source, where).map((item) => {
    if (typeof item === "string" || typeof item === "number") return { value: String(item), label: null };
    const { value, label } = object(item, where);
    if (typeof value !== "string" && typeof value !== "number") throw bad(where, "must hold strings, or objects with value and label");
    return { value: String(value), label: typeof label === "string" ? label : null };
  });
}

function keyColumns(source: unknown, where: string, names: ReadonlySet<string>): string[] {
  const columns = Array.isArray(source) ? source : [source];
  return columns.map((name) => {
    if (typeof name !== "string" || !names.has(name)) throw bad(where, `names "${String(name)}", which is not among the fields`);
    return name;
  });
}

function match(source: unknown): FieldsMatch | null {
  if (source === undefined) return null;
  const rule: unknown = Array.isArray(source) ? source[0] : source;
  if (!MATCHES.includes(rule as FieldsMatch)) throw bad("fieldsMatch", `must be one of ${MATCHES.join(", ")}`);
  return rule as FieldsMatch;
}

function character(source: unknown, where: string): string | null {
  if (source === undefined) return null;
  if (typeof source !== "string" || source.length !== 1) throw bad(where, "must be one character");
  return source;
}

function object(source: unknown, where: string): Readonly<Record<string, unknown>> {
  if (source === null || typeof source !== "object" || Array.isArray(source)) throw bad(where, "must be an object");
  return source as Record<string, unknown>;
}

function array(source: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(source)) throw bad(where, "must be an array");
  return source;
}

function bad(where: string, what: string): DataError {
  return new DataError(ioMessages.badSchema(where, what));
}
