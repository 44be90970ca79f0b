/**
 * Thresholds that give an ordered outcome wanted shares: theta_k solves
 *
 *   mean over units of logistic(eta - theta_k) = share above category k
 *
 * for the linear predictors eta that the model gives. After slopes or composition are changed, this puts the shares back.
 */
import { DataError, simulateMessages } from "../../messages.js";
import { logistic } from "./draws.js";
import type { SimulateOptions } from "./options.js";
import { type ParameterName, thresholdNames } from "./parameters.js";
import { observePredictors } from "./simulate.js";

/** Outcomes whose shares can be asked for, causes before effects. */
const outcomes = ["vision", "explanation", "adjustment", "potential", "discussion"] as const;

export type CalibratedOutcome = (typeof outcomes)[number];

/** Shares of the categories from the lowest to the highest, which sum to 1. */
export type TargetShares = Readonly<Partial<Record<CalibratedOutcome, readonly number[]>>>;

/** What supports do in one cycle comes back in the next, so that a second pass is needed. */
const PASSES = 2;
const BISECTIONS = 60;
const FAR = 40;

/**
 * Overrides that give focal teacher-years (and their lessons) the wanted shares on average.
 *
 * @param targets shares by outcome; outcomes that are not named keep their thresholds
 * @param options of the study they are for; its own overrides are kept and come back with the thresholds
 * @returns what goes into `overrides`
 * @throws DataError for shares that are not positive or do not sum to 1
 * @example Object.keys(calibrateThresholds({ explanation: [0.3, 0.5, 0.2] }, { preset: "tiny" })) // => ["theta_expl1", "theta_expl2"]
 */
export function calibrateThresholds(targets: TargetShares, options: SimulateOptions = {}): Partial<Record<ParameterName, number>> {
  for (const outcome of outcomes) checkShares(outcome, targets[outcome]);
  const overrides: Partial<Record<ParameterName, number>> = { ...options.overrides };
  for (let pass = 0; pass < PASSES; pass++) {
    for (const outcome of outcomes) {
      const shares = targets[outcome];
      if (shares === undefined) continue;
      const predictors: number[] = [];
      observePredictors({ ...options, overrides, student: { ...options.student, include: false } }, (name, eta) => {
        if (name === outcome) predictors.push(eta);
      });
      if (predictors.length === 0) throw new DataError(simulateMessages.noPredictors(outcome));
      const thresholds = thresholdsFor(predictors, shares);
      for (const [k, name] of thresholdNames[outcome].entries()) overrides[name] = thresholds[k]!;
    }
  }
  return overrides;
}

/**
 * The thresholds that give these linear predictors the wanted shares on average.
 *
 * @param predictors at least one
 * @param shares from the lowest category to the highest, positive, summing to 1
 * @example thresholdsFor([0], [0.25, 0.5, 0.25]) // => [-1.0986, 1.0986]
 */
export function thresholdsFor(predictors: readonly number[], shares: readonly number[]): number[] {
  let above = 1;
  return shares.slice(0, -1).map((share) => {
    above -= share;
    const wanted = above;
    let [low, high] = [-FAR, FAR];
    for (let k = 0; k < BISECTIONS; k++) {
      const middle = (low + high) / 2;
      let sum = 0;
      for (const eta of predictors) sum += logistic(eta - middle);
      if (sum / predictors.length > wanted) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  });
}

function checkShares(outcome: CalibratedOutcome, shares: readonly number[] | undefined): void {
  if (shares === undefined) return;
  const wanted = thresholdNames[outcome].length + 1;
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.length !== wanted || shares.some((share) => !(share > 0)) || Math.abs(sum - 1) > 1e-9) {
    throw new DataError(simulateMessages.badShares(outcome, wanted, shares));
  }
}
