/**
 * `mist fit`: a table and a formula in, a summary or JSON out, a saved fit on request.
 */
import type { DfMethod } from "../inference/coefficients.js";
import { toJson } from "../inference/json.js";
import { isGeneralized, type MixedFit } from "../inference/mixed-fit.js";
import { prepareDegreesOfFreedom } from "../inference/prepare-df.js";
import { saveFit } from "../inference/saved-fit.js";
import { type SummaryStyle, summary } from "../inference/summary/summary.js";
import { writeTextFile } from "../io/files.js";
import { createWorkerPool } from "../io/worker-pool.js";
import { cliMessages } from "../messages.js";
import { chosen, DF, METHODS, STYLES } from "./choices.js";
import type { Command } from "./command.js";
import { modelKind } from "./model-kind.js";
import { fitModel, MODEL_OPTIONS, readData, required } from "./model-options.js";
import { type GivenOptions, readOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

export const fitCommand: Command = {
  read: (argv) =>
    readOptions(argv, {
      command: "mist fit",
      options: {
        ...MODEL_OPTIONS,
        formula: "value",
        df: "value",
        style: "value",
        workers: "value",
        json: "flag",
        save: "value",
        exponentiate: "flag",
        robust: "value",
        cluster: "value",
      },
    }),
  async run(given) {
    // All that can be refused without the data is refused before the data are read.
    chosen(given.value("method") ?? "reml", METHODS);
    const kind = modelKind(given);
    for (const option of ["robust", "cluster"]) {
      if (given.value(option) !== null) throw new UsageError(cliMessages.notYet(`--${option}`));
    }
    const df = chosen(given.value("df") ?? (kind === "linear" ? "satterthwaite" : "none"), DF) as DfMethod;
    const style = chosen(given.value("style") ?? "lme4", STYLES) as SummaryStyle;
    const workers = workersOf(given);
    const formula = required(given, "formula");
    const { table, readMs } = await readData(given);
    const fit = fitModel(formula, table, given, "reml");
    if (df === "satterthwaite" && workers > 1) await prepareWithWorkers(fit, workers);
    const exponentiate = given.flag("exponentiate");
    const text = given.flag("json") ? JSON.stringify(toJson(fit, { df, readMs }), null, 2) : summary(fit, { df, style, exponentiate }).text;
    const path = given.value("save");
    if (path !== null) await writeTextFile(path, saveFit(fit, { df, readMs }));
    return text;
  },
};

/** The number after --workers; 1, the default, means that no worker is started. */
function workersOf(given: GivenOptions): number {
  const text = given.value("workers") ?? "1";
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(cliMessages.badWorkers(text));
  return Number(text);
}

async function prepareWithWorkers(fit: MixedFit, workers: number): Promise<void> {
  if (isGeneralized(fit)) return;
  const pool = createWorkerPool(workers);
  try {
    await prepareDegreesOfFreedom(fit, { pool });
  } finally {
    await pool.close();
  }
}
