/**
 * Times this library beside R, in one run on one machine; without Rscript or its packages, this library alone.
 *
 *   npm run bench                              builds, then measures everything
 *   node bench/run.mjs --only 'sleep|cake'     the models, whole ways and growth series whose name matches
 *   node bench/run.mjs --quick                 leaves out what takes minutes: R on the million students, sizes beyond 20 s
 *   node bench/run.mjs --runs 5 --seconds 3    processes of each kind a model, seconds of repetitions in a process
 *   node bench/run.mjs --write [--to FILE]     also writes the report, to bench/RESULTS.md unless FILE is given
 *   node bench/run.mjs --no-r                  ours only
 *
 * Fits in a warm process are measure.mjs, process start to printed table whole-way.mjs, growth with size growth.mjs, the dense
 * kernels kernel-speed.mjs;
 * what is measured stands in models.mjs. The exit code is 1 where a fit fails, does not converge or ends above R's
 * criterion, else 0.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./child.mjs";
import { measureGrowth } from "./growth.mjs";
import { machineLines, whyNoR } from "./machine.mjs";
import { measureFit } from "./measure.mjs";
import { growths, models, wholeWays } from "./models.mjs";
import { faultLines, growthSection, kernelsSection, markdown, modelsSection, plainText, wholeWaySection } from "./report.mjs";
import { milliseconds } from "./table.mjs";
import { measureWholeWay } from "./whole-way.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "." },
    runs: { type: "string", default: "3" },
    seconds: { type: "string", default: "2" },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    to: { type: "string", default: path.join(root, "bench", "RESULTS.md") },
    "no-r": { type: "boolean", default: false },
  },
});
const runs = Math.max(1, Number(values.runs) || 3);
const seconds = Math.max(0, Number(values.seconds));

const stop = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(2);
};
if (!existsSync(path.join(root, "dist/esm/index.js"))) {
  stop("dist/esm/index.js is missing: run `npm run build` first, or `npm run bench`, which builds.");
}
const only = new RegExp(values.only);
const chosen = (records) => records.filter(({ name }) => only.test(name));
if (!only.test("kernels") && ![models, wholeWays, growths].some((records) => chosen(records).length)) {
  stop(
    `no name matches ${values.only}; there are ${[...models, ...wholeWays, ...growths, { name: "kernels" }].map(({ name }) => name).join(", ")}`,
  );
}

const packages = [...new Set(models.map((model) => model.r.package))];
const noR = values["no-r"] ? "R was not asked for (--no-r): times of this library only." : await whyNoR(packages);
if (noR) process.stderr.write(`${noR}\n`);
const options = { runs, seconds, withR: noR === null, quick: values.quick };
const inR = (model) => options.withR && !(options.quick && model.large);
const tell = (row) => {
  const said = row.error ? `failed: ${row.error}` : `ours ${milliseconds(row.oursMs)} ms, R ${milliseconds(row.rMs)} ms`;
  process.stderr.write(`${row.name}: ${said}\n`);
};
const began = performance.now();

const fits = [];
for (const model of chosen(models)) {
  const row = await measureFit(model, { ...options, withR: inR(model) });
  tell(row);
  fits.push(row);
}
const ways = [];
for (const way of chosen(wholeWays)) {
  const row = await measureWholeWay(way, { withR: inR(models.find(({ name }) => name === way.model)) });
  tell(row);
  ways.push(row);
}
const series = [];
for (const growth of chosen(growths)) series.push({ growth, rows: await measureGrowth(growth, options, fits, tell) });

// The kernels come from the build, which stands by now.
const kernels = only.test("kernels") ? (await import("./kernel-speed.mjs")).measureKernels([128, 512, 1024, 2048], 0.4) : [];
const sections = [
  ...(fits.length ? [modelsSection(fits, options)] : []),
  ...(ways.length ? [wholeWaySection(ways, options)] : []),
  ...series.map(({ growth, rows }) => growthSection(growth, rows, options)),
  ...(kernels.length ? [kernelsSection(kernels)] : []),
];
const rows = [...fits, ...ways, ...series.flatMap((one) => one.rows)];
const machine = [...machineLines(rows, noR), `the whole run took ${((performance.now() - began) / 60_000).toFixed(1)} minutes`];
process.stdout.write(plainText(sections, machine));

if (values.write) {
  const given = process.argv.slice(2).map((argument) => (/^[\w./=-]+$/.test(argument) ? argument : `'${argument}'`));
  const formulas = chosen(models).map(({ name, formula, method }) => `${name}: \`${formula}\`${method ? `, ${method}` : ""}`);
  writeFileSync(values.to, markdown(sections, machine, ["node bench/run.mjs", ...given].join(" "), formulas));
}
const faults = [...new Set(faultLines(rows))];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length ? 1 : 0;
