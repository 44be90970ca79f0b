/**
 * `mist fit`: a table and a formula in, a summary or JSON out, a saved fit on request.
 */
import type { DfMethod } from "../inference/coefficients.js";
import { toJson } from "../inference/json.js";
import { prepareDegreesOfFreedom } from "../inference/prepare-df.js";
import { saveFit } from "../inference/saved-fit.js";
import { type SummaryStyle, summary } from "../inference/summary/summary.js";
import { writeTextFile } from "../io/files.js";
import { createWorkerPool } from "../io/worker-pool.js";
import { cliMessages } from "../messages.js";
import type { LinearMixedFit } from "../models/fit.js";
import { chosen, DF, FAMILIES, LINKS, METHODS, STYLES } from "./choices.js";
import type { Command } from "./command.js";
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
        family: "value",
        link: "value",
        df: "value",
        style: "value",
        workers: "value",
        json: "flag",
        save: "value",
        agq: "later",
        zi: "later",
        robust: "later",
        cluster: "later",
      },
    }),
  async run(given) {
    // All that can be refused without the data is refused before the data are read.
    chosen(given.value("family") ?? "gaussian", FAMILIES);
    chosen(given.value("link") ?? "identity", LINKS);
    chosen(given.value("method") ?? "reml", METHODS);
    const df = chosen(given.value("df") ?? "satterthwaite", DF) as DfMethod;
    const style = chosen(given.value("style") ?? "lme4", STYLES) as SummaryStyle;
    const workers = workersOf(given);
    const formula = required(given, "formula");
    const { table, readMs } = await readData(given);
    const fit = fitModel(formula, table, given, "reml");
    if (df === "satterthwaite" && workers > 1) await prepareWithWorkers(fit, workers);
    const text = given.flag("json") ? JSON.stringify(toJson(fit, { df, readMs }), null, 2) : summary(fit, { df, style }).text;
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

async function prepareWithWorkers(fit: LinearMixedFit, workers: number): Promise<void> {
  const pool = createWorkerPool(workers);
  try {
    await prepareDegreesOfFreedom(fit, { pool });
  } finally {
    await pool.close();
  }
}
