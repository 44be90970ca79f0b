/**
 * The equations of a multinomial model: each category but the first has coefficients of its own, named after it, `partly: mkt`.
 */
import type { RandomFrame } from "../models/frame/frame.js";
import type { GeneralizedMixedFit } from "../models/generalized-fit.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** Number of linear predictors that share the fixed columns: 1 but for multinomial models. */
export function equationCount(fit: MixedFit): number {
  return isGeneralized(fit) && fit.family === "multinomial" ? fit.engine.problem.model.predictors.length : 1;
}

/** The names of the columns kept, as the model matrix has them. */
export function keptTerms(fit: MixedFit): readonly string[] {
  const terms = fit.fixed.map(({ term }) => term);
  if (!isGeneralized(fit) || fit.family !== "multinomial") return terms;
  const own = terms.slice(0, terms.length / equationCount(fit));
  return own.map((term) => withoutEquation(fit, term));
}

/** The random terms as the formula has them, before each was repeated for every equation. */
export function formulaRandom(fit: GeneralizedMixedFit): readonly RandomFrame[] {
  const { random } = fit.frame;
  if (fit.family !== "multinomial") return random;
  return random.slice(0, random.length / equationCount(fit)).map((term) => ({
    ...term,
    effects: { ...term.effects, names: term.effects.names.map((name) => withoutEquation(fit, name)) },
  }));
}

/** The first equation's names begin with its category. */
function withoutEquation({ engine }: GeneralizedMixedFit, name: string): string {
  const category = engine.problem.model.likelihood.predictors[0]!;
  return name.slice(`${category}: `.length);
}
