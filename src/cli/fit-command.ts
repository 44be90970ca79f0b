/**
 * `mist fit`: a table and a formula in, a summary or JSON out, a saved fit on request.
 */
import type { DfMethod } from "../inference/coefficients.js";
import { toJson } from "../inference/json.js";
import { isGeneralized } from "../inference/mixed-fit.js";
import { prepareDegreesOfFreedom } from "../inference/prepare-df.js";
import { saveFit } from "../inference/saved-fit.js";
import { type SummaryStyle, summary } from "../inference/summary/summary.js";
import { writeTextFile } from "../io/files.js";
import { cliMessages } from "../messages.js";
import { chosen, DF, STYLES } from "./choices.js";
import type { Command } from "./command.js";
import { CI_OPTIONS, checkedCi, fitIntervals, intervalText, withIntervals } from "./fit-intervals.js";
import { modelKind } from "./model-kind.js";
import { checkModelOptions, givenFit, MODEL_OPTIONS } from "./model-options.js";
import { coverageOf } from "./numbers.js";
import { type GivenOptions, readOptions } from "./options.js";
import { checkRobust, ROBUST_OPTIONS, robustOf } from "./robust-options.js";
import { UsageError } from "./usage-error.js";
import { withWorkers, workersOf } from "./workers.js";

export const fitCommand: Command = {
  read: (argv) => {
    const given = readOptions(argv, {
      command: "mist fit",
      options: {
        ...MODEL_OPTIONS,
        ...ROBUST_OPTIONS,
        ...CI_OPTIONS,
        formula: "value",
        df: "value",
        style: "value",
        workers: "value",
        json: "flag",
        save: "value",
        exponentiate: "flag",
      },
    });
    // All that can be refused without the data is refused before the data are read.
    checkModelOptions(given);
    dfOf(given);
    styleOf(given);
    workersOf(given);
    checkRobust(given);
    const kind = modelKind(given);
    if (checkedCi(given) !== "bootstrap" && kind !== "linear" && given.value("workers") !== null) {
      throw new UsageError(cliMessages.notForModel("workers", kind, given.value("family")));
    }
    return given;
  },
  async run(given) {
    const df = dfOf(given);
    const ci = checkedCi(given);
    const { fit, table, readMs } = await givenFit(given, "reml");
    const robust = robustOf(given, fit, table);
    const errors = robust === null ? {} : { robust };
    const workers = workersOf(given);
    if (df === "satterthwaite" && workers > 1 && robust === null && !isGeneralized(fit)) {
      await withWorkers(workers, (pool) => prepareDegreesOfFreedom(fit, { pool }));
    }
    const intervals = ci === null ? null : await fitIntervals(fit, ci, given, { df, robust });
    const shown = { df, readMs, level: coverageOf(given), ...errors };
    let text: string;
    if (given.flag("json")) {
      const json = toJson(fit, shown);
      text = JSON.stringify(intervals === null ? json : withIntervals(json, intervals), null, 2);
    } else {
      const lines = summary(fit, { df, style: styleOf(given), exponentiate: given.flag("exponentiate"), ...errors }).text;
      text = intervals === null ? lines : `${lines}\n${intervalText(intervals, robust !== null)}`;
    }
    const path = given.value("save");
    if (path !== null) await writeTextFile(path, saveFit(fit, shown));
    return text;
  },
};

function dfOf(given: GivenOptions): DfMethod {
  return chosen(given.value("df") ?? (modelKind(given) === "linear" ? "satterthwaite" : "none"), DF) as DfMethod;
}

function styleOf(given: GivenOptions): SummaryStyle {
  return chosen(given.value("style") ?? "lme4", STYLES) as SummaryStyle;
}
