/**
 * The logarithms of a mean and of what it leaves to 1, as functions of the linear predictor.
 *
 *   M(eta) = log mu,   N(eta) = log(1 - mu),   each with three derivatives
 *
 * Log-likelihoods of counts and proportions are sums of multiples of these. In the tails, where mu rounds to 0 or 1 and quotients such as
 * mu' / mu become 0 / 0, M, N and their derivatives still have closed forms (`logNormalCdf` for probit; with x = exp(eta), cloglog has
 * N = -x and M' = x / (exp(x) - 1), the generating function of the Bernoulli numbers, DLMF 24.2.1).
 */
import { logNormalCdf } from "../special/log-normal-cdf.js";

/** A function of the linear predictor with its first `order` derivatives into `out`. */
export type WithDerivatives = (eta: number, order: number, out: Float64Array) => void;

/** A mean between 0 and 1. */
export interface UnitLink {
  inside(eta: number): boolean;
  /** M */
  readonly logMean: WithDerivatives;
  /** N */
  readonly logRest: WithDerivatives;
}

export type UnitLinkName = "logit" | "probit" | "cloglog" | "loglog" | "cauchit" | "log" | "identity";

const everywhere = (eta: number): boolean => Number.isFinite(eta);

/** f(-eta). */
function mirrored(f: WithDerivatives): WithDerivatives {
  return (eta, order, out) => {
    f(-eta, order, out);
    out[1] = -out[1]!;
    out[3] = -out[3]!;
  };
}

/** log of the logistic function. */
function logLogistic(eta: number, order: number, out: Float64Array): void {
  const e = Math.exp(-Math.abs(eta));
  out[0] = Math.min(eta, 0) - Math.log1p(e);
  if (order < 1) return;
  const larger = 1 / (1 + e);
  const smaller = e * larger;
  out[1] = eta > 0 ? smaller : larger;
  const density = smaller * larger;
  out[2] = -density;
  out[3] = eta > 0 ? density * (larger - smaller) : density * (smaller - larger);
}

/** log(1/2 + arctan(eta) / pi), with h = f / F and c = f' / f. */
function logCauchy(eta: number, order: number, out: Float64Array): void {
  const angle = Math.atan2(1, -eta);
  out[0] = Math.log(angle / Math.PI);
  if (order < 1) return;
  const scale = 1 / (1 + eta * eta);
  const h = scale / angle;
  const change = -2 * eta * scale - h;
  out[1] = h;
  out[2] = h * change;
  out[3] = h * (change * change + (2 - 4 * scale) * scale - h * change);
}

/** B_2k / (2k)!, k = 1..9: b(x) = x / (exp(x) - 1) = 1 - x / 2 + sum_k of these x^2k. */
const BERNOULLI: readonly number[] = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
  43867 / 5109094217170944000,
];

/** log(1 - exp(-x)), x = exp(eta): M' = b, M'' = x b', M''' = x b' + x^2 b''. */
function logExtreme(eta: number, order: number, out: Float64Array): void {
  const x = Math.exp(eta);
  out[0] = eta < -20 ? eta - x / 2 : x > Math.LN2 ? Math.log1p(-Math.exp(-x)) : Math.log(-Math.expm1(-x));
  if (order < 1) return;
  if (x > 745) {
    out[1] = 0;
    out[2] = 0;
    out[3] = 0;
  } else if (x > 0.75) {
    const e = Math.exp(-x);
    const rest = -Math.expm1(-x);
    // kappa = 1 / (exp(x) - 1), kappa (1 + kappa), x / (1 - exp(-x))
    const kappa = e / rest;
    const ratio = x / rest;
    out[1] = kappa * x;
    out[2] = kappa * x * (1 - ratio);
    out[3] = kappa * x * ((1 - ratio) * (1 - ratio) - ratio * (1 - kappa * x));
  } else {
    const square = x * x;
    let value = 0;
    let first = 0;
    let second = 0;
    for (let k = BERNOULLI.length; k >= 1; k--) {
      const coefficient = BERNOULLI[k - 1]!;
      value = value * square + coefficient;
      first = first * square + 2 * k * coefficient;
      second = second * square + 4 * k * k * coefficient;
    }
    out[1] = 1 - x / 2 + value * square;
    out[2] = -x / 2 + first * square;
    out[3] = -x / 2 + second * square;
  }
}

/** log exp(-x) = -exp(eta). */
function minusExp(eta: number, _order: number, out: Float64Array): void {
  const value = -Math.exp(eta);
  out[0] = value;
  out[1] = value;
  out[2] = value;
  out[3] = value;
}

function itself(eta: number, _order: number, out: Float64Array): void {
  out[0] = eta;
  out[1] = 1;
  out[2] = 0;
  out[3] = 0;
}

/** log(1 - exp(eta)), eta < 0, with kappa = 1 / (exp(-eta) - 1). */
function logRestOfExp(eta: number, _order: number, out: Float64Array): void {
  const kappa = 1 / Math.expm1(-eta);
  out[0] = eta < -Math.LN2 ? Math.log1p(-Math.exp(eta)) : Math.log(-Math.expm1(eta));
  out[1] = -kappa;
  out[2] = -kappa * (1 + kappa);
  out[3] = -kappa * (1 + kappa) * (1 + 2 * kappa);
}

/** c log eta, eta > 0: log mu of the links identity (c = 1), sqrt (2), inverse (-1) and 1/mu^2 (-1/2). */
function logPower(c: number): WithDerivatives {
  return (eta, _order, out) => {
    const slope = c / eta;
    out[0] = c * Math.log(eta);
    out[1] = slope;
    out[2] = -slope / eta;
    out[3] = (2 * slope) / eta / eta;
  };
}

/** log(1 - eta). */
function logRest(eta: number, _order: number, out: Float64Array): void {
  const slope = -1 / (1 - eta);
  out[0] = Math.log1p(-eta);
  out[1] = slope;
  out[2] = -slope * slope;
  out[3] = 2 * slope * slope * slope;
}

const UNIT_LINKS: Readonly<Record<UnitLinkName, UnitLink>> = {
  logit: { inside: everywhere, logMean: logLogistic, logRest: mirrored(logLogistic) },
  probit: { inside: everywhere, logMean: logNormalCdf, logRest: mirrored(logNormalCdf) },
  cloglog: { inside: everywhere, logMean: logExtreme, logRest: minusExp },
  loglog: { inside: everywhere, logMean: mirrored(minusExp), logRest: mirrored(logExtreme) },
  cauchit: { inside: everywhere, logMean: logCauchy, logRest: mirrored(logCauchy) },
  log: { inside: (eta) => eta < 0 && eta > Number.NEGATIVE_INFINITY, logMean: itself, logRest: logRestOfExp },
  identity: { inside: (eta) => eta > 0 && eta < 1, logMean: logPower(1), logRest: logRest },
};

export function unitLink(name: UnitLinkName): UnitLink {
  return UNIT_LINKS[name];
}

export type PositiveLinkName = "log" | "identity" | "sqrt" | "inverse" | "1/mu^2";

const POSITIVE_LINKS: Readonly<Record<PositiveLinkName, WithDerivatives>> = {
  log: itself,
  identity: logPower(1),
  sqrt: logPower(2),
  inverse: logPower(-1),
  "1/mu^2": logPower(-0.5),
};

/** M of a positive mean; every link but `log` asks for eta > 0. */
export function logOfPositiveMean(name: PositiveLinkName): WithDerivatives {
  return POSITIVE_LINKS[name];
}
