/** Runs the command line in this process and keeps what it wrote. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "../../src/cli/mist.js";

export const root: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** A data set of the project. */
export const data = (name: string): string => join(root, "data", name);

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

export async function mist(...argv: string[]): Promise<Ran> {
  let out = "";
  let error = "";
  const code = await main(argv, {
    out: (text) => {
      out += `${text}\n`;
    },
    error: (text) => {
      error += `${text}\n`;
    },
  });
  return { code, out, error };
}

const folder = mkdtempSync(join(tmpdir(), "mist-cli-"));
let count = 0;

/** A file with this text or these bytes; returns its path. */
export function file(text: string | Uint8Array, name = "data.csv"): string {
  const path = join(folder, `${count++}-${name}`);
  writeFileSync(path, text);
  return path;
}
