/**
 * Contrasts of marginal means: differences (or other combinations whose coefficients sum to zero), with tests.
 *
 *   C m,   t = c'm / se(c'm)
 *
 * On the response scale differences of logarithms become ratios, exp(c'm) with standard error exp(c'm) se(c'm): odds ratios with the logit
 * link, rate ratios with the log link. Of other links differences stay on the link's scale. Tests are always of the difference on that scale.
 * The contrasts of one family, those within the same levels of `by` and the same category, are adjusted for their number (multiplicity.ts).
 * (R's `contrast` and `pairs` for emmeans; polynomial coefficients are scaled to whole numbers as there.)
 */
import { FitError, predictionMessages } from "../messages.js";
import { orthogonalColumns } from "../models/frame/orthogonal-polynomials.js";
import { twoSidedP } from "./fixed-tests.js";
import { checkOptionNames, combined } from "./grid-estimates.js";
import type { MarginalMeans } from "./marginal-means.js";
import { type Adjustment, adjustmentNamed, adjustTests } from "./multiplicity.js";

/** `treatment`: each against a reference; `effects`: each against the average; `consecutive`: each less the one before. */
export type ContrastMethod = "pairwise" | "treatment" | "polynomial" | "effects" | "consecutive";

/** Coefficients by the contrast's name, one a mean (within `by`). */
export type CustomContrasts = Readonly<Record<string, readonly number[]>>;

/** Options of `contrastsOfMeans`. */
export interface ContrastOptions {
  /** Of treatment contrasts: which mean is the reference, counted from 0; default the first. */
  readonly reference?: number;
  /** For the number of contrasts, default "tukey" of pairs, "none" of polynomials and contrasts of one's own, else "holm". */
  readonly adjust?: Adjustment;
  /** Coverage of the intervals, default that of the means; of all together where the adjustment has simultaneous intervals. */
  readonly level?: number;
}

export interface MeanContrast {
  /** `a - b`; `a / b` for ratios. */
  readonly contrast: string;
  /** The levels of `by`. */
  readonly by: Readonly<Record<string, string | number>>;
  readonly category: string | null;
  /** A difference on the link's scale, or the ratio. */
  readonly estimate: number;
  readonly stdError: number;
  readonly df: number | null;
  readonly lower: number;
  readonly upper: number;
  /** Of the difference on the link's scale. */
  readonly statistic: number;
  /** Adjusted, as the limits are. */
  readonly pValue: number;
}

export interface MeanContrasts {
  readonly rows: readonly MeanContrast[];
  readonly method: string;
  /** What estimates are. */
  readonly scale: "difference" | "odds ratio" | "ratio";
  readonly adjust: Adjustment;
  readonly level: number;
}

const METHODS: readonly ContrastMethod[] = ["pairwise", "treatment", "polynomial", "effects", "consecutive"];

/**
 * @param means of `marginalMeans`
 * @param method default "pairwise"; a record of coefficients for contrasts of your own
 * @throws FitError for an unknown method, coefficients of another number than there are means, a reference that does not exist, and
 *   Tukey's adjustment of other contrasts than pairs
 * @example contrastsOfMeans(marginalMeans(fit, "f")).rows.map(({ contrast }) => contrast) // => ["a - b", "a - c", "b - c"]
 */
export function contrastsOfMeans(
  means: MarginalMeans,
  method: ContrastMethod | CustomContrasts = "pairwise",
  options: ContrastOptions = {},
): MeanContrasts {
  checkOptionNames(options, ["reference", "adjust", "level"]);
  const level = options.level ?? means.level;
  const { estimates, errorOf, link } = means.basis;
  const ratio = link !== null && (link.name === "log" || link.name === "logit");
  const adjust = adjustmentNamed(options.adjust ?? defaultAdjustment(method));
  if (adjust === "tukey" && method !== "pairwise") throw new FitError(predictionMessages.tukeyOfPairs);
  const on = ratio ? Math.exp : (x: number): number => x;
  const rows = comparedGroups(means).flatMap(({ by, category, members }) => {
    const names = members.map((k) => cellName(means, k));
    const tests = contrastCoefficients(method, names, ratio, options.reference ?? 0).map(({ name, coefficients }) => {
      const weights = new Float64Array(estimates.values.length);
      members.forEach((k, m) => {
        weights[k] = coefficients[m]!;
      });
      const { value, gradient, estimable } = combined(estimates, weights);
      const { stdError, df } = estimable ? errorOf(gradient) : { stdError: Number.NaN, df: null };
      const estimate = estimable ? value : Number.NaN;
      const statistic = estimate / stdError;
      return { contrast: name, by, category, estimate, stdError, df, statistic, pValue: twoSidedP(statistic, df) };
    });
    const adjusted = adjustTests(tests, { adjust, level, means: members.length });
    return adjusted.map(({ contrast, estimate, stdError, df, lower, upper, statistic, pValue }): MeanContrast => {
      const shownError = ratio ? Math.exp(estimate) * stdError : stdError;
      return {
        contrast,
        by,
        category,
        estimate: on(estimate),
        stdError: shownError,
        df,
        lower: on(lower),
        upper: on(upper),
        statistic,
        pValue,
      };
    });
  });
  return {
    rows,
    method: typeof method === "string" ? method : "custom",
    scale: !ratio ? "difference" : link.name === "logit" ? "odds ratio" : "ratio",
    adjust,
    level,
  };
}

