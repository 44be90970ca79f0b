/**
 * Models side by side as journals print them: estimates with standard errors in parentheses below (or odds ratios with their intervals),
 * thresholds, variance components, the number of units at each level and what the fit is worth. No stars; p values are in each model's
 * own summary.
 */
import { FitError, glmmMessages, inferenceMessages } from "../../messages.js";
import type { GeneralizedMixedFit } from "../../models/generalized-fit.js";
import type { Coefficient } from "../coefficients.js";
import { isGeneralized, type MixedFit } from "../mixed-fit.js";
import { zTests } from "../z-tests.js";
import { requiredExponentialName } from "./family-words.js";
import { formatFixed } from "./numbers.js";
import { sharesOf } from "./shares.js";
import { onOneLine, textTable } from "./text-table.js";

/** The table; `String(table)` is what a person reads. */
export interface ModelTable {
  readonly models: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly string[] }[];
  toString(): string;
}

/** Options of `modelTable`. */
export interface ModelTableOptions {
  /** Decimals of estimates and variances, default 3. */
  readonly decimals?: number;
  /** What to print instead of a term. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Odds ratios, rate ratios, ... with 95 % intervals in place of coefficients with standard errors; default false. */
  readonly exponentiate?: boolean;
}

type Row = { readonly label: string; readonly cells: readonly string[] };

/**
 * @param models named fits, printed in this order
 * @throws FitError where no model is given, and where exponentials are asked of coefficients that have none with a meaning
 * @example modelTable({ Null: lmm("mAch ~ 1 + (1 | school)", hsb) }).rows[0] // => { label: "(Intercept)", cells: ["12.637"] }
 */
export function modelTable(models: Readonly<Record<string, MixedFit>>, options: ModelTableOptions = {}): ModelTable {
  checkModels(models);
  const names = Object.keys(models);
  const fits = Object.values(models);
  if (fits.length === 0) throw new FitError(inferenceMessages.modelTableNeedsOne);
  const ratios = options.exponentiate === true ? ratioNames(fits) : [];
  const rows = [...fixedRows(fits, options), ...furtherRows(fits, options), ...randomRows(fits, options), ...footRows(fits)];
  const text = (): string => tableText(names, rows, ratios, fits.some(hasFurther));
  return Object.defineProperties(
    { models: names, rows },
    { toString: { value: text }, [Symbol.for("nodejs.util.inspect.custom")]: { value: text } },
  ) as ModelTable;
}

function checkModels(models: Readonly<Record<string, unknown>>): void {
  const isFit = (value: unknown): value is { readonly frame: unknown } =>
    typeof value === "object" && value !== null && "randomTerms" in value;
  if (isFit(models)) throw new FitError(inferenceMessages.modelTableOfOne);
  for (const [name, value] of Object.entries(models)) {
    // A saved fit says itself what it lacks when it is asked for its frame.
    if (!isFit(value) || value.frame === undefined) throw new FitError(inferenceMessages.modelTableNotAFit(name));
  }
}

/** What the exponentials are, each once. */
function ratioNames(fits: readonly MixedFit[]): string[] {
  return distinct(
    fits.map((fit) => {
      if (!isGeneralized(fit)) throw new FitError(glmmMessages.noExponential("identity", "gaussian"));
      return requiredExponentialName(fit);
    }),
  );
}

function fixedRows(fits: readonly MixedFit[], { decimals = 3, labels = {}, exponentiate = false }: ModelTableOptions): Row[] {
  const tables = fits.map(({ fixed }) => zTests(fixed));
  const terms = distinct(tables.flatMap((table) => table.map(({ term }) => term)));
  return terms.flatMap((term) => {
    const found = tables.map((table) => table.find((row) => row.term === term));
    const label = Object.hasOwn(labels, term) ? labels[term]! : term;
    return exponentiate ? ratioRows(label, found, decimals) : estimateRows(label, found, decimals);
  });
}

type Found = readonly (Coefficient | undefined)[];

function estimateRows(label: string, found: Found, decimals: number): Row[] {
  return [
    { label, cells: found.map((row) => (row === undefined ? "" : fixed(row.estimate, decimals))) },
    { label: "", cells: found.map((row) => (row === undefined ? "" : bracketed(row.stdError, decimals))) },
  ];
}

function ratioRows(label: string, found: Found, decimals: number): Row[] {
  const exp = (value: number): string => fixed(Math.exp(value), decimals);
  return [
    { label, cells: found.map((row) => (row === undefined ? "" : exp(row.estimate))) },
    {
      label: "",
      cells: found.map((row) => (row === undefined || Number.isNaN(row.lower) ? "" : `[${exp(row.lower)}, ${exp(row.upper)}]`)),
    },
  ];
}

/** Thresholds and the parts with predictors of their own, which stay on their own scale. */
function furtherRows(fits: readonly MixedFit[], { decimals = 3 }: ModelTableOptions): Row[] {
  const tables = fits.map((fit) => (isGeneralized(fit) ? furtherCoefficients(fit) : new Map<string, Coefficient>()));
  const labels = distinct(tables.flatMap((table) => [...table.keys()]));
  return labels.flatMap((label) => {
    const found = tables.map((table) => table.get(label));
    return estimateRows(label, found, decimals);
  });
}

