/**
 * The descriptor of a folder of the study's tables (`datapackage.json`, Data Package standard, version 2).
 */
import { declarationOf, type TableName } from "./codebook.js";
import { sources } from "./sources.js";
import { type CodebookSchema, tableSchema } from "./table-schema.js";

/** A table that is in the folder. */
export interface PackagedTable {
  readonly name: TableName;
  /** The file relative to the folder; default `<name>.csv`. A name that ends in .gz is compressed with gzip. */
  readonly path?: string;
  /** Uncompressed or not: the size of the file as it is. */
  readonly bytes?: number;
  /** SHA-256 of the file in hexadecimal digits. */
  readonly sha256?: string;
}

/** What the package says of itself. */
export interface PackageOptions {
  /** Default "mist-study"; lower-case letters, digits, `.`, `_`, `-`. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  readonly version?: string;
}

/** The descriptor, a plain JSON value. */
export interface DataPackage {
  readonly $schema: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly version?: string;
  readonly sources: readonly { readonly title: string }[];
  readonly resources: readonly PackageResource[];
}

export interface PackageResource {
  readonly name: string;
  readonly type: "table";
  readonly title: string;
  readonly description: string;
  readonly path: string;
  readonly format: "csv";
  readonly mediatype: "text/csv";
  readonly encoding: "utf-8";
  readonly compression?: "gz";
  readonly bytes?: number;
  readonly hash?: string;
  readonly schema: CodebookSchema;
}

/**
 * The descriptor of the tables that are there, in the order given. Foreign keys into tables that are not there are left out.
 *
 * @example dataPackage([{ name: "cycles" }, { name: "students", path: "students.csv.gz" }]).resources.map(({ path }) => path) // => ["cycles.csv", "students.csv.gz"]
 */
export function dataPackage(tables: readonly PackagedTable[], options: PackageOptions = {}): DataPackage {
  const { name = "mist-study", title = "MIST study", description, version } = options;
  const among = tables.map((table) => table.name);
  return {
    $schema: "https://datapackage.org/profiles/2.0/datapackage.json",
    name,
    title,
    ...(description === undefined ? {} : { description }),
    ...(version === undefined ? {} : { version }),
    sources: Object.values(sources).map((source) => ({ title: source })),
    resources: tables.map((table) => resource(table, among)),
  };
}

function resource({ name, path = `${name}.csv`, bytes, sha256 }: PackagedTable, among: readonly TableName[]): PackageResource {
  const { label, description } = declarationOf(name);
  return {
    name,
    type: "table",
    title: label,
    description,
    path,
    format: "csv",
    mediatype: "text/csv",
    encoding: "utf-8",
    ...(path.endsWith(".gz") ? { compression: "gz" as const } : {}),
    ...(bytes === undefined ? {} : { bytes }),
    ...(sha256 === undefined ? {} : { hash: `sha256:${sha256}` }),
    schema: tableSchema(name, among),
  };
}
