/**
 * A fit as plain JSON with fixed names: what `mist fit --json` prints. null where a thing does not apply or is not finite.
 */

import type { Note } from "../messages.js";
import type { LinearMixedFit, RandomComponent } from "../models/fit.js";
import type { GeneralizedMixedFit, PartFit, RandomError } from "../models/generalized-fit.js";
import { anova } from "./anova.js";
import type { Coefficient, DfMethod } from "./coefficients.js";
import { coefficients } from "./coefficients.js";
import { degreesOfFreedomNotes } from "./df-notes.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import type { FitPart } from "./parts.js";
import { robustName } from "./robust-tests.js";
import type { RobustName, RobustOptions } from "./robust-types.js";

/** The version of the format; it changes when a name changes its meaning. */
export const SCHEMA_VERSION = 1;

/** A coefficient with its test and interval; `df` is null for z tests. */
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

/**
 * A variance or a covariance. Of generalized models also the standard error of log(sd), `stdErrorLog`, or of atanh(correlation),
 * `stdErrorAtanh`; null at the boundary.
 */
export type RandomJson = RandomComponent & { readonly stdErrorLog?: number | null; readonly stdErrorAtanh?: number | null };

/** A part with a linear predictor of its own. */
export interface PartJson {
  readonly fixed: readonly FixedJson[];
  readonly random: readonly RandomJson[];
}

/** A fit as JSON, as the command line prints it. */
export interface FitJson {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly model: "lmm" | "glmm" | "clmm";
  readonly formula: string;
  readonly family: string;
  readonly link: string;
  readonly method: "REML" | "ML";
  /** Quadrature points of a generalized model: 1 is the Laplace approximation. */
  readonly agq: number | null;
  /** Rows used. */
  readonly nobs: number;
  readonly droppedRows: number;
  /** Columns of a rank-deficient fixed part that were left out. */
  readonly droppedColumns: readonly string[];
  readonly weights: string | null;
  /** Offsets given apart from the formula. */
  readonly offset: readonly string[];
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
  /** null for generalized models, whose tests are z tests. */
  readonly df: DfMethod | null;
  /** How standard errors, tests and intervals of the coefficients were made robust; null for the model's own. */
  readonly robust: RobustName | null;
  readonly fixed: readonly FixedJson[];
  readonly fTests: readonly FTestJson[] | null;
  readonly thresholds: readonly FixedJson[] | null;
  readonly random: readonly RandomJson[];
  readonly residual: { readonly variance: number; readonly sd: number } | null;
  /** glmmTMB's sigma(). */
  readonly dispersion: number | null;
  /** Standard error of log(dispersion). */
  readonly dispersionStdErrorLog: number | null;
  /** Degrees of freedom of the t family. */
  readonly shape: number | null;
  /** Standard error of log(shape). */
  readonly shapeStdErrorLog: number | null;
  /** Coefficients of the dispersion's formula, log scale. */
  readonly dispersionModel: PartJson | null;
  readonly zeroInflation: PartJson | null;
  /** Whether `zeroInflation` is of a hurdle. */
  readonly hurdle: boolean;
  /** Coefficients of a cumulative model's latent scale, log scale. */
  readonly scaleModel: PartJson | null;
  readonly notes: readonly Note[];
  readonly timing: { readonly readMs: number | null; readonly fitMs: number };
}

/** Options of `toJson`. */
export interface JsonOptions {
  /** Degrees of freedom of tests and intervals of linear models, default "satterthwaite". */
  readonly df?: DfMethod;
  /** Coverage of the intervals, default 0.95. */
  readonly level?: number;
  /** Cluster-robust standard errors, tests and intervals (robust.ts). Default the model's own. */
  readonly robust?: RobustOptions;
  /** Milliseconds that reading the table took, where it was read. */
  readonly readMs?: number;
}

/**
 * @example toJson(lmm("mAch ~ 1 + (1 | school)", hsb)).residual // => { variance: 39.14832, sd: 6.25686 }
 */