function furtherCoefficients(fit: GeneralizedMixedFit): ReadonlyMap<string, Coefficient> {
  const named = (what: string, effects: GeneralizedMixedFit["fixed"] | undefined | null): (readonly [string, Coefficient])[] =>
    zTests(effects ?? []).map((row) => [`${what}: ${row.term}`, row] as const);
  return new Map([
    ...named("Threshold", fit.thresholds),
    ...named("Scale (log)", fit.scaleModel?.fixed),
    ...named("Dispersion (log)", fit.dispersionModel?.fixed),
    ...named(fit.hurdle ? "Zero (logit)" : "Excess zero (logit)", fit.zeroInflation?.fixed),
  ]);
}

const hasFurther = (fit: MixedFit): boolean => isGeneralized(fit) && furtherCoefficients(fit).size > 0;

function randomRows(fits: readonly MixedFit[], { decimals = 3 }: ModelTableOptions): Row[] {
  const tables = fits.map(
    (fit) =>
      new Map([
        ...componentCells(fit.random, decimals, ""),
        ...componentCells((isGeneralized(fit) ? fit.zeroInflation?.random : undefined) ?? [], decimals, "Zeros, "),
      ]),
  );
  const labels = distinct(tables.flatMap((table) => [...table.keys()]));
  const residuals = fits.map(residualSd);
  const dispersions = fits.map((fit) => (isGeneralized(fit) && fit.family !== "gaussian" ? fit.dispersion : null));
  const optional = (label: string, values: readonly (number | null)[]): Row[] =>
    values.every((value) => value === null)
      ? []
      : [{ label, cells: values.map((value) => (value === null ? "" : fixed(value, decimals))) }];
  return [
    ...labels.map((label) => ({ label, cells: tables.map((table) => table.get(label) ?? "") })),
    ...optional(
      "Residual variance",
      residuals.map((sd) => (sd === null ? null : sd * sd)),
    ),
    ...optional("Dispersion", dispersions),
  ];
}

function componentCells(random: MixedFit["random"], decimals: number, prefix: string): (readonly [string, string])[] {
  return random.map((row) =>
    "term2" in row
      ? [
          `${prefix}${row.group}: correlation of ${row.term} and ${row.term2}`,
          row.correlation === null ? "-" : fixed(row.correlation, decimals),
        ]
      : [`${prefix}${row.group}: variance of ${row.term}`, fixed(row.variance, decimals)],
  );
}

function residualSd(fit: MixedFit): number | null {
  if (!isGeneralized(fit)) return fit.sigma;
  return fit.family === "gaussian" ? fit.dispersion : null;
}

function footRows(fits: readonly MixedFit[]): Row[] {
  const groups = distinct(fits.flatMap((fit) => fit.groups.map(({ name }) => name)));
  const shares = fits.map(sharesOf);
  const linear = fits.every((fit) => !isGeneralized(fit));
  return [
    ...groups.map((group, k) => ({
      label: groups.length === 1 ? "ICC" : `ICC ${groups[k]}`,
      cells: shares.map((rows) => rows.find((row) => row.group === group)?.share.toFixed(3) ?? ""),
    })),
    { label: "Rows", cells: fits.map(({ nobs }) => String(nobs)) },
    ...groups.map((group) => ({
      label: `Levels of ${group}`,
      cells: fits.map((fit) => String(fit.groups.find(({ name }) => name === group)?.levels ?? "")),
    })),
    ...(linear
      ? []
      : [
          { label: "Family", cells: fits.map(({ family }) => family) },
          { label: "Link", cells: fits.map(({ link }) => link) },
        ]),
    { label: "Estimation", cells: fits.map(estimation) },
    { label: "Parameters", cells: fits.map(({ npar }) => String(npar)) },
    { label: "Log-likelihood", cells: fits.map(({ logLik }) => logLik.toFixed(1)) },
    { label: "AIC", cells: fits.map(({ aic }) => aic.toFixed(1)) },
    { label: "BIC", cells: fits.map(({ bic }) => bic.toFixed(1)) },
  ].filter(({ cells }) => cells.some((cell) => cell !== ""));
}

function estimation(fit: MixedFit): string {
  if (!isGeneralized(fit)) return fit.method;
  if (fit.agq === 1) return "ML, Laplace";
  return fit.agq === 0 ? "ML, fast" : `ML, ${fit.agq} points`;
}

function tableText(names: readonly string[], rows: readonly Row[], ratios: readonly string[], further: boolean): string {
  const lines = textTable([
    { heading: "", cells: rows.map(({ label }) => label), align: "left" },
    ...names.map((name, k) => ({ heading: onOneLine(name), cells: rows.map(({ cells }) => cells[k]!) })),
  ]);
  const notes =
    ratios.length === 0
      ? ["Standard errors in parentheses."]
      : [
          `${ratios.map(plural).join(", ")} with 95 % intervals in brackets.`,
          ...(further ? ["Thresholds and further parts on their own scale, standard errors in parentheses."] : []),
        ];
  return [...lines, ...notes].join("\n");
}

/** "Odds ratios", "Ratios of means". */
function plural(ratio: string): string {
  return ratio.replace(/ratio\b/i, "$&s");
}

/** A standard error; nothing where there is none. */
function bracketed(stdError: number, decimals: number): string {
  return Number.isNaN(stdError) ? "" : `(${fixed(stdError, decimals)})`;
}

function fixed(value: number, decimals: number): string {
  return formatFixed([value], decimals)[0]!;
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
