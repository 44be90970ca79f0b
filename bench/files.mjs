/**
 * The files that a model is read from: plain CSV and a schema for this library, and the columns' kinds for R.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { root } from "./child.mjs";
import { generate } from "./generate.mjs";

/** Generated tables stay here: out of version control, and gone with node_modules. */
const cache = path.join(root, "node_modules", ".cache", "mist-bench");

const scratch = mkdtempSync(path.join(os.tmpdir(), "mist-bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** Paths `data` (plain CSV), `schema` and `columns` (see reference.R), and the schema's `fields`. */
export function filesOf(model) {
  const { data, schema } =
    typeof model.data === "string"
      ? { data: plain(path.join(root, model.data)), schema: path.join(root, model.schema) }
      : generate(model.data.design, model.data.size, cache);
  const { fields } = JSON.parse(readFileSync(schema, "utf8"));
  const columns = path.join(scratch, `${model.name}.tsv`);
  writeFileSync(columns, fields.flatMap(columnLines).join(""));
  return { data, schema, columns, fields };
}

function plain(source) {
  if (!source.endsWith(".gz")) return source;
  const unpacked = path.join(scratch, path.basename(source, ".gz"));
  writeFileSync(unpacked, gunzipSync(readFileSync(source)));
  return unpacked;
}

function columnLines({ name, type, categories }) {
  if (type === "number" || type === "integer") return categories ? factorLines(name, categories) : [`${name}\tnumber\t\n`];
  return factorLines(name, categories ?? [""]);
}

const factorLines = (name, levels) => levels.map((level) => `${name}\tfactor\t${level}\n`);
