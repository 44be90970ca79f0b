/**
 * Times the models of models.mjs here and, where Rscript with lme4 is at hand, in R, in one run on one machine.
 *
 *   npm run bench                                  builds, then times everything (some minutes, nearly all of them R's)
 *   node bench/run.mjs --only 'sleep|cake'         models whose name matches
 *   node bench/run.mjs --runs 5 --seconds 3        processes of each kind a model, seconds of repetitions in a process
 *   node bench/run.mjs --write                     also writes bench/RESULTS.md
 *   node bench/run.mjs --no-r                      ours only
 *
 * Every measurement is a process of its own, ours and R's in turn, whose first fits are not counted. A time is the
 * median over processes of the median over the fits in a process. Both clocks run from a table in memory to the
 * finished fit with standard errors, degrees of freedom not included. Peak memory is that of the whole process, the
 * runtime and the reading of the table included.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { models } from "./models.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "." },
    runs: { type: "string", default: "3" },
    seconds: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
    "no-r": { type: "boolean", default: false },
  },
});
const runs = Math.max(1, Number(options.runs) || 3);
const seconds = Math.max(0, Number(options.seconds) || 2);

const scratch = mkdtempSync(path.join(os.tmpdir(), "mist-bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** The table as plain CSV and the factors' levels as R's script reads them. */
function prepare(model) {
  const source = path.join(root, model.data);
  let data = source;
  if (source.endsWith(".gz")) {
    data = path.join(scratch, path.basename(source, ".gz"));
    writeFileSync(data, gunzipSync(readFileSync(source)));
  }
  const schema = path.join(root, model.schema);
  const { fields } = JSON.parse(readFileSync(schema, "utf8"));
  const levels = path.join(scratch, `${model.name}.tsv`);
  const lines = fields.flatMap((field) => (field.categories ?? []).map((level) => `${field.name}\t${level}\n`));
  writeFileSync(levels, lines.join(""));
  return { data, schema, levels };
}

/** Runs a program; its standard output, or an Error with the last line it wrote to standard error. */
function output(program, args) {
  const result = spawnSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  if (result.error) return result.error;
  if (result.status === 0) return result.stdout;
  const lines = result.stderr.trim().split("\n");
  const line = lines.find((text) => /^\w*Error\b/.test(text)) ?? lines.at(-1) ?? "";
  return new Error(line.slice(0, 200) || `exit code ${result.status}`);
}

function timeOurs(model, files) {
  const request = { data: files.data, schema: files.schema, formula: model.formula, method: model.method, seconds };
  const text = output(process.execPath, [path.join(here, "ours.mjs"), JSON.stringify(request)]);
  return text instanceof Error ? text : JSON.parse(text);
}

