/**
 * The whole way of a user, process start to printed table: `mist fit` on a CSV against Rscript that loads the package,
 * reads the same file, fits and prints. Processes in turn; a first pair, not counted, brings the files into memory.
 */
import path from "node:path";
import { root, runChild } from "./child.mjs";
import { filesOf } from "./files.mjs";
import { longFit } from "./measure.mjs";
import { findModel } from "./models.mjs";
import { median } from "./table.mjs";

/**
 * @param way a record of `wholeWays`
 * @param {{ withR: boolean }} options
 * @returns a row of results; `error` says what went wrong, where something did
 */
export async function measureWholeWay(way, { withR }) {
  const model = findModel(way.model);
  const { data, schema, fields } = filesOf(model);
  const ours = [];
  const reference = [];
  const mist = [path.join(root, "bin", "mist.js"), "fit", "--data", data, "--schema", schema];
  mist.push("--formula", model.formula, "--method", model.method.toLowerCase());
  const turn = [{ records: ours, run: () => runChild(process.execPath, mist) }];
  if (withR) turn.push({ records: reference, run: () => runChild("Rscript", ["--vanilla", "-e", wholeWayInR(model.r, data, fields)]) });
  try {
    for (let run = 0; run <= way.turns; run++, turn.reverse()) {
      for (const { records, run: start } of turn) if (!(records[0]?.ms > longFit)) records.push(await start());
    }
  } catch (error) {
    return { name: way.name, model: model.name, error: error.message };
  }
  const summarised = (records) => {
    const counted = records.length > 1 ? records.slice(1) : records;
    if (!counted.length) return { ms: null, mb: null };
    return { ms: median(counted.map((r) => r.ms)), mb: counted[0].peakMb === null ? null : median(counted.map((r) => r.peakMb)) };
  };
  const mine = summarised(ours);
  const theirs = summarised(reference);
  return { name: way.name, model: model.name, oursMs: mine.ms, rMs: theirs.ms, oursMb: mine.mb, rMb: theirs.mb };
}

/** What one would type; the columns' classes are named, as read.csv() is slow to find them. */
function wholeWayInR(r, data, fields) {
  const classes = fields.map(({ type, categories }) => (categories || type === "string" ? '"character"' : '"numeric"'));
  const read = `d <- read.csv(${JSON.stringify(data)}, colClasses = c(${classes.join(", ")}))`;
  return `suppressPackageStartupMessages(library(${r.package})); ${read}; print(summary(${r.fit}))`;
}
