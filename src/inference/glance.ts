/**
 * One row about a whole fit, with the columns of R's broom.mixed.
 */
import type { LinearMixedFit } from "../models/fit.js";

/** `REMLcrit` for REML fits, `deviance` for ML fits, as broom.mixed; the other is null. */
export interface Glance {
  readonly nobs: number;
  readonly sigma: number;
  readonly logLik: number;
  readonly AIC: number;
  readonly BIC: number;
  readonly REMLcrit: number | null;
  readonly deviance: number | null;
  /** nobs less the number of parameters, as lme4 counts. */
  readonly "df.residual": number;
}

/**
 * @example glance(lmm("mAch ~ 1 + (1 | school)", hsb))
 * // => { nobs: 7185, sigma: 6.25686, logLik: -23558.397, AIC: 47122.793, BIC: 47143.433, REMLcrit: 47116.793, deviance: null, "df.residual": 7182 }
 */
export function glance(fit: LinearMixedFit): Glance {
  return {
    nobs: fit.nobs,
    sigma: fit.sigma,
    logLik: fit.logLik,
    AIC: fit.aic,
    BIC: fit.bic,
    REMLcrit: fit.method === "REML" ? fit.criterion : null,
    deviance: fit.method === "ML" ? fit.criterion : null,
    "df.residual": fit.nobs - fit.npar,
  };
}
