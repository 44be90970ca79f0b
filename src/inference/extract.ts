/**
 * The estimates as plain records, named as R's extractors name them.
 */
import { FitError, inferenceMessages } from "../messages.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { type FitPart, jointCovariance, partOf } from "./parts.js";

/** Which part of a generalized model is meant. */
export interface PartOptions {
  /** Default "mean". */
  readonly part?: FitPart;
}

/**
 * Fixed effects by term.
 *
 * @throws FitError for a part that the model does not have
 * @example fixef(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)) // => { "(Intercept)": 251.405, Days: 10.467 }
 */
export function fixef(fit: MixedFit, { part = "mean" }: PartOptions = {}): Readonly<Record<string, number>> {
  return Object.fromEntries(partOf(fit, part).fixed.map(({ term, estimate }) => [term, estimate]));
}

/** One unit's predicted random effects: its level and a number for each effect. */
export interface UnitEffects {
  readonly level: string;
  readonly effects: Readonly<Record<string, number>>;
}

/**
 * Conditional modes (best linear unbiased predictions of the random effects) by grouping factor, one record a unit.
 * For their standard deviations see `conditionalModes`.
 *
 * @example ranef(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy)).Subject[0] // => { level: "308", effects: { "(Intercept)": 2.259, Days: 9.199 } }
 */
export function ranef(
  fit: MixedFit,
  { part = "mean" }: { readonly part?: "mean" | "zi" } = {},
): Readonly<Record<string, readonly UnitEffects[]>> {
  const randomTerms = part === "mean" ? fit.randomTerms : isGeneralized(fit) ? (fit.zeroInflation?.randomTerms ?? []) : [];
  const groups = [...new Set(randomTerms.map(({ group }) => group))];
  return Object.fromEntries(
    groups.map((group) => {
      const terms = randomTerms.filter((term) => term.group === group);
      const units = terms[0]!.levels.map((level, l) => ({
        level,
        effects: Object.fromEntries(
          terms.flatMap(({ effects, modes }) => effects.map((effect, s) => [effect, modes[l * effects.length + s]!] as const)),
        ),
      }));
      return [group, units];
    }),
  );
}

/** A covariance matrix with its names; `values[i][j]` belongs to `terms[i]` and `terms[j]`. */
export interface CovarianceMatrix {
  readonly terms: readonly string[];
  readonly values: readonly (readonly number[])[];
}

/**
 * Covariance matrix of the coefficients' estimates: sigma^2 (X' V_0^-1 X)^-1 in linear models, from the Hessian in all parameters in
 * generalized ones.
 *
 * @param options `part`: whose coefficients, default the mean's; "all" those of all parts of a generalized model jointly, thresholds
 *   first and then the mean's, in the order of their estimation
 * @throws FitError for a part that the model does not have
 * @example vcov(lmm("mAch ~ 1 + (1 | school)", hsb)).values // => [[0.059728]]
 */
export function vcov(fit: MixedFit, { part = "mean" }: { readonly part?: FitPart | "all" } = {}): CovarianceMatrix {
  if (part === "all") {
    if (!isGeneralized(fit)) throw new FitError(inferenceMessages.noSuchPart(part, ["mean"]));
    const { terms, values } = jointCovariance(fit.engine);
    return matrixOf(terms, values);
  }
  const own = partOf(fit, part);
  return matrixOf(
    own.fixed.map(({ term }) => term),
    own.vcov,
  );
}

function matrixOf(terms: readonly string[], values: Float64Array): CovarianceMatrix {
  const p = terms.length;
  return { terms, values: Array.from({ length: p }, (_, i) => Array.from({ length: p }, (_entry, j) => values[j * p + i]!)) };
}
