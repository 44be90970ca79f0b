/**
 * What a generalized model is of, in words: the response, the scale of its coefficients, what their exponentials are, its dispersion.
 */
import { FitError, glmmMessages, listed } from "../../messages.js";
import type { ResponseRows } from "../../models/families/family.js";
import type { GeneralizedMixedFit, RandomError } from "../../models/generalized-fit.js";
import { normalQuantile } from "../../models/special/normal.js";
import { formatInterval, formatNumber } from "./numbers.js";
import { onOneLine } from "./text-table.js";

const TRUNCATED = "truncated_";

/** The name without `truncated_`. */
export function plainFamily({ family }: Pick<GeneralizedMixedFit, "family">): string {
  return family.startsWith(TRUNCATED) ? family.slice(TRUNCATED.length) : family;
}

/** Families of successes out of trials. */
function ofTrials(fit: GeneralizedMixedFit): boolean {
  return fit.family === "binomial" || fit.family === "betabinomial";
}

/** What the linear predictor is of, so that the sign of a coefficient can be read. */
export function modelled(fit: GeneralizedMixedFit): string {
  const { response } = fit.engine;
  const name = onOneLine(response.name);
  if (fit.model === "clmm") {
    const categories = categoriesOf(response);
    return `Categories of ${name}, from low to high: ${listed(categories, 12)}. A positive coefficient moves towards "${categories.at(-1)}".`;
  }
  if (fit.family === "multinomial") return `Models the log odds of each category of ${name} against "${categoriesOf(response)[0]}".`;
  if (ofTrials(fit)) {
    const { levels, trials, weightsName, values } = response;
    if (trials !== null) return `Models the probability of a success: ${name}.`;
    if (levels !== null) {
      if (levels.join() === "false,true") return `Models the probability that ${name} is true.`;
      const [first, second] = [levels[0], levels[1]].map((level) => onOneLine(level ?? ""));
      return levels.length === 2
        ? `Models the probability that ${name} is "${second}" (not "${first}").`
        : `Models the probability that ${name} is not "${first}".`;
    }
    const proportions = weightsName !== null && values.some((value) => value > 0 && value < 1);
    return proportions
      ? `Models the proportion ${name}, out of the numbers of trials in ${onOneLine(weightsName)}.`
      : `Models the probability that ${name} is 1.`;
  }
  const truncated = fit.family.startsWith(TRUNCATED);
  if (truncated) return `Models the mean of ${name} before zeros are taken out; counts above zero come from the truncated distribution.`;
  if (fit.zeroInflation !== null) return `Models the mean of ${name} among rows that are not excess zeros.`;
  return `Models the mean of ${name}${fit.link === "identity" ? "" : `, through its ${fit.link} link`}.`;
}

/** The categories that occur, in their order. */
export function categoriesOf({ levels, values }: ResponseRows): readonly string[] {
  const found = new Set(values);
  if (levels === null) {
    const numbers = Array.from(found).sort((a, b) => a - b);
    return numbers.map(String);
  }
  return levels.filter((_, j) => found.has(j)).map(onOneLine);
}

/** What exp(coefficient) of the mean is: an odds ratio, a rate ratio, ...; null where it is nothing. */
export function exponentialName({ model, family, link }: GeneralizedMixedFit): string | null {
  if (link === "logit") return "Odds ratio";
  if (model === "clmm") return null;
  if (link === "cloglog") return "Hazard ratio";
  if (link !== "log") return null;
  if (family === "binomial" || family === "betabinomial") return "Risk ratio";
  return COUNTS.has(family) ? "Rate ratio" : "Ratio of means";
}

const COUNTS: ReadonlySet<string> = new Set(["poisson", "nbinom1", "nbinom2"].flatMap((name) => [name, TRUNCATED + name]));

/** What a ratio is of: that of an intercept is no ratio. */
export function ratioOf(name: string): string {
  const lower = name.toLowerCase();
  return lower === "ratio of means" ? "mean" : lower.replace(/ ratio$/, "");
}

