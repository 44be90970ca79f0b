/**
 * The observed Hessian of the (restricted) deviance in theta and sigma, sigma not profiled, by central differences of the exact gradient.
 *
 *   H_ij = (g_i(theta + h_j) - g_i(theta - h_j)) / 2 h_j,   H_j,sigma = (4 / sigma^3) [(sum_l e_l e_l') lambda]_j,   H_sigma,sigma = 4 nu / s
 *
 * The 2k gradients do not depend on each other: the plan says at which points they are wanted, and whoever computes them
 * (this thread, or workers) hands them back in that order.
 */
import { evaluate } from "../models/blocks/criterion.js";
import { derivatives } from "../models/blocks/derivatives.js";
import type { LinearEngine } from "../models/engine.js";
import { type GradientShared, gradientShared } from "../models/parallel/gradient-task.js";

export interface HessianPlan {
  readonly shared: GradientShared;
  /** 2k: theta + h_1, theta - h_1, theta + h_2, ... */
  readonly points: readonly Float64Array[];
  /** k: h_j, from the curvature at theta. */
  readonly steps: readonly number[];
  /** q: e at theta. */
  readonly scores: Float64Array;
}

export function hessianPlan({ problem, optimum }: LinearEngine): HessianPlan {
  const { theta, s } = optimum;
  const k = theta.length;
  const { information, scores } = derivatives(problem, { ...evaluate(problem, theta), s });
  const steps = Array.from(theta, (_, j) => {
    const curvature = information[j * k + j]!;
    return curvature > 1e-8 ? Math.min(1e-2, 1e-3 / Math.sqrt(curvature)) : 1e-4;
  });
  const points = steps.flatMap((step, j) =>
    [step, -step].map((by) => {
      const point = Float64Array.from(theta);
      point[j] = point[j]! + by;
      return point;
    }),
  );
  return { shared: gradientShared(problem, s), points, steps, scores };
}

/** H, (k + 1) x (k + 1), sigma last and in the units of the working response. */
export function hessianFrom(
  { problem, optimum }: LinearEngine,
  { steps, scores }: HessianPlan,
  gradients: readonly Float64Array[],
): Float64Array {
  const { parameters, nu, structure } = problem;
  const { s } = optimum;
  const k = parameters.length;
  const size = k + 1;
  const h = new Float64Array(size * size);
  const sigma = Math.sqrt(s);
  steps.forEach((step, j) => {
    const above = gradients[2 * j]!;
    const below = gradients[2 * j + 1]!;
    for (let i = 0; i < k; i++) h[j * size + i] = (above[i]! - below[i]!) / (2 * step);
  });
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < j; i++) {
      const mean = 0.5 * (h[j * size + i]! + h[i * size + j]!);
      h[j * size + i] = mean;
      h[i * size + j] = mean;
    }
  }
  parameters.forEach(({ group, row, column }, j) => {
    const lam = optimum.lambda[group]!;
    const width = structure.groups[group]!.size;
    let sum = 0;
    for (const t of structure.nodeOf[group]!) {
      const at = structure.position[t]!;
      let along = 0;
      for (let r = 0; r < width; r++) along += lam[column * width + r]! * scores[at + r]!;
      sum += scores[at + row]! * along;
    }
    h[k * size + j] = (4 * sum) / sigma ** 3;
    h[j * size + k] = h[k * size + j]!;
  });
  h[k * size + k] = (4 * nu) / s;
  return h;
}
