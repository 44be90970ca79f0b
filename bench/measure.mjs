/**
 * The time of a fit, ours and R's: processes in turn, whose first fits are not counted (ours.mjs, reference.R). A time is
 * the median over processes of the median over the fits in a process. Both clocks run from a table in memory to the
 * finished fit with standard errors, degrees of freedom not included. Peak memory is that of the whole process, the
 * runtime and the reading of the table included.
 */
import path from "node:path";
import { runChild } from "./child.mjs";
import { filesOf } from "./files.mjs";
import { median } from "./table.mjs";

const here = import.meta.dirname;

/** A fit of more than this many milliseconds is timed once. */
export const longFit = 20_000;

/**
 * @param model a record of models.mjs
 * @param {{ runs: number, seconds: number, withR: boolean }} options processes of each kind, seconds of repetitions in each
 * @returns a row of results; `error` says what went wrong, where something did
 */
export async function measureFit(model, { runs, seconds, withR }) {
  const files = filesOf(model);
  const ours = [];
  const reference = [];
  const turn = [{ records: ours, time: timeOurs }];
  if (withR) turn.push({ records: reference, time: timeR });
  try {
    for (let run = 0; run < runs; run++, turn.reverse()) {
      for (const { records, time } of turn) {
        if (!(records[0]?.times[0] > longFit)) records.push(await time(model, files, seconds));
      }
    }
  } catch (error) {
    return { name: model.name, error: error.message };
  }
  return rowOf(model, ours, reference);
}

async function timeOurs(model, { data, schema }, seconds) {
  const { text } = await runChild(process.execPath, [
    path.join(here, "ours.mjs"),
    JSON.stringify({ name: model.name, data, schema, seconds }),
  ]);
  return JSON.parse(text);
}

async function timeR({ r }, { data, columns }, seconds) {
  const given = { data, columns, seconds, package: r.package, fit: r.fit, criterion: r.criterion, before: r.before };
  for (const [name, expression] of Object.entries(r.variants ?? {})) given[`variant:${name}`] = expression;
  const args = Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  const { text } = await runChild("Rscript", ["--vanilla", path.join(here, "reference.R"), ...args]);
  const said = new Map(text.split("\n").map((line) => [line.split(" ", 1)[0], line.slice(line.indexOf(" ") + 1).trim()]));
  const number = (key) => (said.has(key) ? Number(said.get(key)) : null);
  const numbers = (key) => said.get(key).split(/\s+/).map(Number);
  return {
    times: numbers("times"),
    variants: Object.fromEntries(Object.keys(r.variants ?? {}).map((name) => [name, numbers(`variant:${name}`)])),
    criterion: number("criterion"),
    peakMb: number("peakMb"),
    version: `${said.get("R")}, BLAS ${said.get("blas")}`,
    package: said.get("package"),
  };
}

function rowOf(model, ours, reference) {
  const over = (records, pick) => (records.length && pick(records[0]) !== null ? median(records.map(pick)) : null);
  const [mine] = ours;
  const [theirs] = reference;
  const variants = Object.keys(theirs?.variants ?? {});
  const row = {
    name: model.name,
    nobs: mine.nobs,
    oursMs: over(ours, (r) => median(r.times)),
    rMs: over(reference, (r) => median(r.times)),
    variantMs: Object.fromEntries(variants.map((name) => [name, over(reference, (r) => median(r.variants[name]))])),
    evaluations: mine.evaluations ?? null,
    difference: Number.isFinite(theirs?.criterion) && Number.isFinite(mine.criterion) ? mine.criterion - theirs.criterion : null,
    oursMb: over(ours, (r) => r.peakMb),
    rMb: over(reference, (r) => r.peakMb),
    version: theirs?.version ?? null,
    package: theirs?.package ?? null,
  };
  if (mine.converged === false) return { ...row, fault: "did not converge" };
  // A criterion is known to about 1e-12 of its size; beyond that, R has found a better fit.
  if (row.difference > 1e-6 * Math.max(1, Math.abs(mine.criterion) * 1e-6)) return { ...row, fault: "criterion above R's" };
  return row;
}
