/**
 * Files as bytes and text: gzip is undone, a written file is either the old one or the whole new one.
 */
import { randomBytes } from "node:crypto";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { DataError, ioMessages } from "../messages.js";

/**
 * The bytes of a file; a gzip file (known by its first bytes) is decompressed.
 *
 * @throws DataError where there is no such file, it cannot be read, or its compression is damaged
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new DataError(readProblem(path, error));
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return promisify(gunzip)(bytes).catch(() => {
    throw new DataError(ioMessages.badGzip(path));
  });
}

/**
 * A JSON file as a value.
 *
 * @throws DataError where it cannot be read or is not JSON
 */
export async function readJson(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(ioMessages.badJson(path, (error as Error).message));
  }
}

/**
 * Writes text in UTF-8 under a temporary name beside `path`, then renames: a reader never sees half a file. A name that ends in
 * `.gz` is compressed.
 *
 * @throws DataError where the file cannot be written
 */
export async function writeTextFile(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
  const bytes = path.endsWith(".gz") ? await promisify(gzip)(text) : text;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // what is told is why it could not be written
    throw new DataError(ioMessages.cannotWrite(path, (await isDirectory(path)) ? ioMessages.reason("EISDIR", "") : reasonOf(error)));
  }
}

/** Whether there is a directory of this name. */
export async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * The names of what is in a directory, sorted.
 *
 * @throws DataError where it cannot be read
 */
export async function namesIn(path: string): Promise<readonly string[]> {
  const names = await readdir(path).catch((error: unknown) => {
    throw new DataError(readProblem(path, error));
  });
  return names.sort();
}

function readProblem(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return ioMessages.noFile(path);
  if (code === "EISDIR") return ioMessages.isDirectory(path);
  return ioMessages.cannotRead(path, reasonOf(error));
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return ioMessages.reason(code ?? "", message);
}
