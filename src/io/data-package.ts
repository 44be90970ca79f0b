/**
 * A Frictionless Data Package: a directory with a datapackage.json that names its tables, their files, schemas and dialects.
 */
import { dirname, isAbsolute, join, normalize } from "node:path";
import type { Table } from "../data/table.js";
import { DataError, ioMessages } from "../messages.js";
import { type ParseOptions, parseTable } from "./csv.js";
import { isDirectory, readBytes, readJson } from "./files.js";
import { inFile, readSchema } from "./read-table.js";
import type { TableSchema } from "./schema.js";

interface Resource {
  readonly name: string;
  readonly path?: unknown;
  readonly data?: unknown;
  readonly schema?: unknown;
  readonly encoding?: unknown;
  readonly dialect?: { readonly delimiter?: unknown; readonly header?: unknown };
}

/**
 * The tables of a data package by their resources' names, in the package's order.
 *
 * @param path the directory, or its datapackage.json
 * @param options for all tables; a resource's own schema, delimiter and encoding come first
 * @throws DataError for what cannot be read, and for paths that lead out of the directory
 * @example const lessons = (await readDataPackage("synthetic-data")).get("lessons")
 */
export async function readDataPackage(path: string, options: Omit<ParseOptions, "schema"> = {}): Promise<ReadonlyMap<string, Table>> {
  const tables = new Map<string, Table>();
  for (const { name, file, schema, reading } of await packageResources(path)) {
    const known = typeof schema === "string" ? await readSchema(schema) : schema;
    const bytes = await readBytes(file);
    // What is no schema is refused when the table is read.
    const own: ParseOptions = { ...options, ...(known === undefined ? {} : { schema: known as TableSchema }), ...reading };
    tables.set(
      name,
      inFile(file, () => parseTable(bytes, own)),
    );
  }
  return tables;
}

/** One table of a data package: where it is and how it is read. */
export interface PackageResource {
  readonly name: string;
  /** The CSV file. */
  readonly file: string;
  /** The path of the schema's file, or what stands in its place. */
  readonly schema?: unknown;
  /** The resource's own delimiter and encoding, where it names them. */
  readonly reading: Pick<ParseOptions, "delimiter" | "encoding">;
}

/**
 * The resources of a data package in its order; no table is read.
 *
 * @param path the directory, or its datapackage.json
 * @throws DataError where the package cannot be read or a path leads out of the directory
 */
export async function packageResources(path: string): Promise<readonly PackageResource[]> {
  const file = (await isDirectory(path)) ? join(path, "datapackage.json") : path;
  const description = await readJson(file);
  const bad = (where: string, what: string): DataError => new DataError(ioMessages.inFile(file, ioMessages.badPackage(where, what)));
  const resources = (description as { resources?: unknown } | null)?.resources;
  if (!Array.isArray(resources)) throw bad("resources", "must be an array");
  const names = new Set<string>();
  return (resources as Resource[]).map((resource, k) => {
    const name = resource?.name;
    if (typeof name !== "string" || name === "") throw bad(`resources[${k}]`, "has no name");
    if (names.has(name)) throw bad("resources", `have the name "${name}" twice`);
    names.add(name);
    if (typeof resource.path !== "string") throw bad(`resource "${name}"`, "must have one path to a CSV file");
    const within = (relative: string): string => {
      const clean = normalize(relative);
      if (isAbsolute(clean) || clean.startsWith("..") || /^[a-z]+:/i.test(relative)) {
        throw bad(`resource "${name}"`, `points to "${relative}", which is not a file in the package`);
      }
      return join(dirname(file), clean);
    };
    const schema = typeof resource.schema === "string" ? within(resource.schema) : resource.schema;
    if (typeof resource.dialect === "string") throw bad(`the dialect of resource "${name}"`, "must stand in the datapackage.json itself");
    const { delimiter, header } = resource.dialect ?? {};
    if (header === false) throw bad(`resource "${name}"`, "has a file without a header line; add one");
    const { encoding } = resource;
    return {
      name,
      file: within(resource.path),
      ...(schema === undefined ? {} : { schema }),
      reading: {
        ...(typeof delimiter === "string" ? { delimiter } : {}),
        ...(typeof encoding === "string" && !/^utf-?(8|16)/i.test(encoding) ? { encoding } : {}),
      },
    };
  });
}
