/**
 * Files as bytes and text: gzip is undone, a written file is either the old one or the whole new one.
 */
import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
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
    await rm(temporary, { force: true });
    throw new DataError(ioMessages.cannotWrite(path, reasonOf(error)));
  }
}

function readProblem(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return ioMessages.noFile(path);
  if (code === "EISDIR") return ioMessages.isDirectory(path);
  return ioMessages.cannotRead(path, reasonOf(error));
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "permission is denied";
    case "ENOENT":
      return "its directory does not exist";
    case "EISDIR":
      return "it is a directory";
    case "ENOSPC":
      return "the disk is full";
    case "ERR_FS_FILE_TOO_LARGE":
      return "it is larger than 2 GiB";
    default:
      return message;
  }
}
