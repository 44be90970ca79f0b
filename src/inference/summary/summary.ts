/**
 * A fit in words and tables: a record that prints itself.
 */
import { FitError, inferenceMessages, type Note } from "../../messages.js";
import type { LinearMixedFit, RandomComponent } from "../../models/fit.js";
import { type Coefficient, coefficients, type DfMethod } from "../coefficients.js";
import { dfMethodNamed } from "../df-method.js";
import { type IccRow, icc } from "../icc.js";
import { hlmStyle } from "./hlm-style.js";
import { lme4Style } from "./lme4-style.js";

/** lme4: random effects, fixed effects, fit. hlm: level equations, tau, reliabilities, fixed effects by level, robust errors, chi-squares. */
export type SummaryStyle = "lme4" | "hlm";

/** All of them, the default first. */
export const SUMMARY_STYLES: readonly SummaryStyle[] = ["lme4", "hlm"];

/** The summary as data; `text`, like `String(summary)`, is what a person reads. */
export interface Summary {
  readonly style: SummaryStyle;
  readonly df: DfMethod;
  readonly coefficients: readonly Coefficient[];
  readonly random: readonly RandomComponent[];
  readonly sigma: number;
  readonly icc: readonly IccRow[];
  readonly notes: readonly Note[];
  readonly text: string;
  toString(): string;
}

/** Options of `summary`. */
export interface SummaryOptions {
  /** Default "lme4". */
  readonly style?: SummaryStyle;
  /** Degrees of freedom of the tests, default "satterthwaite". */
  readonly df?: DfMethod;
}

/**
 * @throws FitError for a style or a method for degrees of freedom that does not exist
 * @example summary(lmm("mAch ~ 1 + (1 | school)", hsb)).text.split("\n")[0] // => "Linear mixed model fitted by REML to 7185 rows: 160 levels of school; converged."
 */
export function summary(fit: LinearMixedFit, options: SummaryOptions = {}): Summary {
  const style = styleNamed(options.style ?? "lme4");
  const df = dfMethodNamed(options.df ?? "satterthwaite");
  const rows = coefficients(fit, { df });
  const text = style === "hlm" ? hlmStyle(fit, rows, df) : lme4Style(fit, rows, df);
  const record = { style, df, coefficients: rows, random: fit.random, sigma: fit.sigma, icc: icc(fit), notes: fit.notes, text };
  return Object.defineProperties(record, {
    toString: { value: () => text },
    [Symbol.for("nodejs.util.inspect.custom")]: { value: () => text },
  }) as Summary;
}

function styleNamed(name: string): SummaryStyle {
  const style = SUMMARY_STYLES.find((known) => known === name.toLowerCase());
  if (style === undefined) throw new FitError(inferenceMessages.unknownStyle(name, SUMMARY_STYLES));
  return style;
}
