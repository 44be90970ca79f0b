/**
 * A study to a folder: one CSV file a table (large ones compressed), each with its Table Schema, and the datapackage.json that names
 * them all. Tables may come in parts, so that a study larger than memory is written while it is made.
 *
 * Everything is written in a folder of its own beside the final files and renamed when it is whole: a reader never sees half a study,
 * and what fails or is stopped leaves nothing behind. The same tables give the same bytes, compressed ones too.
 */
import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError, ioMessages, simulateMessages } from "../messages.js";
import { type TableName, tableNames } from "../mist/codebook/codebook.js";
import { dataPackage, type PackageOptions } from "../mist/codebook/data-package.js";
import type { Study } from "../mist/codebook/study.js";
import { tableSchema } from "../mist/codebook/table-schema.js";
import { formatTable } from "./csv-write.js";
import { isDirectory } from "./files.js";
import { compressFile } from "./write-study-gzip.js";

/** How a study is written. */
export interface WriteStudyOptions {
  /** Whether the folder may hold other files; those of the same names are replaced. Default false. */
  readonly replace?: boolean;
  /** Which tables are compressed: those of half a megabyte or more (default), all, or none. */
  readonly compress?: "large" | "all" | "none";
  /** What datapackage.json says of the study. */
  readonly package?: PackageOptions;
  /** Further files by name, made when all rows are counted. */
  readonly files?: (counts: ReadonlyMap<TableName, number>) => Readonly<Record<string, string>>;
}

/** One table as written. */
export interface WrittenTable {
  readonly name: TableName;
  /** The file's name in the folder. */
  readonly path: string;
  readonly rows: number;
  /** Size of the file as it is. */
  readonly bytes: number;
  /** SHA-256 of the CSV text, compressed or not, in hexadecimal digits. */
  readonly sha256: string;
}

/** What was written. */
export interface WrittenStudy {
  readonly folder: string;
  readonly tables: readonly WrittenTable[];
  /** Size of all files. */
  readonly bytes: number;
}

/** Tables from this size on are compressed. */
const LARGE = 500_000;

/**
 * Writes a study. Tables without rows are left out.
 *
 * @param folder is made where it does not exist
 * @param study a study, or its parts one after the other: their rows are put one below the other
 * @throws DataError where the folder holds other files and `replace` is not given, or where it cannot be written; whatever the parts throw
 * @example await writeStudy("out", simulate({ preset: "tiny" }).tables)
 */
