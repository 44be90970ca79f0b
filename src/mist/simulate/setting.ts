/**
 * What every part of the generator is given: the options as they are used, and random streams by purpose and unit. A stream
 * depends on the seed, its purpose and its unit only, so that a part can be added or left out, and districts computed in any
 * order, without changing a number elsewhere.
 */
import { type RandomKey, type RandomStream, randomKey } from "../../data/random.js";
import { blockDesign, type DistrictDesign } from "./design.js";
import type { NormalOptions } from "./options.js";
import { type ParameterValues, type ThresholdOutcome, thresholdNames, thresholdsOf } from "./parameters.js";

/** Is told the linear predictor of every ordered outcome that is drawn; see calibrate.ts. */
export type PredictorObserver = (outcome: ThresholdOutcome, eta: number) => void;

export interface Setting {
  readonly options: NormalOptions;
  readonly p: ParameterValues;
  readonly block: readonly DistrictDesign[];
  readonly thresholds: Readonly<Record<ThresholdOutcome, readonly number[]>>;
  /** The random stream of a purpose and a unit. */
  readonly stream: (purpose: string, ...unit: readonly (string | number)[]) => RandomStream;
  readonly observe: PredictorObserver;
}

export function makeSetting(options: NormalOptions, observe: PredictorObserver = () => {}): Setting {
  const root = randomKey(options.seed);
  const keys = new Map<string, RandomKey>();
  return {
    options,
    p: options.values,
    block: blockDesign(options.preset),
    thresholds: Object.fromEntries(
      Object.keys(thresholdNames).map((outcome) => [outcome, thresholdsOf(options.values, outcome as ThresholdOutcome)]),
    ) as Record<ThresholdOutcome, readonly number[]>,
    stream: (purpose, ...unit) => {
      let key = keys.get(purpose);
      if (key === undefined) {
        key = root.with(purpose);
        keys.set(purpose, key);
      }
      return key.stream(...unit);
    },
    observe,
  };
}
