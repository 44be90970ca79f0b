/**
 * Models side by side as journals print them: estimates with standard errors in parentheses below, variance components, the
 * number of units at each level and what the fit is worth. No stars; p values are in each model's own summary.
 */
import { FitError, inferenceMessages } from "../../messages.js";
import type { LinearMixedFit } from "../../models/fit.js";
import { icc } from "../icc.js";
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
}

type Row = { readonly label: string; readonly cells: readonly string[] };

/**
 * @param models named fits, printed in this order
 * @throws FitError where no model is given
 * @example modelTable({ Null: lmm("mAch ~ 1 + (1 | school)", hsb) }).rows[0] // => { label: "(Intercept)", cells: ["12.637"] }
 */
export function modelTable(models: Readonly<Record<string, LinearMixedFit>>, options: ModelTableOptions = {}): ModelTable {
  const names = Object.keys(models);
  const fits = Object.values(models);
  if (fits.length === 0) throw new FitError(inferenceMessages.modelTableNeedsOne);
  const rows = [...fixedRows(fits, options), ...randomRows(fits, options), ...footRows(fits)];
  const text = (): string => tableText(names, rows);
  return Object.defineProperties(
    { models: names, rows },
    { toString: { value: text }, [Symbol.for("nodejs.util.inspect.custom")]: { value: text } },
  ) as ModelTable;
}

function fixedRows(fits: readonly LinearMixedFit[], { decimals = 3, labels = {} }: ModelTableOptions): Row[] {
  const terms = distinct(fits.flatMap(({ fixed }) => fixed.map(({ term }) => term)));
  return terms.flatMap((term) => {
    const found = fits.map(({ fixed }) => fixed.find((row) => row.term === term));
    return [
      { label: Object.hasOwn(labels, term) ? labels[term]! : term, cells: found.map((row) => row?.estimate.toFixed(decimals) ?? "") },
      { label: "", cells: found.map((row) => (row === undefined ? "" : `(${row.stdError.toFixed(decimals)})`)) },
    ];
  });
}

function randomRows(fits: readonly LinearMixedFit[], { decimals = 3 }: ModelTableOptions): Row[] {
  const tables = fits.map(
    (fit) =>
      new Map(
        fit.random.map((row): [string, string] =>
          "term2" in row
            ? [`${row.group}: correlation of ${row.term} and ${row.term2}`, row.correlation?.toFixed(decimals) ?? "-"]
            : [`${row.group}: variance of ${row.term}`, row.variance.toFixed(decimals)],
        ),
      ),
  );
  const labels = distinct(tables.flatMap((table) => [...table.keys()]));
  return [
    ...labels.map((label) => ({ label, cells: tables.map((table) => table.get(label) ?? "") })),
    { label: "Residual variance", cells: fits.map(({ sigma }) => (sigma * sigma).toFixed(decimals)) },
  ];
}

function footRows(fits: readonly LinearMixedFit[]): Row[] {
  const groups = distinct(fits.flatMap((fit) => fit.groups.map(({ name }) => name)));
  const shares = fits.map(icc);
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
    { label: "Estimation", cells: fits.map(({ method }) => method) },
    { label: "Parameters", cells: fits.map(({ npar }) => String(npar)) },
    { label: "Log-likelihood", cells: fits.map(({ logLik }) => logLik.toFixed(1)) },
    { label: "AIC", cells: fits.map(({ aic }) => aic.toFixed(1)) },
    { label: "BIC", cells: fits.map(({ bic }) => bic.toFixed(1)) },
  ];
}

function tableText(names: readonly string[], rows: readonly Row[]): string {
  const lines = textTable([
    { heading: "", cells: rows.map(({ label }) => label), align: "left" },
    ...names.map((name, k) => ({ heading: onOneLine(name), cells: rows.map(({ cells }) => cells[k]!) })),
  ]);
  return [...lines, "Standard errors in parentheses."].join("\n");
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