export async function writeStudy(folder: string, study: Study | Iterable<Study>, options: WriteStudyOptions = {}): Promise<WrittenStudy> {
  const existed = await prepareFolder(folder, options.replace === true);
  const work = join(folder, `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await mkdir(work);
    const written = await writeParts(work, isParts(study) ? study : [study]);
    const tables = await finishTables(work, written, options.compress ?? "large");
    let bytes = await writeDescriptions(work, tables, options);
    for (const { bytes: size } of tables) bytes += size;
    await moveIn(work, folder);
    return {
      folder,
      tables: tables.map(({ name, path, rows, bytes: size, sha256 }) => ({ name, path, rows, bytes: size, sha256 })),
      bytes,
    };
  } catch (error) {
    await rm(existed ? work : folder, { recursive: true, force: true }).catch(() => {}); // what is told is what went wrong first
    throw systemProblem(error, folder);
  }
}

function isParts(study: Study | Iterable<Study>): study is Iterable<Study> {
  return Symbol.iterator in study;
}

/** @returns whether the folder was there before */
async function prepareFolder(folder: string, replace: boolean): Promise<boolean> {
  const existed = await isDirectory(folder);
  if (existed) {
    const names = await readdir(folder);
    if (names.length > 0 && !replace) throw new DataError(simulateMessages.folderNotEmpty(folder, names.sort()));
    return true;
  }
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new DataError(simulateMessages.notAFolder(folder));
    throw systemProblem(error, folder);
  });
  return false;
}

/** A table while its parts come. */
interface OpenTable {
  readonly name: TableName;
  readonly file: FileHandle;
  readonly hash: ReturnType<typeof createHash>;
  rows: number;
  bytes: number;
}

async function writeParts(work: string, parts: Iterable<Study>): Promise<OpenTable[]> {
  const tables = new Map<TableName, OpenTable>();
  try {
    for (const part of parts) {
      for (const name of tableNames) {
        const table = part[name];
        if (table === undefined || table.rowCount === 0) continue;
        let own = tables.get(name);
        const text = formatTable(table);
        const chunk = own === undefined ? text : text.slice(text.indexOf("\n") + 1);
        if (own === undefined) {
          own = { name, file: await open(join(work, `${name}.csv`), "w"), hash: createHash("sha256"), rows: 0, bytes: 0 };
          tables.set(name, own);
        }
        const bytes = Buffer.from(chunk, "utf8");
        await own.file.writeFile(bytes);
        own.hash.update(bytes);
        own.rows += table.rowCount;
        own.bytes += bytes.length;
      }
    }
  } finally {
    await Promise.all([...tables.values()].map(({ file }) => file.close()));
  }
  return tableNames.flatMap((name) => tables.get(name) ?? []);
}

interface FinishedTable extends WrittenTable {
  /** SHA-256 of the file as it is. */
  readonly fileSha256: string;
}

async function finishTables(work: string, tables: readonly OpenTable[], compress: "large" | "all" | "none"): Promise<FinishedTable[]> {
  const finished: FinishedTable[] = [];
  for (const { name, hash, rows, bytes } of tables) {
    const sha256 = hash.digest("hex");
    const path = `${name}.csv`;
    if (compress === "all" || (compress === "large" && bytes >= LARGE)) {
      const packed = await compressFile(join(work, path), join(work, `${path}.gz`));
      await rm(join(work, path));
      finished.push({ name, path: `${path}.gz`, rows, bytes: packed.bytes, sha256, fileSha256: packed.sha256 });
    } else finished.push({ name, path, rows, bytes, sha256, fileSha256: sha256 });
  }
  return finished;
}

/** Schemas, the descriptor and further files. @returns their size */
async function writeDescriptions(work: string, tables: readonly FinishedTable[], options: WriteStudyOptions): Promise<number> {
  const names = tables.map(({ name }) => name);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const packaged = tables.map(({ name, path, bytes, fileSha256 }) => ({ name, path, bytes, sha256: fileSha256 }));
  const texts: [string, string][] = [
    ...names.map((name): [string, string] => [`${name}.schema.json`, json(tableSchema(name, names))]),
    ["datapackage.json", json(dataPackage(packaged, options.package))],
    ...Object.entries(options.files?.(new Map(tables.map(({ name, rows }) => [name, rows]))) ?? {}),
  ];
  let bytes = 0;
  for (const [name, text] of texts) {
    await writeFile(join(work, name), text);
    bytes += Buffer.byteLength(text, "utf8");
  }
  return bytes;
}

/** Puts the files in their place, the descriptor last, and takes away older forms of the same tables. */
async function moveIn(work: string, folder: string): Promise<void> {
  const names = (await readdir(work)).sort((a, b) => Number(a === "datapackage.json") - Number(b === "datapackage.json"));
  const present = new Set(await readdir(folder));
  for (const name of tableNames) {
    for (const old of [`${name}.csv`, `${name}.csv.gz`, `${name}.schema.json`]) {
      if (present.has(old) && !names.includes(old)) await rm(join(folder, old));
    }
  }
  for (const name of names) await rename(join(work, name), join(folder, name));
  await rm(work, { recursive: true });
}

/** Errors of the file system in words; others as they are. */
function systemProblem(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (!(error instanceof Error) || typeof code !== "string") return error;
  return new DataError(ioMessages.cannotWrite(folder, ioMessages.reason(code, error.message)));
}