/** @throws FitError where exponentials of the coefficients mean nothing */
export function requiredExponentialName(fit: GeneralizedMixedFit): string {
  const name = exponentialName(fit);
  if (name === null) throw new FitError(glmmMessages.noExponential(fit.link, fit.model === "clmm" ? "cumulative" : fit.family));
  return name;
}

interface DispersionWords {
  /** Of the number that `dispersion` holds. */
  readonly symbol: string;
  readonly variance: (value: string) => string;
  /** What the dispersion's formula is of. */
  readonly predictor: string;
}

const DISPERSION: ReadonlyMap<string, DispersionWords> = new Map<string, DispersionWords>([
  ["gaussian", { symbol: "Residual standard deviation", variance: () => "", predictor: "log of the residual standard deviation" }],
  [
    "nbinom1",
    { symbol: "Dispersion phi", variance: (value) => `variance = mu (1 + ${value})`, predictor: "log phi; variance = mu (1 + phi)" },
  ],
  [
    "nbinom2",
    {
      symbol: "Dispersion theta",
      variance: (value) => `variance = mu + mu^2 / ${value}; the larger theta, the nearer to poisson`,
      predictor: "log theta; variance = mu + mu^2 / theta",
    },
  ],
  [
    "gamma",
    {
      symbol: "Coefficient of variation",
      variance: () => "variance = its square times mu^2",
      predictor: "log shape; variance = mu^2 / shape",
    },
  ],
  [
    "inverse_gaussian",
    {
      symbol: "Dispersion phi",
      variance: () => "variance = phi^2 mu^3",
      predictor: "log phi; variance = phi^2 mu^3",
    },
  ],
  [
    "beta",
    {
      symbol: "Precision phi",
      variance: (value) => `variance = mu (1 - mu) / (1 + ${value})`,
      predictor: "log phi; variance = mu (1 - mu) / (1 + phi)",
    },
  ],
  [
    "betabinomial",
    {
      symbol: "Precision phi",
      variance: (value) => `the variance of a binomial proportion of m trials times 1 + (m - 1) / (1 + ${value})`,
      predictor: "log phi; the larger, the nearer to binomial",
    },
  ],
  ["student_t", { symbol: "Scale of the t distribution", variance: () => "", predictor: "log of the scale" }],
]);

/** One line about the dispersion and the shape; none where the family has neither. */
export function dispersionLines(fit: GeneralizedMixedFit): string[] {
  const words = DISPERSION.get(plainFamily(fit));
  const parts: string[] = [];
  if (words !== undefined && fit.dispersion !== null) {
    const value = formatNumber(fit.dispersion);
    const variance = words.variance(value);
    parts.push(`${words.symbol} ${value}${variance === "" ? "" : ` (${variance})`}${logInterval(fit.dispersion, fit.dispersionError)}`);
  }
  if (fit.shape !== null) parts.push(`degrees of freedom ${formatNumber(fit.shape)}${logInterval(fit.shape, fit.shapeError)}`);
  return parts.length === 0 ? [] : [parts.join("; ")];
}

/** Standard errors of a logarithm beyond this say nothing: as for standard deviations of random effects. */
const UNDETERMINED = 2;

/** The 95 % interval on the log scale, in words; nothing where no standard error is known. */
function logInterval(estimate: number, error: RandomError | null): string {
  const stdError = error?.stdError ?? null;
  if (stdError === null || stdError > UNDETERMINED) return "";
  const reach = Math.exp(normalQuantile(0.025, "upper") * stdError);
  return `, 95 % interval ${formatInterval(estimate / reach, estimate * reach)}`;
}

/** What the coefficients of the dispersion's formula are of. */
export function dispersionPredictor(fit: GeneralizedMixedFit): string {
  return DISPERSION.get(plainFamily(fit))?.predictor ?? "log of the dispersion";
}
