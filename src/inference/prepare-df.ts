/**
 * Satterthwaite's degrees of freedom ahead of time, with workers: the gradients that the Hessian needs are independent of each other.
 */
import { inferenceMessages } from "../messages.js";
import { inlinePool, type RunOptions, type WorkerPool } from "../models/parallel/worker-pool.js";
import { linearOnly } from "./linear-only.js";
import type { MixedFit } from "./mixed-fit.js";
import { hessianPlan } from "./observed-hessian.js";
import { hasSatterthwaiteModel, modelFromGradients } from "./satterthwaite.js";

export interface PoolOptions extends RunOptions {
  /** Default: this thread. `createWorkerPool()` of mist-models/io makes a pool of workers. */
  readonly pool?: WorkerPool;
}

/**
 * Computes what `coefficients`, `anova` and `summary` need for degrees of freedom, so that they do not wait for it. They give the same
 * numbers, bit for bit, as without; workers pay where crossed factors have thousands of levels, and each has its own matrices.
 *
 * @throws FitError for a generalized or cumulative model
 * @throws AbortError when the signal says so
 * @example
 * await prepareDegreesOfFreedom(fit, { pool: inlinePool() });
 * coefficients(fit)[0].df > 1; // => true
 */
export async function prepareDegreesOfFreedom(fit: MixedFit, options: PoolOptions = {}): Promise<void> {
  linearOnly(fit, "Degrees of freedom", inferenceMessages.noDegreesOfFreedom);
  if (hasSatterthwaiteModel(fit)) return;
  const { pool = inlinePool(), ...run } = options;
  const plan = hessianPlan(fit.engine);
  modelFromGradients(fit, plan, await pool.run("gradient", plan.shared, plan.points, run));
}
