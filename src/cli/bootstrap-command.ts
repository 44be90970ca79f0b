/**
 * `mist bootstrap`: how the estimates of a model vary when the data are drawn again. With `--out` the record is saved while it runs, and the
 * same command goes on from there.
 */
import { type BootstrapPlan, resumeBootstrap, startBootstrap } from "../inference/bootstrap.js";
import { type BootstrapInterval, bootstrapIntervals } from "../inference/bootstrap-intervals.js";
import { type BootstrapCounts, type BootstrapRecord, type BootstrapType, bootstrapCounts } from "../inference/bootstrap-record.js";
import type { Interval } from "../inference/interval.js";
import { SCHEMA_VERSION } from "../inference/json.js";
import type { MixedFit } from "../inference/mixed-fit.js";
import { formatColumn } from "../inference/summary/numbers.js";
import { onOneLine, wrapped, wrappedSum } from "../inference/summary/text-table.js";
import { AbortError, cliMessages, FitError } from "../messages.js";
import { type BootstrapFile, bootstrapFile, bootstrapIn } from "./bootstrap-file.js";
import { BOOTSTRAP_INTERVALS, BOOTSTRAP_TYPES, type Choices, chosen } from "./choices.js";
import type { Command } from "./command.js";
import { intervalLines, percent } from "./interval-table.js";
import { checkModelOptions, givenFit, MODEL_OPTIONS } from "./model-options.js";
import { coverageOf, givenReplicates, givenSeed, replicatesOf, seedOf } from "./numbers.js";
import { type GivenOptions, readOptions } from "./options.js";
import { type LongRun, withProgress } from "./progress.js";
import { UsageError } from "./usage-error.js";
import { withWorkers, workersOf } from "./workers.js";

const RANDOM_EFFECTS: Choices = { what: "choice for --random-effects", known: ["new", "conditional"], later: [] };

export const bootstrapCommand: Command = {
  read: (argv) => {
    const given = readOptions(argv, {
      command: "mist bootstrap",
      options: {
        ...MODEL_OPTIONS,
        formula: "value",
        type: "value",
        replicates: "value",
        seed: "value",
        cluster: "value",
        "random-effects": "value",
        interval: "value",
        conf: "value",
        workers: "value",
        out: "value",
        json: "flag",
      },
    });
    checkModelOptions(given);
    const { type } = planOf(given, null);
    if (given.value("random-effects") !== null && given.value("type") !== null && type !== "parametric") {
      throw new UsageError(cliMessages.onlyParametric(type));
    }
    const drawn = given.value("type") === null || type === "cluster";
    if (given.value("cluster") !== null && !drawn && intervalOf(given) !== "bca") throw new UsageError(cliMessages.clusterIsDrawn(type));
    intervalOf(given);
    coverageOf(given);
    workersOf(given);
    return given;
  },
  async run(given) {
    const { fit } = await givenFit(given, "reml");
    const path = given.value("out");
    const begun = recordOf(fit, given, path, path === null ? null : await bootstrapIn(path));
    const file = path === null ? null : await bootstrapFile(path, begun);
    const record = await withProgress(cliMessages.bootstrapProgress, (run) => finished(fit, begun, file, given, run));
    const level = coverageOf(given);
    const kind = intervalOf(given);
    const intervals = bootstrapIntervals(record, { level, kind });
    return given.flag("json")
      ? JSON.stringify(bootstrapJson(record, intervals, kind, level), null, 2)
      : bootstrapText(record, intervals, kind, level, path);
  },
};

function intervalOf(given: GivenOptions): BootstrapInterval {
  return chosen(given.value("interval") ?? "percentile", BOOTSTRAP_INTERVALS) as BootstrapInterval;
}

/** What the options ask for; what they leave open is as in the file, where there is one. */
function planOf(given: GivenOptions, held: BootstrapRecord | null): BootstrapPlan & { readonly replicates: number } {
  const randomEffects = given.value("random-effects");
  const cluster = given.value("cluster") ?? held?.cluster ?? null;
  return {
    type: chosen(given.value("type") ?? held?.type ?? "parametric", BOOTSTRAP_TYPES) as BootstrapType,
    seed: held === null ? seedOf(given) : (givenSeed(given) ?? held.seed),
    replicates: held === null ? replicatesOf(given) : (givenReplicates(given) ?? held.replicates),
    randomEffects:
      randomEffects === null ? (held?.randomEffects ?? "new") : (chosen(randomEffects, RANDOM_EFFECTS) as "new" | "conditional"),
    ...(cluster === null ? {} : { cluster }),
    jackknife: intervalOf(given) === "bca" || (held !== null && held.leftOut > 0),
  };
}

