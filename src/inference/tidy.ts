/**
 * The estimates as one tidy table, with the columns of R's broom.mixed (Bolker & Robinson 2022), so that a table made
 * here and one made in R can be laid side by side. null where a column does not apply.
 */
import { conditionalModes } from "../models/conditional-modes.js";
import { normalQuantile } from "../models/special/normal.js";
import type { DfMethod } from "./coefficients.js";
import { coefficients } from "./coefficients.js";
import { randomLimits } from "./confint.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partsOf } from "./parts.js";
import { randomEstimates } from "./random-estimates.js";

/** Fixed effects, random-effects parameters (standard deviations and correlations), conditional modes. */
export type TidyEffects = "fixed" | "ran_pars" | "ran_vals";

/** Which part of a generalized model: broom.mixed's names `cond`, `zi` and `disp`, and two for cumulative models. */
export type TidyComponent = "cond" | "zi" | "disp" | "thresholds" | "scale";

/** One row of broom.mixed's `tidy`. */
export interface TidyRow {
  readonly effect: TidyEffects;
  /** Rows of generalized and cumulative models only. */
  readonly component?: TidyComponent;
  readonly group: string | null;
  /** The unit, for conditional modes. */
  readonly level: string | null;
  /** `Days`; `sd__(Intercept)`, `cor__(Intercept).Days`, `sd__Observation` for random-effects parameters. */
  readonly term: string;
  readonly estimate: number | null;
  readonly "std.error": number | null;
  readonly df: number | null;
  readonly statistic: number | null;
  readonly "p.value": number | null;
  readonly "conf.low": number | null;
  readonly "conf.high": number | null;
}

/** Options of `tidy`. */
export interface TidyOptions {
  /** Default both "fixed" and "ran_pars", as broom.mixed. */
  readonly effects?: TidyEffects | readonly TidyEffects[];
  /** Coverage of the intervals (Wald; none for random-effects parameters of linear models); default none. */
  readonly conf?: number;
  /** Default "satterthwaite"; generalized models take only "none". */
  readonly df?: DfMethod;
}

/**
 * @example tidy(lmm("mAch ~ 1 + (1 | school)", hsb), { effects: "ran_pars" }).map((row) => [row.group, row.term, row.estimate])
 * // => [["school", "sd__(Intercept)", 2.93497], ["Residual", "sd__Observation", 6.25686]]
 */
export function tidy(fit: MixedFit, options: TidyOptions = {}): readonly TidyRow[] {
  const { effects = ["fixed", "ran_pars"], conf, df } = options;
  const wanted = new Set(typeof effects === "string" ? [effects] : effects);
  return [
    ...(wanted.has("fixed") ? partsOf(fit).flatMap((part) => fixedRows(fit, part, df, conf)) : []),
    ...(wanted.has("ran_pars") ? parameterRows(fit, conf) : []),
    ...(wanted.has("ran_vals") ? [...modeRows(fit, "mean", conf), ...modeRows(fit, "zi", conf)] : []),
  ];
}

const COMPONENTS: Readonly<Record<FitPart, TidyComponent>> = {
  mean: "cond",
  thresholds: "thresholds",
  zi: "zi",
  dispersion: "disp",
  scale: "scale",
};

function row(
  fit: MixedFit,
  effect: TidyEffects,
  part: FitPart,
  group: string | null,
  term: string,
  estimate: number | null,
  rest: Partial<TidyRow> = {},
): TidyRow {
  return {
    effect,
    ...(isGeneralized(fit) ? { component: COMPONENTS[part] } : {}),
    group,
    level: null,
    term,
    estimate,
    "std.error": null,
    df: null,
    statistic: null,
    "p.value": null,
    "conf.low": null,
    "conf.high": null,
    ...rest,
  };
}

function fixedRows(fit: MixedFit, part: FitPart, df: DfMethod | undefined, conf: number | undefined): TidyRow[] {
  return coefficients(fit, { part, level: conf ?? 0.95, ...(df === undefined ? {} : { df }) }).map((c) =>
    row(fit, "fixed", part, null, c.term, c.estimate, {
      "std.error": c.stdError,
      df: c.df,
      statistic: c.statistic,
      "p.value": c.pValue,
      ...(conf === undefined ? {} : { "conf.low": c.lower, "conf.high": c.upper }),
    }),
  );
}

/** Linear models end with the residual's, as broom.mixed has it. */
function parameterRows(fit: MixedFit, conf: number | undefined): TidyRow[] {
  const q = conf === undefined ? 0 : normalQuantile((1 + conf) / 2);
  const rows = [...randomEstimates(fit, "mean"), ...randomEstimates(fit, "zi")].map((estimate) => {
    const { part, group, term } = estimate;
    const { lower, upper } = randomLimits(estimate, q);
    const known = conf !== undefined && Number.isFinite(lower);
    return row(fit, "ran_pars", part, group, term, estimate.estimate, known ? { "conf.low": lower, "conf.high": upper } : {});
  });
  return isGeneralized(fit) ? rows : [...rows, row(fit, "ran_pars", "mean", "Residual", "sd__Observation", fit.sigma)];
}

function modeRows(fit: MixedFit, part: "mean" | "zi", conf: number | undefined): TidyRow[] {
  const z = conf === undefined ? 0 : normalQuantile((1 + conf) / 2);
  return conditionalModes(fit, { part }).map(({ group, level, term, estimate, stdError }) =>
    row(fit, "ran_vals", part, group, term, estimate, {
      level,
      "std.error": stdError,
      ...(conf === undefined ? {} : { "conf.low": estimate - z * stdError, "conf.high": estimate + z * stdError }),
    }),
  );
}
