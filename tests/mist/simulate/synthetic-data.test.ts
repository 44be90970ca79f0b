/**
 * The shipped study is what the generator gives: every table is made again and compared by hash, and what describes the tables is compared
 * word for word. Where the generator was changed on purpose: `npm run build`, then `node synthetic-data/make.mjs`.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { formatTable } from "../../../src/io/csv-write.js";
import { tableNames } from "../../../src/mist/codebook/codebook.js";
import { codebookHtml } from "../../../src/mist/codebook/codebook-html.js";
import { codebookMarkdown } from "../../../src/mist/codebook/codebook-markdown.js";
import { tableSchema } from "../../../src/mist/codebook/table-schema.js";
import { parameterNames } from "../../../src/mist/simulate/parameters.js";
import { simulate } from "../../../src/mist/simulate/simulate.js";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "synthetic-data");
const names = readdirSync(folder);
const text = (name: string): string => readFileSync(join(folder, name), "utf8");
const hash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

describe("the shipped study", () => {
  const { tables, truth } = simulate();

  test("has every table with the bytes that the generator gives", () => {
    for (const name of tableNames) {
      const packed = names.includes(`${name}.csv.gz`);
      const bytes = readFileSync(join(folder, packed ? `${name}.csv.gz` : `${name}.csv`));
      expect(hash(packed ? gunzipSync(bytes) : bytes), name).toBe(hash(formatTable(tables[name])));
    }
  });

  test("has the schemas of the codebook, and each file's size and hash in datapackage.json", () => {
    const { resources } = JSON.parse(text("datapackage.json")) as {
      resources: { name: string; path: string; bytes: number; hash: string }[];
    };
    expect(resources.map(({ name }) => name)).toEqual([...tableNames]);
    for (const { path, bytes, hash: stated } of resources) {
      const file = readFileSync(join(folder, path));
      expect([file.length, `sha256:${hash(file)}`], path).toEqual([bytes, stated]);
    }
    for (const name of tableNames)
      expect(JSON.parse(text(`${name}.schema.json`)), name).toEqual(JSON.parse(JSON.stringify(tableSchema(name))));
  });

  test("has its truth and its codebook", () => {
    expect(JSON.parse(text("truth.json"))).toEqual(JSON.parse(JSON.stringify(truth)));
    expect(text("codebook.md")).toBe(codebookMarkdown());
    expect(text("codebook.html")).toBe(codebookHtml());
  });

  test("is not larger than 10 MB", () => {
    expect(names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(10e6);
  });

  test("has a data card that says what must not be claimed, and lists every parameter", () => {
    const card = text("README.md");
    expect(card).toContain("## What must not be claimed");
    expect(parameterNames.filter((name) => !card.includes(`| ${name} |`))).toEqual([]);
  });
});