/** A record of which nothing is done yet, or that of the file as far as it has come. */
function recordOf(fit: MixedFit, given: GivenOptions, path: string | null, held: BootstrapRecord | null): BootstrapRecord {
  const begun = startBootstrap(fit, planOf(given, held));
  if (held === null || path === null) return begun;
  for (const what of ["type", "seed", "randomEffects", "cluster"] as const) {
    // A cluster is a matter of the replicates only where units are drawn; else of the jackknife, which may come later.
    if (what === "cluster" && begun.type !== "cluster" && held.leftOut === 0) continue;
    if (held[what] !== begun[what]) throw new UsageError(cliMessages.otherBootstrap(path, what, String(held[what]), String(begun[what])));
  }
  if (held.replicates > begun.replicates) throw new UsageError(cliMessages.fewerReplicates(path, held.replicates, begun.replicates));
  if (held.formula !== begun.formula || held.family !== begun.family || held.method !== begun.method || held.data !== begun.data) {
    throw new UsageError(cliMessages.bootstrapOfOther(path, held.formula));
  }
  if (JSON.stringify(held.terms) !== JSON.stringify(begun.terms)) throw new UsageError(cliMessages.bootstrapOfOther(path, held.formula));
  return { ...begun, done: held.done, jackknife: held.jackknife };
}

async function finished(
  fit: MixedFit,
  begun: BootstrapRecord,
  file: BootstrapFile | null,
  given: GivenOptions,
  run: LongRun,
): Promise<BootstrapRecord> {
  try {
    const record = await withWorkers(workersOf(given), (pool) =>
      resumeBootstrap(fit, begun, { ...run, pool, ...(file === null ? {} : { onReplicates: keeping(file, run.signal) }) }),
    );
    await file?.finish();
    return record;
  } catch (error) {
    if (!(error instanceof AbortError)) throw error;
    await file?.finish();
    throw new FitError(file === null ? error.message : cliMessages.bootstrapStopped(given.value("out")!));
  }
}

/** What fails once the work was stopped failed because of that, and is done again. */
function keeping(file: BootstrapFile, signal: AbortSignal): BootstrapFile["add"] {
  return (replicates, of) => file.add(signal.aborted ? replicates.filter(({ values }) => values !== null) : replicates, of);
}

interface Spread {
  readonly mean: number;
  readonly sd: number;
}

/** Mean and standard deviation of a term over the replicates that have it. */
function spreadOf({ done }: BootstrapRecord, k: number): Spread {
  const values = done.flatMap(({ values: own }) => (own === null || own[k] === null || own[k] === undefined ? [] : [own[k]]));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

function bootstrapJson(record: BootstrapRecord, intervals: readonly Interval[], kind: BootstrapInterval, level: number): object {
  const { formula, family, method, type, randomEffects, cluster, seed, replicates } = record;
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: "bootstrap",
    formula,
    family,
    method,
    type,
    randomEffects: type === "parametric" ? randomEffects : null,
    cluster,
    seed,
    replicates,
    counts: bootstrapCounts(record),
    interval: kind,
    level,
    terms: intervals.map(({ term, part, group, estimate, lower, upper, bounds }, k) => {
      const { mean, sd } = spreadOf(record, k);
      return {
        term,
        part: part ?? "mean",
        group: group ?? null,
        estimate,
        bias: mean - estimate,
        stdError: sd,
        lower,
        upper,
        bounds: bounds ?? [],
      };
    }),
  };
}

function bootstrapText(
  record: BootstrapRecord,
  intervals: readonly Interval[],
  kind: BootstrapInterval,
  level: number,
  path: string | null,
): string {
  const spreads = intervals.map((_, k) => spreadOf(record, k));
  const counts: BootstrapCounts = bootstrapCounts(record);
  return [
    cliMessages.bootstrapOpening(record.type, counts.done, record.seed, record.type === "cluster" ? record.cluster : null),
    ...wrappedSum(onOneLine(record.formula), "", "    "),
    "",
    cliMessages.bootstrapHeading(percent(level), kind),
    ...intervalLines(intervals, [
      { heading: "Bias", cells: formatColumn(spreads.map(({ mean }, k) => mean - intervals[k]!.estimate)) },
      { heading: "Std. Error", cells: formatColumn(spreads.map(({ sd }) => sd)) },
    ]),
    "",
    ...wrapped(cliMessages.bootstrapCounts(counts), 110, "", "  "),
    ...(path === null ? [] : [cliMessages.bootstrapSaved(path)]),
  ].join("\n");
}
