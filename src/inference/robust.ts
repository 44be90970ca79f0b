/**
 * Cluster-robust covariance matrix of the fixed effects: the sandwich of Liang & Zeger (1986), right in large samples of clusters also
 * where the variances and covariances of the model are not.
 *
 *   V = f M (sum_j s_j s_j') M,   M = vcov(beta),   s_j = X_j'V_j^-1 A_j' e_j   (robust-moments.ts)
 *
 *   CR0    A = I, f = 1: too small where clusters are few; what HLM prints
 *   CR1    f = J / (J - 1)
 *   CR1p   f = J / (J - p)
 *   CR1S   f = J (N - 1) / ((J - 1)(N - p)): Stata's for regressions
 *   CR2    A undoes the bias that the estimation of beta brings into the residuals (Bell & McCaffrey 2002): unbiased where the model
 *          is right, whatever the number of clusters
 *
 * Degrees of freedom are Satterthwaite's with the model's own covariance as working model (Pustejovsky & Tipton 2018, eq. 13): with
 * S_j = target, g_j = cross c and q_j = g_j'M g_j,
 *
 *   df = E^2 / { sum s_j^2 - 2 sum s_j q_j + tr[(M sum g_j g_j')^2] },   s_j = c'S_j c,   E = sum (s_j - q_j)
 *
 * R: clubSandwich's vcovCR and coef_test. Of generalized and cumulative models see robust-generalized.ts.
 */
import { FitError, robustMessages } from "../messages.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, partOf } from "./parts.js";
import { type Clusters, clustersOf } from "./robust-clusters.js";
import { generalizedRobust } from "./robust-generalized.js";
import { type ClusterMoments, userTransform, visitClusters } from "./robust-moments.js";
import { type RobustCovariance, type RobustOptions, type RobustType, robustTypeOf } from "./robust-types.js";

/**
 * The robust covariance of the fixed effects with degrees of freedom for each of them: `vcovCR` and `coef_test` of R's clubSandwich. Weights of
 * rows are part of the working model.
 *
 * @param options `part`: whose coefficients, default the mean's; of generalized models only
 * @throws FitError for an unknown type or factor, for random effects that tie clusters together (crossed factors), for fewer than two
 *   clusters, for CR1p with no more clusters than coefficients, and for generalized models fitted otherwise than by Laplace's approximation
 * @example Array.from(robustCovariance(lmm("mAch ~ 1 + (1 | school)", hsb), { type: "CR0" }).stdErrors) // => [0.24363]
 * @example Array.from(robustCovariance(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).df) // => [17, 17]
 */
export function robustCovariance(fit: MixedFit, options: RobustOptions & { readonly part?: FitPart } = {}): RobustCovariance {
  const clusters = clustersOf(fit, options.cluster ?? null);
  const type = robustTypeOf(fit.model, options.type);
  if (isGeneralized(fit)) return generalizedRobust(fit, type, clusters, options.part ?? "mean");
  partOf(fit, options.part ?? "mean");
  const factor = correction(fit, type, clusters);
  const { p } = fit.engine.problem.structure;
  const terms = fit.fixed.map(({ term }) => term);
  const transform = userTransform(fit);
  // Row j of K: coefficient j as a contrast of the coefficients in which M is the identity.
  const contrasts = terms.map((_, j) => Float64Array.from({ length: p }, (_entry, a) => transform[a * p + j]!));
  const sums = contrasts.map(() => contrastSums(p));
  const vcov = new Float64Array(p * p);
  const own = new Float64Array(p);
  visitClusters(fit, clusters, type === "CR2", (moments) => {
    contrasts.forEach((contrast, j) => {
      own[j] = dot(contrast, moments.score);
      addContrast(sums[j]!, contrast, moments);
    });
    for (let b = 0; b < p; b++) for (let a = 0; a < p; a++) vcov[b * p + a]! += factor * own[a]! * own[b]!;
  });
  const df = Float64Array.from(sums, (sum, j) => degreesOfFreedom(sum, contrasts[j]!));
  const stdErrors = Float64Array.from(df, (value, a) => (Number.isNaN(value) ? Number.NaN : Math.sqrt(vcov[a * p + a]!)));
  return { type, cluster: clusters.name, clusters: clusters.count, terms, vcov, stdErrors, df };
}

/** f. @throws FitError for CR1p with no more clusters than coefficients */
export function correction(fit: MixedFit, type: RobustType, { count, name }: Pick<Clusters, "count" | "name">): number {
  const p = fit.fixed.length;
  switch (type) {
    case "CR0":
    case "CR2":
      return 1;
    case "CR1":
      return count / (count - 1);
    case "CR1p":
      if (count <= p) throw new FitError(robustMessages.tooFewForCr1p(name, count, p));
      return count / (count - p);
    case "CR1S":
      return (count * (fit.nobs - 1)) / ((count - 1) * (fit.nobs - p));
  }
}

/**
 * Robust variance and degrees of freedom of one contrast; both NaN where a single cluster tells of it.
 *
 * @param each calls with the moments of one cluster after another
 * @param contrast of the coefficients in which M is the identity
 */
export function robustContrast(
  each: (visit: (moments: ClusterMoments) => void) => void,
  contrast: Float64Array,
  factor: number,
): { readonly variance: number; readonly df: number } {
  const sums = contrastSums(contrast.length);
  let variance = 0;
  each((moments) => {
    variance += factor * dot(contrast, moments.score) ** 2;
    addContrast(sums, contrast, moments);
  });
  const df = degreesOfFreedom(sums, contrast);
  return { variance: Number.isNaN(df) ? Number.NaN : variance, df };
}

/** Sums over clusters for the degrees of freedom of one contrast. */
interface ContrastSums {
  expected: number;
  squares: number;
  mixed: number;
  /** p x p: sum g_j g_j'. */
  readonly outer: Float64Array;
  readonly g: Float64Array;
}

function contrastSums(p: number): ContrastSums {
  return { expected: 0, squares: 0, mixed: 0, outer: new Float64Array(p * p), g: new Float64Array(p) };
}

function addContrast(sums: ContrastSums, contrast: Float64Array, { target, cross }: ClusterMoments): void {
  const p = contrast.length;
  const { g, outer } = sums;
  let s = 0;
  g.fill(0);
  for (let b = 0; b < p; b++) {
    const weight = contrast[b]!;
    if (weight === 0) continue;
    for (let a = 0; a < p; a++) {
      s += contrast[a]! * target[b * p + a]! * weight;
      g[a]! += cross[b * p + a]! * weight;
    }
  }
  const q = dot(g, g);
  sums.expected += s - q;
  sums.squares += s * s;
  sums.mixed += s * q;
  for (let b = 0; b < p; b++) for (let a = 0; a < p; a++) outer[b * p + a]! += g[a]! * g[b]!;
}

/** Relative to the model's own variance of the contrast: the expected robust variance below which a single cluster tells of it. */
const NOTHING = 1e-9;

/** NaN where nothing is expected of the robust variance. */
function degreesOfFreedom({ expected, squares, mixed, outer }: ContrastSums, contrast: Float64Array): number {
  if (!(expected > NOTHING * dot(contrast, contrast))) return Number.NaN;
  return (expected * expected) / (squares - 2 * mixed + dot(outer, outer));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
