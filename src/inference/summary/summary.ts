/**
 * A fit in words and tables: a record that prints itself.
 */
import { FitError, glmmMessages, inferenceMessages, type Note } from "../../messages.js";
import type { LinearMixedFit, RandomComponent } from "../../models/fit.js";
import type { GeneralizedMixedFit } from "../../models/generalized-fit.js";
import { type Coefficient, coefficients, type DfMethod } from "../coefficients.js";
import { dfMethodNamed } from "../df-method.js";
import { type IccRow, icc } from "../icc.js";
import { isGeneralized, type MixedFit } from "../mixed-fit.js";
import type { FitPart } from "../parts.js";
import { robustName } from "../robust-tests.js";
import type { RobustName, RobustOptions } from "../robust-types.js";
import { type GeneralizedRows, generalizedStyle } from "./generalized-style.js";
import { hlmGeneralized } from "./hlm-generalized.js";
import { hlmStyle } from "./hlm-style.js";
import { lme4Style } from "./lme4-style.js";
import { sharesOf } from "./shares.js";

/** lme4: random effects, fixed effects, fit. hlm: level equations, tau, reliabilities, fixed effects by level, robust errors, chi-squares. */
export type SummaryStyle = "lme4" | "hlm";

/** All of them, the default first. */
export const SUMMARY_STYLES: readonly SummaryStyle[] = ["lme4", "hlm"];

/** The summary as data; `text`, like `String(summary)`, is what a person reads. */
export interface Summary {
  readonly style: SummaryStyle;
  readonly df: DfMethod;
  /** How standard errors of the coefficients were made robust; null for the model's own. */
  readonly robust: RobustName | null;
  readonly coefficients: readonly Coefficient[];
  readonly random: readonly RandomComponent[];
  readonly sigma: number;
  readonly icc: readonly IccRow[];
  readonly notes: readonly Note[];
  readonly text: string;
  toString(): string;
}

/** The summary of a generalized or cumulative model; tests are z tests. */
export interface GeneralizedSummary extends GeneralizedRows {
  readonly style: SummaryStyle;
  readonly df: "none";
  /** How standard errors were made robust; null for the model's own. */
  readonly robust: RobustName | null;
  readonly random: readonly RandomComponent[];
  /** On the latent scale; none where the model has no one residual variance. */
  readonly icc: readonly IccRow[];
  /** The family's dispersion, as the fit has it. */
  readonly dispersion: number | null;
  readonly notes: readonly Note[];
  readonly text: string;
  toString(): string;
}

/** Options of `summary`. */
export interface SummaryOptions {
  /** Default "lme4". */
  readonly style?: SummaryStyle;
  /** Degrees of freedom of the tests, default "satterthwaite"; generalized models have z tests ("none"). */
  readonly df?: DfMethod;
  /**
   * Cluster-robust standard errors of the coefficients (robust.ts). Default the model's own; HLM's style then has a second table with CR0
   * and HLM's degrees of freedom where the model has a top level, and the one that was asked for otherwise.
   */
  readonly robust?: RobustOptions;
  /** Also exponentials of the coefficients with their intervals: odds ratios, rate ratios. Default false; for generalized models. */
  readonly exponentiate?: boolean;
}

/**
 * @throws FitError for a style or a method for degrees of freedom that does not exist, or that the model does not have, and for
 *   exponentials of coefficients that have no meaning (a probit link)
 * @example summary(lmm("mAch ~ 1 + (1 | school)", hsb)).text.split("\n")[0] // => "Linear mixed model fitted by REML to 7185 rows: 160 levels of school; converged."
 */
export function summary(fit: LinearMixedFit, options?: SummaryOptions): Summary;
export function summary(fit: GeneralizedMixedFit, options?: SummaryOptions): GeneralizedSummary;
export function summary(fit: MixedFit, options?: SummaryOptions): Summary | GeneralizedSummary;
export function summary(fit: MixedFit, options: SummaryOptions = {}): Summary | GeneralizedSummary {
  const style = styleNamed(options.style ?? "lme4");
  needsFit(fit);
  if (isGeneralized(fit)) return generalizedSummary(fit, style, options);
  if (options.exponentiate === true) throw new FitError(glmmMessages.noExponential("identity", "gaussian"));
  const df = dfMethodNamed(options.df ?? "satterthwaite");
  const robust = options.robust === undefined ? null : robustName(fit, options.robust);
  const rows = coefficients(fit, { df, ...(options.robust === undefined ? {} : { robust: options.robust }) });
  const text =
    style === "lme4"
      ? lme4Style(fit, rows, df, robust)
      : hlmStyle(fit, robust === null ? rows : coefficients(fit, { df }), df, robust === null ? null : { ...robust, rows, df });
  return printed({ style, df, robust, coefficients: rows, random: fit.random, sigma: fit.sigma, icc: icc(fit), notes: fit.notes, text });
}

function generalizedSummary(fit: GeneralizedMixedFit, style: SummaryStyle, options: SummaryOptions): GeneralizedSummary {
  const df = dfMethodNamed(options.df ?? "none");
  if (df !== "none") throw new FitError(glmmMessages.onlyZ(df));
  const robust = options.robust === undefined ? null : robustName(fit, options.robust);
  const rows = generalizedRows(fit, options.robust);
  // HLM prints odds ratios and rate ratios where there are any.
  const text =
    style === "lme4"
      ? generalizedStyle(fit, rows, options.exponentiate ?? false, robust)
      : hlmGeneralized(fit, robust === null ? rows : generalizedRows(fit, undefined), robust === null ? null : { ...robust, rows });
  return printed({
    style,
    df,
    robust,
    ...rows,
    random: fit.random,
    icc: sharesOf(fit),
    dispersion: fit.dispersion,
    notes: fit.notes,
    text,
  });
}

/** The coefficients of all parts. */
function generalizedRows(fit: GeneralizedMixedFit, robust: RobustOptions | undefined): GeneralizedRows {
  const options = robust === undefined ? {} : { robust };
  const tests = (part: FitPart, present: boolean): readonly Coefficient[] | null =>
    present ? coefficients(fit, { part, ...options }) : null;
  return {
    coefficients: coefficients(fit, options),
    thresholds: tests("thresholds", fit.thresholds !== null),
    zeroInflation: tests("zi", fit.zeroInflation !== null),
    dispersionModel: tests("dispersion", fit.dispersionModel !== null),
    scaleModel: tests("scale", fit.scaleModel !== null),
  };
}

/** The record, with its text where a console or a notebook prints it. */
function printed<Content extends { readonly text: string }>(record: Content): Content {
  return Object.defineProperties(record, {
    toString: { value: () => record.text },
    [Symbol.for("nodejs.util.inspect.custom")]: { value: () => record.text },
  }) as Content;
}

/** A saved fit refuses here, before anything is asked of it that it lacks. */
function needsFit({ frame }: MixedFit): void {
  if (frame === undefined) throw new FitError(inferenceMessages.notAFit("The first argument of summary"));
}

function styleNamed(name: string): SummaryStyle {
  const style = SUMMARY_STYLES.find((known) => known === name.toLowerCase());
  if (style === undefined) throw new FitError(inferenceMessages.unknownStyle(name, SUMMARY_STYLES));
  return style;
}