function timeR(model, files) {
  const script = path.join(here, "reference.R");
  const text = output("Rscript", ["--vanilla", script, files.data, files.levels, model.formula, model.method, String(seconds)]);
  if (text instanceof Error) return text;
  const said = new Map(text.split("\n").map((line) => [line.split(" ", 1)[0], line.slice(line.indexOf(" ") + 1).trim()]));
  const numbers = (key) => said.get(key).split(/\s+/).map(Number);
  return {
    nobs: Number(said.get("nobs")),
    times: numbers("times"),
    unchecked: numbers("unchecked"),
    criterion: Number(said.get("criterion")),
    peakMb: said.has("peakMb") ? Number(said.get("peakMb")) : null,
    version: `${said.get("R")}, lme4 ${said.get("lme4")}, BLAS ${said.get("blas")}`,
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const milliseconds = (x) => (x === null ? "-" : x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));
const ratio = (a, b) => (a === null || b === null ? "-" : `1/${(b / a).toPrecision(3)}`);
const whole = (x) => (x === null ? "-" : x.toFixed(0));

function findR() {
  if (options["no-r"]) return "R was not asked for (--no-r): times of this library only.";
  const text = output("Rscript", ["--vanilla", "-e", 'cat(requireNamespace("lme4", quietly = TRUE))']);
  if (text instanceof Error) return "Rscript was not found: times of this library only, nothing to compare with.";
  return text.includes("TRUE") ? null : "R has no package lme4: times of this library only, nothing to compare with.";
}

/** One model: `runs` processes of each kind in turn, each kind first in every other run. */
function measure(model, withR) {
  const files = prepare(model);
  const ours = [];
  const reference = [];
  for (let run = 0; run < runs; run++) {
    const turn = [() => ours.push(timeOurs(model, files))];
    if (withR) turn.push(() => reference.push(timeR(model, files)));
    for (const start of run % 2 ? turn.reverse() : turn) start();
  }
  const failed = [...ours, ...reference].find((r) => r instanceof Error);
  if (failed) return { name: model.name, error: failed.message };
  const over = (records, pick) => (records.length ? median(records.map(pick)) : null);
  return {
    name: model.name,
    nobs: ours[0].nobs,
    oursMs: over(ours, (r) => median(r.times)),
    rMs: over(reference, (r) => median(r.times)),
    uncheckedMs: over(reference, (r) => median(r.unchecked)),
    evaluations: ours[0].evaluations,
    converged: ours[0].converged,
    difference: reference.length ? ours[0].criterion - reference[0].criterion : null,
    oursMb: over(ours, (r) => r.peakMb),
    rMb: reference.length && reference[0].peakMb !== null ? over(reference, (r) => r.peakMb) : null,
    version: reference[0]?.version ?? null,
  };
}

const heads = [
  "model",
  "n",
  "R ms",
  "R unchecked ms",
  "ours ms",
  "ours/R",
  "ours/R unchecked",
  "evaluations",
  "criterion, ours - R",
  "R MB",
  "ours MB",
];

function cells(row) {
  if (row.error) return [row.name, `failed: ${row.error}`, ...Array(heads.length - 2).fill("")];
  return [
    row.name,
    String(row.nobs),
    milliseconds(row.rMs),
    milliseconds(row.uncheckedMs),
    milliseconds(row.oursMs),
    ratio(row.oursMs, row.rMs),
    ratio(row.oursMs, row.uncheckedMs),
    String(row.evaluations) + (row.converged ? "" : " (not converged)"),
    row.difference === null ? "-" : row.difference.toExponential(1),
    whole(row.rMb),
    whole(row.oursMb),
  ];
}

function table(rows) {
  const lines = [heads, ...rows.map(cells)];
  const widths = heads.map((_, j) => Math.max(...lines.map((line) => (line[1].startsWith("failed") ? 0 : line[j].length))));
  const pad = (line) => `| ${line.map((cell, j) => (j ? cell.padStart(widths[j]) : cell.padEnd(widths[j]))).join(" | ")} |`;
  const rule = `|${widths.map((w, j) => (j ? `${"-".repeat(w + 1)}:` : "-".repeat(w + 2))).join("|")}|`;
  return [pad(lines[0]), rule, ...lines.slice(1).map(pad)].join("\n");
}

if (!existsSync(path.join(root, "dist/esm/index.js"))) {
  process.stderr.write("dist/esm/index.js is missing: run `npm run build` first, or `npm run bench`, which builds.\n");
  process.exit(2);
}
const only = new RegExp(options.only);
const chosen = models.filter((model) => only.test(model.name));
if (!chosen.length) {
  process.stderr.write(`no model's name matches ${options.only}; there are ${models.map((model) => model.name).join(", ")}\n`);
  process.exit(2);
}
const noR = findR();
const rows = [];
for (const model of chosen) {
  process.stderr.write(`${model.name} ... `);
  const row = measure(model, noR === null);
  process.stderr.write(row.error ? `failed: ${row.error}\n` : `ours ${milliseconds(row.oursMs)} ms, R ${milliseconds(row.rMs)} ms\n`);
  rows.push(row);
}

const cpus = os.cpus();
const machine = [
  `${cpus.length} cores, ${cpus[0]?.model.trim() || "processor unknown"}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GB, ${os.platform()} ${os.arch()}`,
  `node ${process.version}`,
  rows.find((row) => row.version)?.version ?? noR,
].filter((line) => line !== null && line !== undefined);
const explanation = [
  `Milliseconds of one fit in a warm process: the median over ${runs} processes of the median in a process, ours and R's processes in turn.`,
  "R: lmer() with its defaults; unchecked: with calc.derivs = FALSE. MB: peak memory of the process, runtime and data included.",
  "Criterion: the REML criterion or -2 log-likelihood; negative where this library found the lower value.",
];
const report = [table(rows), "", ...explanation, "", ...machine].join("\n");
process.stdout.write(`${report}\n`);

if (options.write) {
  const formulas = chosen.map((model) => `- ${model.name}: \`${model.formula}\`, ${model.method}`);
  const text = [
    "# Timings",
    "",
    "Written by `npm run bench -- --write`.",
    "",
    table(rows),
    "",
    explanation.join("\n"),
    "",
    ...machine.map((m) => `- ${m}`),
    "",
    "Models:",
    "",
    ...formulas,
    "",
  ];
  writeFileSync(path.join(here, "RESULTS.md"), text.join("\n"));
}
process.exitCode = rows.some((row) => row.error) ? 1 : 0;
