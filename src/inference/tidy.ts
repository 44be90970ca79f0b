/**
 * The estimates as one tidy table, with the columns of R's broom.mixed (Bolker & Robinson 2022), so that a table made
 * here and one made in R can be laid side by side. null where a column does not apply.
 */
import { conditionalModes } from "../models/conditional-modes.js";
import type { LinearMixedFit } from "../models/fit.js";
import type { DfMethod } from "./coefficients.js";
import { coefficients } from "./coefficients.js";
import { normalQuantile } from "../models/special/normal.js";

/** Fixed effects, random-effects parameters (standard deviations and correlations), conditional modes. */
export type TidyEffects = "fixed" | "ran_pars" | "ran_vals";

/** One row of broom.mixed's `tidy`. */
export interface TidyRow {
  readonly effect: TidyEffects;
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
  /** Coverage of the intervals (Wald; none for random-effects parameters); default none. */
  readonly conf?: number;
  /** Default "satterthwaite". */
  readonly df?: DfMethod;
}

/**
 * @example tidy(lmm("mAch ~ 1 + (1 | school)", hsb), { effects: "ran_pars" }).map((row) => [row.group, row.term, row.estimate])
 * // => [["school", "sd__(Intercept)", 2.93497], ["Residual", "sd__Observation", 6.25686]]
 */
export function tidy(fit: LinearMixedFit, options: TidyOptions = {}): readonly TidyRow[] {
  const { effects = ["fixed", "ran_pars"], conf, df = "satterthwaite" } = options;
  const wanted = new Set(typeof effects === "string" ? [effects] : effects);
  return [
    ...(wanted.has("fixed") ? fixedRows(fit, df, conf) : []),
    ...(wanted.has("ran_pars") ? parameterRows(fit) : []),
    ...(wanted.has("ran_vals") ? modeRows(fit, conf) : []),
  ];
}

function row(effect: TidyEffects, group: string | null, term: string, estimate: number | null, rest: Partial<TidyRow> = {}): TidyRow {
  return {
    effect,
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

function fixedRows(fit: LinearMixedFit, df: DfMethod, conf: number | undefined): TidyRow[] {
  return coefficients(fit, { df, level: conf ?? 0.95 }).map((c) =>
    row("fixed", null, c.term, c.estimate, {
      "std.error": c.stdError,
      df: c.df,
      statistic: c.statistic,
      "p.value": c.pValue,
      ...(conf === undefined ? {} : { "conf.low": c.lower, "conf.high": c.upper }),
    }),
  );
}

/** In the order of the lower triangle, column by column: sd of the first effect, its correlations, sd of the second, ... */
function parameterRows(fit: LinearMixedFit): TidyRow[] {
  const rows = fit.randomTerms.flatMap(({ group, covariance, effects, sigma }) => {
    const size = effects.length;
    return effects.flatMap((effect, b) => {
      const sd = Math.sqrt(sigma[b * size + b]!);
      const own = row("ran_pars", group, `sd__${effect}`, sd);
      if (covariance === "diagonal") return [own];
      const correlations = effects.slice(b + 1).map((other, k) => {
        const a = b + 1 + k;
        const scale = sd * Math.sqrt(sigma[a * size + a]!);
        return row("ran_pars", group, `cor__${effect}.${other}`, scale > 0 ? sigma[b * size + a]! / scale : null);
      });
      return [own, ...correlations];
    });
  });
  return [...rows, row("ran_pars", "Residual", "sd__Observation", fit.sigma)];
}

function modeRows(fit: LinearMixedFit, conf: number | undefined): TidyRow[] {
  const z = conf === undefined ? 0 : normalQuantile((1 + conf) / 2);
  return conditionalModes(fit).map(({ group, level, term, estimate, stdError }) =>
    row("ran_vals", group, term, estimate, {
      level,
      "std.error": stdError,
      ...(conf === undefined ? {} : { "conf.low": estimate - z * stdError, "conf.high": estimate + z * stdError }),
    }),
  );
}
