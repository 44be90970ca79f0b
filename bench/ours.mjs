/**
 * Times one model in this library and prints one JSON object. Started by run.mjs in a process of its own:
 *
 *   node bench/ours.mjs '{"data": "x.csv", "schema": "x.schema.json", "formula": "...", "method": "REML", "seconds": 3}'
 *
 * The table is in memory before the clock starts. Two fits warm the process up (one, if it takes more than two
 * seconds); then fits are timed until `seconds` have passed, at least 3 (1, if slow) and at most 100.
 */
import { performance } from "node:perf_hooks";

const model = JSON.parse(process.argv[2]);
const { lmm } = await import("../dist/esm/index.js");
const { readTable } = await import("../dist/esm/io/index.js");

const table = await readTable(model.data, { schema: model.schema });

const fitOnce = () => {
  const start = performance.now();
  const fit = lmm(model.formula, table, { method: model.method });
  return { fit, ms: performance.now() - start };
};

let { fit, ms } = fitOnce();
const slow = ms > 2000;
if (!slow) fitOnce();

const times = [];
const begin = performance.now();
while (times.length < (slow ? 1 : 3) || (times.length < 100 && performance.now() - begin < model.seconds * 1000)) {
  ({ fit, ms } = fitOnce());
  times.push(ms);
}

process.stdout.write(
  JSON.stringify({
    nobs: fit.nobs,
    times,
    criterion: fit.criterion,
    evaluations: fit.evaluations,
    converged: fit.converged,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
