/**
 * Links: the mean mu of a response as a function of its linear predictor eta, with the derivatives in eta (McCullagh & Nelder 1989,
 * section 2.2.3).
 *
 *   logit     mu = 1 / (1 + exp(-eta))       cloglog  mu = 1 - exp(-exp(eta))      log      mu = exp(eta)
 *   probit    mu = Phi(eta)                  loglog   mu = exp(-exp(-eta))         sqrt     mu = eta^2,      eta > 0
 *   cauchit   mu = 1/2 + arctan(eta) / pi    identity mu = eta                     inverse  mu = 1 / eta
 *                                                                                  1/mu^2   mu = eta^(-1/2), eta > 0
 *
 * Every value is right in the tails as far as it is a double: a probability near 0 keeps its relative accuracy, and nothing is NaN.
 */
import { normalCdf, normalQuantile } from "../special/normal.js";
import type { LinkName } from "./family.js";

export interface Link {
  readonly name: LinkName;
  /** Whether a linear predictor of this value has a mean at all; what a family asks of the mean comes on top. */
  inside(eta: number): boolean;
  /** mu */
  mean(eta: number): number;
  /** mu, mu', mu'', mu''' into `out`. */
  derivatives(eta: number, out: Float64Array): void;
  /** eta of a mean inside the link's range. */
  predictor(mu: number): number;
}

const INVERSE_SQRT_2PI = 0.3989422804014327;

const everywhere = (eta: number): boolean => Number.isFinite(eta);
const positive = (eta: number): boolean => eta > 0 && eta < Number.POSITIVE_INFINITY;

function fill(out: Float64Array, mu: number, first: number, second: number, third: number): void {
  out[0] = mu;
  out[1] = first;
  out[2] = second;
  out[3] = third;
}

const identity: Link = {
  name: "identity",
  inside: everywhere,
  mean: (eta) => eta,
  derivatives: (eta, out) => fill(out, eta, 1, 0, 0),
  predictor: (mu) => mu,
};

const log: Link = {
  name: "log",
  inside: everywhere,
  mean: Math.exp,
  derivatives(eta, out) {
    const mu = Math.exp(eta);
    fill(out, mu, mu, mu, mu);
  },
  predictor: Math.log,
};

const logit: Link = {
  name: "logit",
  inside: everywhere,
  mean: logistic,
  derivatives(eta, out) {
    const mu = logistic(eta);
    const density = mu * logistic(-eta);
    const asymmetry = Math.tanh(-0.5 * eta);
    fill(out, mu, density, density * asymmetry, density * (asymmetry * asymmetry - 2 * density));
  },
  predictor: (mu) => Math.log(mu) - Math.log1p(-mu),
};

const probit: Link = {
  name: "probit",
  inside: everywhere,
  mean: normalCdf,
  derivatives(eta, out) {
    const density = INVERSE_SQRT_2PI * Math.exp(-0.5 * eta * eta);
    fill(out, normalCdf(eta), density, -eta * density, (eta - 1) * (eta + 1) * density);
  },
  predictor: (mu) => normalQuantile(mu),
};

/** Sign 1: cloglog; sign -1: loglog, its mirror image 1 - mu(-eta). */
function extremeValue(name: LinkName, sign: 1 | -1): Link {
  return {
    name,
    inside: everywhere,
    mean: (eta) => (sign === 1 ? -Math.expm1(-Math.exp(eta)) : Math.exp(-Math.exp(-eta))),
    derivatives(eta, out) {
      const x = Math.exp(sign * eta);
      const density = Math.exp(sign * eta - x);
      const mu = sign === 1 ? -Math.expm1(-x) : Math.exp(-x);
      // From x = 750 on the density is 0 and so are its derivatives; beyond, x * x may be infinite.
      if (density === 0) fill(out, mu, 0, 0, 0);
      else fill(out, mu, density, sign * density * (1 - x), density * ((1 - x) * (1 - x) - x));
    },
    predictor: (mu) => (sign === 1 ? Math.log(-Math.log1p(-mu)) : -Math.log(-Math.log(mu))),
  };
}

const cauchit: Link = {
  name: "cauchit",
  inside: everywhere,
  mean: (eta) => Math.atan2(1, -eta) / Math.PI,
  derivatives(eta, out) {
    const scale = 1 / (1 + eta * eta);
    const density = scale / Math.PI;
    fill(out, Math.atan2(1, -eta) / Math.PI, density, -2 * eta * scale * density, (6 - 8 * scale) * scale * density);
  },
  predictor: (mu) => (mu > 0.5 ? Math.tan(Math.PI * (mu - 0.5)) : -1 / Math.tan(Math.PI * mu)),
};

const inverse: Link = {
  name: "inverse",
  inside: (eta) => eta !== 0 && Number.isFinite(eta),
  mean: (eta) => 1 / eta,
  derivatives(eta, out) {
    const mu = 1 / eta;
    fill(out, mu, -mu * mu, 2 * mu * mu * mu, -6 * mu * mu * mu * mu);
  },
  predictor: (mu) => 1 / mu,
};

const sqrt: Link = {
  name: "sqrt",
  inside: positive,
  mean: (eta) => eta * eta,
  derivatives: (eta, out) => fill(out, eta * eta, 2 * eta, 2, 0),
  predictor: Math.sqrt,
};

const inverseSquare: Link = {
  name: "1/mu^2",
  inside: positive,
  mean: (eta) => 1 / Math.sqrt(eta),
  derivatives(eta, out) {
    const mu = 1 / Math.sqrt(eta);
    fill(out, mu, (-0.5 * mu) / eta, (0.75 * mu) / eta / eta, (-1.875 * mu) / eta / eta / eta);
  },
  predictor: (mu) => 1 / (mu * mu),
};

/** 1 / (1 + exp(-eta)). */
export function logistic(eta: number): number {
  return 1 / (1 + Math.exp(-eta));
}

const LINKS: Readonly<Record<LinkName, Link>> = {
  identity,
  log,
  logit,
  probit,
  cloglog: extremeValue("cloglog", 1),
  loglog: extremeValue("loglog", -1),
  cauchit,
  inverse,
  sqrt,
  "1/mu^2": inverseSquare,
};

/**
 * The link of this name.
 * @example linkFunction("cloglog").mean(0) // => 0.6321205588285577
 */
export function linkFunction(name: LinkName): Link {
  return LINKS[name];
}