function defaultAdjustment(method: ContrastMethod | CustomContrasts): Adjustment {
  if (method === "pairwise") return "tukey";
  return method === "polynomial" || typeof method !== "string" ? "none" : "holm";
}

interface ComparedGroup {
  readonly by: Readonly<Record<string, string | number>>;
  readonly category: string | null;
  /** Places among the means' rows. */
  readonly members: readonly number[];
}

/** Means with the same levels of `by` and the same category are compared. */
function comparedGroups({ rows, by }: MarginalMeans): readonly ComparedGroup[] {
  const groups = new Map<string, { by: Readonly<Record<string, string | number>>; category: string | null; members: number[] }>();
  rows.forEach(({ cell, category }, k) => {
    const own = by.map((name): [string, string | number] => [name, cell[name]!]);
    const key = JSON.stringify([own, category]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { by: Object.fromEntries(own), category, members: [k] });
    else known.members.push(k);
  });
  return [...groups.values()];
}

function cellName({ rows, factors, by }: MarginalMeans, k: number): string {
  return factors
    .filter((name) => !by.includes(name))
    .map((name) => String(rows[k]!.cell[name]))
    .join(" ");
}

interface NamedCoefficients {
  readonly name: string;
  readonly coefficients: readonly number[];
}

function contrastCoefficients(
  method: ContrastMethod | CustomContrasts,
  names: readonly string[],
  ratio: boolean,
  reference: number,
): readonly NamedCoefficients[] {
  const count = names.length;
  const sign = ratio ? "/" : "-";
  const difference = (a: number, b: number): NamedCoefficients => ({
    name: `${names[a]} ${sign} ${names[b]}`,
    coefficients: names.map((_, k) => (k === a ? 1 : k === b ? -1 : 0)),
  });
  if (typeof method !== "string") {
    return Object.entries(method).map(([name, coefficients]) => {
      if (coefficients.length !== count || !coefficients.every(Number.isFinite)) {
        throw new FitError(predictionMessages.contrastLength(name, coefficients.length, names));
      }
      return { name, coefficients };
    });
  }
  switch (method) {
    case "pairwise":
      return names.flatMap((_, a) => names.slice(a + 1).map((__, k) => difference(a, a + 1 + k)));
    case "treatment":
      if (!Number.isInteger(reference) || reference < 0 || reference >= count) {
        throw new FitError(predictionMessages.contrastReference(reference, names));
      }
      return names.flatMap((_, a) => (a === reference ? [] : [difference(a, reference)]));
    case "consecutive":
      return names.slice(1).map((_, k) => difference(k + 1, k));
    case "effects":
      return names.map((name, a) => ({ name: `${name} effect`, coefficients: names.map((_, k) => (k === a ? 1 : 0) - 1 / count) }));
    case "polynomial":
      return polynomialCoefficients(count);
    default:
      throw new FitError(predictionMessages.choice("method", String(method), METHODS));
  }
}

const DEGREES: readonly string[] = ["linear", "quadratic", "cubic", "quartic"];

/** Orthogonal polynomials up to degree 6, scaled so that the coefficients are whole numbers where a small multiple makes them so. */
function polynomialCoefficients(count: number): readonly NamedCoefficients[] {
  if (count < 2) return [];
  const columns = orthogonalColumns(count);
  return Array.from({ length: Math.min(6, count - 1) }, (_, d) => {
    let column = Array.from(columns.subarray(d * count, (d + 1) * count));
    const smallest = Math.min(...column.filter((x) => x > 0.01));
    column = column.map((x) => x / smallest);
    const rest = (): number => Math.max(...column.map((x) => Math.abs(x - Math.round(x))));
    for (let off = rest(); off > 0.05; off = rest()) column = column.map((x) => x / off);
    return { name: DEGREES[d] ?? `degree ${d + 1}`, coefficients: column.map((x) => Math.round(x) + 0) };
  });
}
