/**
 * Student t responses (Lange, Little & Taylor 1989): mean mu, scale sigma = exp(L), nu = exp(S) degrees of freedom, z = (y - mu) / sigma,
 * p = nu / (nu + z^2), q = 1 - p, k = 1 + 1 / nu:
 *
 *   l = c(S) - log(2 pi) / 2 - L - (nu + 1) / 2 log(1 + z^2 / nu),   Var Y = sigma^2 nu / (nu - 2) for nu > 2
 *   c = log Gamma(a + 1/2) - log Gamma(a) - log(a) / 2,   a = nu / 2
 *
 * c tends to 0 for nu -> infinity, where l is the normal distribution's. The observed information is negative for |z| > sqrt(nu).
 */
import { stirlingOnLogScale } from "../special/log-gamma.js";
import { log1pMinus } from "../special/stirling.js";
import { outsideDomain, type RowFunction, throughLink, weightedRows } from "./chain.js";
import type { Family } from "./family.js";
import { linkFunction } from "./links.js";
import { checkFinite } from "./response-checks.js";
import { moments, realStart } from "./starts.js";

const HALF_LOG_2PI = 0.9189385332046728;
/** The log link's mu and its derivatives, over mu. */
const MU_OVER_MU: Float64Array = new Float64Array([1, 1, 1, 1]);

export const studentT: Family = {
  name: "student_t",
  links: ["identity", "log"],
  defaultLink: "identity",
  further: ["dispersion", "shape"],
  counts: false,
  rows(response, link) {
    checkFinite(response, "student_t");
    const y = response.values;
    const c = new Float64Array(4);
    const exponential = link === "log";
    let lastShape = Number.NaN;
    const row: RowFunction = (i, at, order, out) => {
      const mu = exponential ? Math.exp(at[0]!) : at[0]!;
      if (!Number.isFinite(mu)) return outsideDomain(3, order, out);
      const logSigma = at[1]!;
      const logNu = Math.min(at[2]!, 700);
      const nu = Math.exp(logNu);
      const inverseNu = Math.exp(-logNu);
      if (logNu !== lastShape) {
        lastShape = logNu;
        halfStep(logNu - Math.LN2, c);
      }
      const precision = Math.exp(-logSigma);
      const z = (y[i]! - mu) * precision;
      const x = z * z * inverseNu;
      const far = x > 1;
      // log(1 + x), also where z^2 overflows
      const soft = x > 1e300 ? 2 * Math.log(Math.abs(z)) - logNu : Math.log1p(x);
      const p = 1 / (1 + x);
      const q = far ? 1 / (1 + 1 / x) : x * p;
      const pulled = far ? (nu + 1) * q : z * z * p + q;
      // (nu / 2) (q - log(1 + x))
      const gap = q < 0.3 ? 0.5 * nu * log1pMinus(-q) : 0.5 * nu * (q - soft);
      out[0] = c[0]! - HALF_LOG_2PI - logSigma - 0.5 * (1 + inverseNu) * (nu * soft);
      if (order === 0) return;
      // Derivatives in mu times powers of `unit`, which is mu itself for the log link: those in mu alone may underflow.
      const unit = exponential ? mu * precision : precision;
      const k = 1 + inverseNu;
      const step = unit / z;
      const slope = far ? nu * q * step : z * p * unit;
      out[1] = k * slope;
      out[2] = pulled - 1;
      out[3] = c[1]! + gap + 0.5 * q;
      if (order >= 2) {
        const square = far ? nu * q * step * step : p * unit * unit;
        out[4] = -k * (p - q) * square;
        out[5] = -2 * k * slope * p;
        out[6] = -2 * p * pulled;
        out[7] = slope * (q - p * inverseNu);
        out[8] = q * pulled - p * q - q * q;
        out[9] = c[2]! + gap + 0.5 * (pulled - q) * q - 0.5 * p * q;
        if (order === 3) {
          const cube = far ? nu * q * q * step * step * step : inverseNu * z * p * p * unit * unit * unit;
          out[10] = -2 * k * (3 * p - q) * cube;
          out[11] = -2 * k * p * (3 * q - p) * square;
          out[14] = ((p - q) * inverseNu - k * (3 * p - q) * q) * square;
        }
      }
      if (exponential) throughLink(3, order, MU_OVER_MU, out);
    };
    return { predictors: ["mean", "dispersion", "shape"], random: [0], row: weightedRows(3, row, response.weights) };
  },
  start: realStart,
  furtherStart: (response) => [0.5 * Math.log(moments(response.values).variance), Math.log(10)],
  dispersion: Math.exp,
  mean: (link, eta) => linkFunction(link).mean(eta),
  variance(_mean, further) {
    const nu = Math.exp(further[1]!);
    return nu > 2 ? Math.exp(2 * further[0]!) / (1 - 2 / nu) : Number.POSITIVE_INFINITY;
  },
  simulate(random, mean, further) {
    const half = 0.5 * Math.exp(further[1]!);
    return mean + (Math.exp(further[0]!) * random.normal()) / Math.sqrt(random.gamma(half) / half);
  },
};

const atHalf = new Float64Array(4);

/**
 * c and its first two derivatives in A = log a, from Stirling's formula at a + 1/2 and at a, u = 1 / (2 a):
 *
 *   c = a (log(1 + u) - u) + s(a + 1/2) - s(a)
 */
function halfStep(logA: number, out: Float64Array): void {
  const a = Math.exp(Math.min(logA, 690));
  stirlingOnLogScale(logA, 2, out);
  stirlingOnLogScale(Math.log(a + 0.5), 2, atHalf);
  const share = a / (a + 0.5);
  const u = 0.5 / a;
  const main = a < 1e-300 ? -0.5 : a * log1pMinus(u);
  out[0] = main + atHalf[0]! - out[0]!;
  // d/dA of a (log(1 + u) - u) is itself plus (1 - share) / 2
  const rest = 0.5 * (1 - share);
  out[1] = main + rest + share * atHalf[1]! - out[1]!;
  out[2] = main + rest - rest * share + share * share * atHalf[2]! + share * (1 - share) * atHalf[1]! - out[2]!;
}
