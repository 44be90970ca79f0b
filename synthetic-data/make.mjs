// Makes this folder again: the study (`mist simulate --out synthetic-data --force`), the printed codebook, and the table of
// parameters in the data card. Usage: npm run build, then node synthetic-data/make.mjs [folder of the compiled sources]
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const build = resolve(process.argv[2] ?? join(here, "..", "dist", "esm"));
const load = (path) => import(pathToFileURL(join(build, path)).href);

const { writeSimulatedStudy } = await load("io/write-simulated-study.js");
const { codebookMarkdown } = await load("mist/codebook/codebook-markdown.js");
const { codebookHtml } = await load("mist/codebook/codebook-html.js");
const { parameters } = await load("mist/simulate/parameters.js");

const { tables, bytes } = await writeSimulatedStudy(here, {}, { replace: true });
writeFileSync(join(here, "codebook.md"), codebookMarkdown());
writeFileSync(join(here, "codebook.html"), codebookHtml());

const table = ["| name | default | basis | meaning |", "|---|---|---|---|"];
for (const [name, { value, basis, meaning }] of Object.entries(parameters)) table.push(`| ${name} | ${value} | ${basis} | ${meaning} |`);
const card = readFileSync(join(here, "README.md"), "utf8");
const parts = /(<!-- parameters -->\n)[\s\S]*(\n<!-- end of parameters -->)/;
if (!parts.test(card)) throw new Error("README.md has no place for the parameters");
writeFileSync(
  join(here, "README.md"),
  card.replace(parts, (_, start, end) => `${start}\n${table.join("\n")}\n${end}`),
);
console.log(`${tables.length} tables, ${(bytes / 1e6).toFixed(1)} MB`);
