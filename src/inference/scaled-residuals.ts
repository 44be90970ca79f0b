/**
 * Scaled residuals: where each response lies among responses simulated from the fitted model, uniform on [0, 1] if the model is right
 * whatever its family (Dunn & Smyth 1996; DHARMa). The definitions and their tests stand in simulated-ranks.ts.
 */
import { randomStream } from "../data/random.js";
import { DataError, diagnosticMessages, FitError } from "../messages.js";
import { fittedValues } from "../models/fitted.js";
import { observations } from "../models/generalized-fitted.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type RandomEffectsOf, simulator } from "./simulate.js";
import { type OutlierTest, type RatioTest, simulatedTests, type UniformityTest } from "./simulated-ranks.js";

/** Options of `scaledResiduals`. */
export interface ScaledResidualOptions {
  /** A whole number from 0 to 2^53 - 1. The simulated responses are those of `simulate` with this seed. */
  readonly seed: number;
  /** R, at least 20; default 250. */
  readonly simulations?: number;
  /** Default "new": units drawn anew, so that their distribution is tested too; "conditional": the units at their modes, which tests the rows alone. */
  readonly randomEffects?: RandomEffectsOf;
}

export interface ScaledResiduals {
  /** One for each row of the table, NaN where it was not used. */
  readonly residuals: Float64Array;
  /** Rows of the table (0-based) whose response lies outside all simulated ones. */
  readonly outlierRows: readonly number[];
  readonly seed: number;
  readonly simulations: number;
  readonly randomEffects: RandomEffectsOf;
  readonly uniformity: UniformityTest;
  /** null for single yes-or-no responses, which cannot be overdispersed, and for categories. */
  readonly dispersion: RatioTest | null;
  /** Families of counts; null for others. */
  readonly zeros: RatioTest | null;
  readonly outliers: OutlierTest;
}

const FEWEST = 20;

/**
 * @returns R: `simulateResiduals(fit)` of DHARMa (method "PIT") with `testUniformity`, `testDispersion`, `testZeroInflation` and `testOutliers`
 * @throws DataError for a seed or a number of simulations that cannot be used
 * @throws FitError for models of unordered categories
 * @example scaledResiduals(fit, { seed: 1 }).residuals.length === fit.frame.tableRowCount // => true
 */
export function scaledResiduals(fit: MixedFit, options: ScaledResidualOptions): ScaledResiduals {
  const { seed, simulations = 250, randomEffects = "new" } = options;
  if (!Number.isInteger(simulations) || simulations < FEWEST) throw new DataError(diagnosticMessages.fewSimulations(simulations, FEWEST));
  if (fit.family === "multinomial") throw new FitError(diagnosticMessages.unorderedCategories);
  const draw = simulator(fit, randomEffects);
  const { rows, tableRowCount, response } = fit.frame;
  const tests = simulatedTests(response.values, (r) => draw(randomStream(seed, "simulate", r)), simulations, {
    predicted: predictedResponse(fit, randomEffects),
    zeros: isGeneralized(fit) && fit.engine.family?.counts === true,
    random: randomStream(seed, "scaled-residuals", "ties"),
  });
  const residuals = new Float64Array(tableRowCount).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) residuals[rows[i]!] = tests.residuals[i]!;
  const outlierRows = Array.from(rows).filter((_, i) => tests.outside[i] !== 0);
  const { uniformity, dispersion, zeros, outliers } = tests;
  return { residuals, outlierRows, seed, simulations, randomEffects, uniformity, dispersion, zeros, outliers };
}

/** On the scale of the response as the frame has it, over the rows used; null where dispersion has no meaning. */
function predictedResponse(fit: MixedFit, randomEffects: RandomEffectsOf): Float64Array | null {
  if (fit.model === "clmm") return null;
  const { fitted, fixed } = fittedValues(fit);
  const table = randomEffects === "new" ? fixed : fitted;
  const values = Float64Array.from(fit.frame.rows, (row) => table[row]!);
  if (!isGeneralized(fit) || fit.engine.family === null) return values;
  const { sizes } = observations(fit.engine, fit.engine.family);
  if (sizes === null) return values;
  if (sizes.every((size) => size === 1)) return null;
  return fit.frame.response.trials === null ? values : values.map((value, i) => value * sizes[i]!);
}