export function toJson(fit: MixedFit, { df = "satterthwaite", level = 0.95, robust, readMs }: JsonOptions = {}): FitJson {
  return {
    schemaVersion: SCHEMA_VERSION,
    model: fit.model,
    formula: fit.formula,
    family: fit.family,
    link: fit.link,
    method: fit.method,
    agq: isGeneralized(fit) ? fit.agq : null,
    nobs: fit.nobs,
    droppedRows: fit.droppedRows,
    droppedColumns: [...fit.droppedColumns],
    weights: fit.frame.weightsName,
    offset: (fit.frame.recipe.offsets ?? []).map(({ text }) => text),
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
    robust: robust === undefined ? null : robustName(fit, robust),
    ...(isGeneralized(fit) ? generalizedParts(fit, level, robust) : linearParts(fit, df, level, robust)),
    notes: [...fit.notes, ...(robust === undefined ? degreesOfFreedomNotes(fit, df) : [])].map(({ code, message }) => ({ code, message })),
    timing: { readMs: readMs ?? null, fitMs: fit.timing.fitMs },
  };
}

/** What depends on the kind of model. */
type Parts = Pick<
  FitJson,
  | "df"
  | "fixed"
  | "fTests"
  | "thresholds"
  | "random"
  | "residual"
  | "dispersion"
  | "dispersionStdErrorLog"
  | "shape"
  | "shapeStdErrorLog"
  | "dispersionModel"
  | "zeroInflation"
  | "hurdle"
  | "scaleModel"
>;

function linearParts(fit: LinearMixedFit, df: DfMethod, level: number, robust: RobustOptions | undefined): Parts {
  const errors = robust === undefined ? {} : { robust };
  return {
    df,
    fixed: coefficients(fit, { df, level, ...errors }).map(fixedJson),
    fTests: anova(fit, { df, ...errors }).map((f) => ({
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
    dispersionStdErrorLog: null,
    shape: null,
    shapeStdErrorLog: null,
    dispersionModel: null,
    zeroInflation: null,
    hurdle: false,
    scaleModel: null,
  };
}

function generalizedParts(fit: GeneralizedMixedFit, level: number, robust: RobustOptions | undefined): Parts {
  const errors = robust === undefined ? {} : { robust };
  const tests = (part: FitPart): FixedJson[] => coefficients(fit, { part, level, ...errors }).map(fixedJson);
  const part = (name: FitPart, of: PartFit | null): PartJson | null =>
    of === null ? null : { fixed: tests(name), random: of.random.map((component, k) => randomJson(component, of.randomErrors[k])) };
  return {
    df: null,
    fixed: tests("mean"),
    fTests: null,
    thresholds: fit.thresholds === null ? null : tests("thresholds"),
    random: fit.random.map((component, k) => randomJson(component, fit.randomErrors[k])),
    residual: fit.family === "gaussian" && fit.dispersion !== null ? { variance: fit.dispersion ** 2, sd: fit.dispersion } : null,
    dispersion: finite(fit.dispersion),
    dispersionStdErrorLog: finite(fit.dispersionError?.stdError ?? null),
    shape: finite(fit.shape),
    shapeStdErrorLog: finite(fit.shapeError?.stdError ?? null),
    dispersionModel: part("dispersion", fit.dispersionModel),
    zeroInflation: part("zi", fit.zeroInflation),
    hurdle: fit.hurdle,
    scaleModel: part("scale", fit.scaleModel),
  };
}

function randomJson(component: RandomComponent, error: RandomError | undefined): RandomJson {
  const stdError = finite(error?.stdError ?? null);
  return "term2" in component ? { ...component, stdErrorAtanh: stdError } : { ...component, stdErrorLog: stdError };
}

function fixedJson(c: Coefficient): FixedJson {
  return {
    term: c.term,
    estimate: finite(c.estimate),
    stdError: finite(c.stdError),
    statistic: finite(c.statistic),
    df: finite(c.df),
    pValue: finite(c.pValue),
    lower: finite(c.lower),
    upper: finite(c.upper),
  };
}

/** The number, or null where it is NaN or infinite, which JSON cannot say. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
