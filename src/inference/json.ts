/**
 * A fit as plain JSON with fixed names: what `mist fit --json` prints. null where a thing does not apply or is not finite.
 */

import type { Note } from "../messages.js";
import type { LinearMixedFit, RandomComponent } from "../models/fit.js";
import { anova } from "./anova.js";
import type { DfMethod } from "./coefficients.js";
import { coefficients } from "./coefficients.js";

/** The version of the format; it changes when a name changes its meaning. */
export const SCHEMA_VERSION = 1;

/** A fixed effect with its test and interval. */
export interface FixedJson {
  readonly term: string;
  readonly estimate: number | null;
  readonly stdError: number | null;
  readonly statistic: number | null;
  readonly df: number | null;
  readonly pValue: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** A type III F test. */
export interface FTestJson {
  readonly term: string;
  readonly numDF: number | null;
  readonly denDF: number | null;
  readonly statistic: number | null;
  readonly pValue: number | null;
}

/** A fit as JSON, as the command line prints it. */
export interface FitJson {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly model: "lmm";
  readonly formula: string;
  readonly family: "gaussian";
  readonly link: "identity";
  readonly method: "REML" | "ML";
  /** Rows used. */
  readonly nobs: number;
  readonly droppedRows: number;
  /** Columns of a rank-deficient fixed part that were left out. */
  readonly droppedColumns: readonly string[];
  readonly weights: string | null;
  /** Number of levels by grouping factor. */
  readonly groups: Readonly<Record<string, number>>;
  readonly logLik: number | null;
  /** REML criterion or -2 log-likelihood. */
  readonly criterion: number | null;
  readonly aic: number | null;
  readonly bic: number | null;
  readonly npar: number;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly gradientNorm: number | null;
  readonly evaluations: number;
  readonly df: DfMethod;
  readonly fixed: readonly FixedJson[];
  readonly fTests: readonly FTestJson[];
  readonly thresholds: null;
  readonly random: readonly RandomComponent[];
  readonly residual: { readonly variance: number; readonly sd: number };
  readonly dispersion: null;
  readonly zeroInflation: null;
  readonly notes: readonly Note[];
  readonly timing: { readonly readMs: number | null; readonly fitMs: number };
}

/** Options of `toJson`. */
export interface JsonOptions {
  /** Degrees of freedom of tests and intervals, default "satterthwaite". */
  readonly df?: DfMethod;
  /** Coverage of the intervals, default 0.95. */
  readonly level?: number;
  /** Milliseconds that reading the table took, where it was read. */
  readonly readMs?: number;
}

/**
 * @example toJson(lmm("mAch ~ 1 + (1 | school)", hsb)).residual // => { variance: 39.14832, sd: 6.25686 }
 */
export function toJson(fit: LinearMixedFit, { df = "satterthwaite", level = 0.95, readMs }: JsonOptions = {}): FitJson {
  return {
    schemaVersion: SCHEMA_VERSION,
    model: fit.model,
    formula: fit.formula,
    family: fit.family,
    link: fit.link,
    method: fit.method,
    nobs: fit.nobs,
    droppedRows: fit.droppedRows,
    droppedColumns: [...fit.droppedColumns],
    weights: fit.frame.weightsName,
    // fromEntries defines properties, so that a factor named `__proto__` is a name like any other.
    groups: Object.fromEntries(fit.groups.map(({ name, levels }) => [name, levels])),
    logLik: finite(fit.logLik),
    criterion: finite(fit.criterion),
    aic: finite(fit.aic),
    bic: finite(fit.bic),
    npar: fit.npar,
    converged: fit.converged,
    singular: fit.singular,
    gradientNorm: finite(fit.gradientNorm),
    evaluations: fit.evaluations,
    df,
    fixed: coefficients(fit, { df, level }).map((c) => ({
      term: c.term,
      estimate: finite(c.estimate),
      stdError: finite(c.stdError),
      statistic: finite(c.statistic),
      df: finite(c.df),
      pValue: finite(c.pValue),
      lower: finite(c.lower),
      upper: finite(c.upper),
    })),
    fTests: anova(fit, { df }).map((f) => ({
      term: f.term,
      numDF: finite(f.numDF),
      denDF: finite(f.denDF),
      statistic: finite(f.statistic),
      pValue: finite(f.pValue),
    })),
    thresholds: null,
    random: fit.random.map((component) => ({ ...component })),
    residual: { variance: fit.sigma * fit.sigma, sd: fit.sigma },
    dispersion: null,
    zeroInflation: null,
    notes: fit.notes.map(({ code, message }) => ({ code, message })),
    timing: { readMs: readMs ?? null, fitMs: fit.timing.fitMs },
  };
}

/** The number, or null where it is NaN or infinite, which JSON cannot say. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
