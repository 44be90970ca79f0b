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
  const file = (await isDirectory(path)) ? join(path, "datapackage.json") : path;
  const description = await readJson(file);
  return readResources(file, description, options);
}

async function readResources(file: string, description: unknown, options: ParseOptions): Promise<ReadonlyMap<string, Table>> {
  const bad = (where: string, what: string): DataError => new DataError(ioMessages.inFile(file, ioMessages.badPackage(where, what)));
  const resources = (description as { resources?: unknown } | null)?.resources;
  if (!Array.isArray(resources)) throw bad("resources", "must be an array");
  const tables = new Map<string, Table>();
  for (const [k, resource] of (resources as Resource[]).entries()) {
    const name = resource?.name;
    if (typeof name !== "string" || name === "") throw bad(`resources[${k}]`, "has no name");
    if (tables.has(name)) throw bad("resources", `have the name "${name}" twice`);
    if (typeof resource.path !== "string") throw bad(`resource "${name}"`, "must have one path to a CSV file");
    const within = (relative: string): string => {
      const clean = normalize(relative);
      if (isAbsolute(clean) || clean.startsWith("..") || /^[a-z]+:/i.test(relative)) {
        throw bad(`resource "${name}"`, `points to "${relative}", which is not a file in the package`);
      }
      return join(dirname(file), clean);
    };
    const schema = typeof resource.schema === "string" ? await readSchema(within(resource.schema)) : resource.schema;
    if (typeof resource.dialect === "string") throw bad(`the dialect of resource "${name}"`, "must stand in the datapackage.json itself");
    const { delimiter, header } = resource.dialect ?? {};
    if (header === false) throw bad(`resource "${name}"`, "has a file without a header line; add one");
    const table = within(resource.path);
    const bytes = await readBytes(table);
    const own: ParseOptions = {
      ...options,
      ...(schema === undefined ? {} : { schema: schema as TableSchema }),
      ...(typeof delimiter === "string" ? { delimiter } : {}),
      ...(typeof resource.encoding === "string" && !/^utf-?(8|16)/i.test(resource.encoding) ? { encoding: resource.encoding } : {}),
    };
    tables.set(
      name,
      inFile(table, () => parseTable(bytes, own)),
    );
  }
  return tables;
}
