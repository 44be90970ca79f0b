/**
 * One row about a whole fit, with the columns of R's broom.mixed.
 */
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/**
 * `REMLcrit` for REML fits, `deviance` for ML fits, as broom.mixed; the other is null. The deviance of a generalized model is -2 log-likelihood,
 * not the sum of squared deviance residuals that lme4 prints for them.
 */
export interface Glance {
  readonly nobs: number;
  /** Residual standard deviation; of generalized models glmmTMB's sigma(), null where there is none or it has a formula. */
  readonly sigma: number | null;
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
export function glance(fit: MixedFit): Glance {
  return {
    nobs: fit.nobs,
    sigma: isGeneralized(fit) ? fit.dispersion : fit.sigma,
    logLik: fit.logLik,
    AIC: fit.aic,
    BIC: fit.bic,
    REMLcrit: fit.method === "REML" ? fit.criterion : null,
    deviance: fit.method === "ML" ? fit.criterion : null,
    "df.residual": fit.nobs - fit.npar,
  };
}
