/**
 * Residuals of any fit, one for each row of the table.
 *
 *   response   y - fitted
 *   pearson    sqrt(w) (y - fitted) / sqrt(Var(y))        in standard deviations of an observation; linear models: sqrt(w) r / sigma
 *   deviance   sign(y - mu) sqrt(w d(y, mu))              d the unit deviance, twice what a row's log-likelihood lacks to its best
 *   scaled     where y lies among responses simulated from the model, in [0, 1] (scaled-residuals.ts)
 *
 * (McCullagh & Nelder 1989, section 2.4.) Fitted values are those with the random effects. As in R the unit deviances of the Gamma and inverse
 * Gaussian families are not divided by the dispersion. Ordered categories have the probability-scale residual P(Y < y) - P(Y > y)
 * for "response" (Li & Shepherd 2012); theirs of the other kinds but "scaled" do not exist.
 */
import { diagnosticMessages, FitError } from "../messages.js";
import { fittedValues } from "../models/fitted.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { observations } from "../models/generalized-fitted.js";
import { rowPredictors } from "../models/generalized-predictors.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { scaledResiduals } from "./scaled-residuals.js";

export type ResidualType = "response" | "pearson" | "deviance" | "scaled";

/** All of them, the default first. */
export const RESIDUAL_TYPES: readonly ResidualType[] = ["response", "pearson", "deviance", "scaled"];

/** Options of `residuals`. */
export interface ResidualOptions {
  /** Default "response". */
  readonly type?: ResidualType;
  /** Of "scaled" residuals: a whole number; needed for them, as they are drawn at random. */
  readonly seed?: number;
}

/**
 * @returns one value for each row of the table, NaN where it was not used. R: `residuals(fit, type)` of lme4 (`scaled = TRUE` for Pearson
 *   residuals of linear models) and of glmmTMB, DHARMa's `simulateResiduals(fit)` for "scaled"
 * @throws FitError for an unknown type, and for types that the family does not have
 * @example residuals(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), { type: "pearson" }).slice(0, 2) // => Float64Array [-0.1604, -0.5715]
 */
export function residuals(fit: MixedFit, { type = "response", seed }: ResidualOptions = {}): Float64Array {
  switch (type) {
    case "response":
      return fittedValues(fit).residuals;
    case "pearson":
      return pearsonResiduals(fit);
    case "deviance":
      return devianceResiduals(fit);
    case "scaled":
      if (seed === undefined) throw new FitError(diagnosticMessages.seedNeeded);
      return scaledResiduals(fit, { seed }).residuals;
    default:
      throw new FitError(diagnosticMessages.unknownResiduals(String(type), RESIDUAL_TYPES));
  }
}

function pearsonResiduals(fit: MixedFit): Float64Array {
  if (!isGeneralized(fit)) return overRows(fit, fittedValues(fit).residuals, (r, w) => (Math.sqrt(w) * r) / fit.sigma);
  const { pearson } = fittedValues(fit);
  if (pearson === null) throw new FitError(diagnosticMessages.noResiduals("pearson", fit.family));
  return pearson;
}

function devianceResiduals(fit: MixedFit): Float64Array {
  if (!isGeneralized(fit)) return overRows(fit, fittedValues(fit).residuals, (r, w) => Math.sqrt(w) * r);
  const deviance = unitDeviance(fit);
  const { family } = fit.engine;
  if (deviance === null || family === null) throw new FitError(diagnosticMessages.noResiduals("deviance", familyWords(fit)));
  const { values, sizes, weights } = observations(fit.engine, family);
  const { whole } = rowPredictors(fit.engine);
  const { rows, tableRowCount } = fit.frame;
  const out = new Float64Array(tableRowCount).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) {
    const y = values[i]!;
    const mu = family.mean(fit.link, whole[0]![i]!);
    const weight = (weights === null ? 1 : weights[i]!) * (sizes === null ? 1 : sizes[i]!);
    const d = deviance(y, mu, whole.length > 1 ? whole[1]![i]! : 0);
    out[rows[i]!] = Math.sign(y - mu) * Math.sqrt(weight * Math.max(0, d));
  }
  return out;
}

function overRows(fit: MixedFit, values: Float64Array, f: (value: number, weight: number) => number): Float64Array {
  const { rows, weights } = fit.frame;
  const out = Float64Array.from(values);
  rows.forEach((row, i) => {
    out[row] = f(values[row]!, weights === null ? 1 : weights[i]!);
  });
  return out;
}

function familyWords({ family, zeroInflation, hurdle }: GeneralizedMixedFit): string {
  return zeroInflation !== null && !hurdle ? `zero-inflated ${family}` : family;
}

/** d(y, mu) of exponential families, the dispersion's predictor as the third number; null for others and for zeros of their own. */
function unitDeviance(fit: GeneralizedMixedFit): ((y: number, mu: number, dispersion: number) => number) | null {
  if (fit.zeroInflation !== null) return null;
  switch (fit.family) {
    case "gaussian":
      return (y, mu) => (y - mu) ** 2;
    case "binomial":
      return (y, mu) => 2 * (ratioLog(y, mu) + ratioLog(1 - y, 1 - mu));
    case "poisson":
      return (y, mu) => 2 * (ratioLog(y, mu) - (y - mu));
    case "nbinom2":
      return (y, mu, dispersion) => {
        const theta = Math.exp(dispersion);
        return 2 * (ratioLog(y, mu) - (y + theta) * Math.log1p((y - mu) / (mu + theta)));
      };
    case "gamma":
      return (y, mu) => 2 * ((y - mu) / mu - Math.log(y / mu));
    case "inverse_gaussian":
      return (y, mu) => (y - mu) ** 2 / (y * mu * mu);
    default:
      return null;
  }
}

/** y log(y / mu), 0 for y = 0. */
function ratioLog(y: number, mu: number): number {
  return y === 0 ? 0 : y * Math.log(y / mu);
}
