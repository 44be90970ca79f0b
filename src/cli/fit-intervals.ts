/**
 * `mist fit --ci`: confidence intervals of a fit by standard errors, by profile likelihood or by a parametric bootstrap.
 */
import { bootstrap } from "../inference/bootstrap.js";
import { bootstrapIntervals } from "../inference/bootstrap-intervals.js";
import { type BootstrapCounts, bootstrapCounts } from "../inference/bootstrap-record.js";
import { confint } from "../inference/confint.js";
import type { DfMethod } from "../inference/df-method.js";
import type { Interval } from "../inference/interval.js";
import type { FitJson, FixedJson } from "../inference/json.js";
import { isGeneralized, type MixedFit } from "../inference/mixed-fit.js";
import { profileInTurns, profileIntervals } from "../inference/profile.js";
import type { RobustOptions } from "../inference/robust-types.js";
import { noteLines } from "../inference/summary/comparison-text.js";
import { wrapped } from "../inference/summary/text-table.js";
import { cliMessages, type Note } from "../messages.js";
import { CI, chosen } from "./choices.js";
import { intervalLines, percent } from "./interval-table.js";
import { coverageOf, givenReplicates, givenSeed, replicatesOf, seedOf } from "./numbers.js";
import type { GivenOptions, OptionRule } from "./options.js";
import { withProgress } from "./progress.js";
import { UsageError } from "./usage-error.js";
import { withWorkers, workersOf } from "./workers.js";

export const CI_OPTIONS: Readonly<Record<string, OptionRule>> = { ci: "value", replicates: "value", seed: "value", conf: "value" };

export type CiMethod = "wald" | "profile" | "bootstrap";

/** Intervals, and how they were made. */
export interface FitIntervals {
  readonly method: CiMethod;
  readonly level: number;
  readonly intervals: readonly Interval[];
  /** Of a bootstrap. */
  readonly seed: number | null;
  readonly counts: BootstrapCounts | null;
  readonly notes: readonly Note[];
}

/** What can be refused without the data; the method asked for, null for none. */
export function checkedCi(given: GivenOptions): CiMethod | null {
  const ci = given.value("ci");
  const method = ci === null ? null : (chosen(ci, CI) as CiMethod);
  coverageOf(given);
  if (method !== "bootstrap") {
    for (const [name, value] of [
      ["replicates", givenReplicates(given)],
      ["seed", givenSeed(given)],
    ] as const) {
      if (value !== null) throw new UsageError(cliMessages.onlyBootstrap(`--${name}`));
    }
  }
  if (method !== null && method !== "wald" && given.value("robust") !== null) throw new UsageError(cliMessages.robustIsWald(method));
  seedOf(given);
  replicatesOf(given);
  return method;
}

/** Everything that the method has intervals of: by standard errors of a linear model the coefficients alone. */
export async function fitIntervals(
  fit: MixedFit,
  method: CiMethod,
  given: GivenOptions,
  { df, robust }: { readonly df: DfMethod; readonly robust: RobustOptions | null },
): Promise<FitIntervals> {
  const level = coverageOf(given);
  const plain = { method, level, seed: null, counts: null, notes: [] };
  switch (method) {
    case "wald": {
      const part = isGeneralized(fit) ? "all" : "mean";
      return { ...plain, intervals: confint(fit, { level, df, part, ...(robust === null ? {} : { robust }) }) };
    }
    case "profile": {
      const profile = await withProgress(cliMessages.profileProgress, (run) =>
        profileInTurns(fit, { level, part: "all", reach: 0, ...run }),
      );
      return { ...plain, intervals: profileIntervals(profile), notes: profile.notes };
    }
    case "bootstrap": {
      const seed = seedOf(given);
      const record = await withProgress(cliMessages.bootstrapProgress, (run) =>
        withWorkers(workersOf(given), (pool) =>
          bootstrap(fit, { type: "parametric", seed, replicates: replicatesOf(given), ...run, pool }),
        ),
      );
      return { ...plain, seed, counts: bootstrapCounts(record), intervals: bootstrapIntervals(record, { level }) };
    }
  }
}

/** The fit's JSON with these limits in the place of the usual ones, and the intervals of everything. */
export function withIntervals(json: FitJson, own: FitIntervals): object {
  const { method, level, seed, counts, intervals, notes } = own;
  const limited = (rows: readonly FixedJson[], part: Interval["part"]): readonly FixedJson[] => {
    const of = intervals.filter((interval) => interval.part === part && interval.group === undefined);
    return rows.map((row, k) => {
      const found = of[k]?.term === row.term ? of[k] : of.find(({ term }) => term === row.term);
      return found === undefined ? row : { ...row, lower: finiteOf(found.lower), upper: finiteOf(found.upper) };
    });
  };
  const partOf = <Part extends { readonly fixed: readonly FixedJson[] }>(of: Part | null, part: Interval["part"]): Part | null =>
    of === null ? null : { ...of, fixed: limited(of.fixed, part) };
  return {
    ...json,
    fixed: limited(json.fixed, undefined),
    thresholds: json.thresholds === null ? null : limited(json.thresholds, "thresholds"),
    dispersionModel: partOf(json.dispersionModel, "dispersion"),
    zeroInflation: partOf(json.zeroInflation, "zi"),
    scaleModel: partOf(json.scaleModel, "scale"),
    ci: { method, level, replicates: counts?.done ?? null, seed, counts },
    intervals: intervals.map(({ term, part, group, estimate, lower, upper, bounds }) => ({
      term,
      part: part ?? "mean",
      group: group ?? null,
      estimate: finiteOf(estimate),
      lower: finiteOf(lower),
      upper: finiteOf(upper),
      bounds: bounds ?? [],
    })),
    notes: [...json.notes, ...notes.map(({ code, message }) => ({ code, message }))],
  };
}

function finiteOf(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** What follows the summary. */
export function intervalText({ method, level, seed, counts, intervals, notes }: FitIntervals, robust: boolean): string {
  return [
    "",
    cliMessages.intervalHeading(percent(level), robust ? "robust" : method),
    ...intervalLines(intervals),
    ...(counts === null ? [] : wrapped(cliMessages.bootstrapCounts(counts, seed), 110, "", "  ")),
    ...noteLines(notes),
  ].join("\n");
}
