/**
 * Times one model in this library and prints one JSON object. Started by measure.mjs in a process of its own:
 *
 *   node bench/ours.mjs '{"name": "hsb82", "data": "x.csv", "schema": "x.schema.json", "seconds": 2}'
 *
 * The table is in memory before the clock starts. Two fits warm the process up (one, if it takes more than 2 s); then
 * fits are timed until `seconds` have passed, at least 3 (1, if slow) and at most 100. Where the first fit takes more
 * than 20 s it is the only one, and counts. reference.R does the same.
 */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { findModel } from "./models.mjs";

const request = JSON.parse(process.argv[2]);
const library = await import("../dist/esm/index.js");
const { readTable } = await import("../dist/esm/io/index.js");

const table = await readTable(request.data, { schema: request.schema });
const fitModel = findModel(request.name).engine(library, table);

const fitOnce = async () => {
  const start = performance.now();
  const fit = await fitModel();
  return { fit, ms: performance.now() - start };
};

let { fit, ms } = await fitOnce();
const times = ms > 20000 ? [ms] : [];
const slow = ms > 2000;
if (!slow) await fitOnce();

const begin = performance.now();
const wanted = () => times.length < (slow ? 1 : 3) || (times.length < 100 && performance.now() - begin < request.seconds * 1000);
while (!(times[0] > 20000) && wanted()) {
  ({ fit, ms } = await fitOnce());
  times.push(ms);
}

/** Linux keeps the peak of this very program; elsewhere the process's peak, which may include its parent's. */
function peakMegabytes() {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

process.stdout.write(
  JSON.stringify({
    nobs: fit.nobs,
    times,
    criterion: fit.criterion,
    evaluations: fit.evaluations,
    converged: fit.converged,
    peakMb: peakMegabytes(),
  }),
);
