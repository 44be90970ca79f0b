/**
 * A comparison of models as a table to read: one row a model, the test against the model above, notes below.
 */
import type { Note } from "../../messages.js";
import { formatFixed, formatP } from "./numbers.js";
import { onOneLine, textTable, wrapped, wrappedSum } from "./text-table.js";

/** What the table shows of a comparison. */
export interface ComparisonContent {
  readonly method: "REML" | "ML";
  readonly nobs: number;
  readonly response: string;
  readonly rows: readonly {
    readonly model: string;
    readonly formula: string;
    readonly differs: string | null;
    readonly npar: number;
    readonly logLik: number;
    readonly aic: number;
    readonly bic: number;
    readonly deviance: number;
    readonly chiSquare: number | null;
    readonly df: number | null;
    readonly pValue: number | null;
    readonly reference: string | null;
  }[];
  readonly notes: readonly Note[];
}

/** Each model's formula, the table, and what the statistics were compared with. */
export function comparisonText({ method, nobs, response, rows, notes }: ComparisonContent): string {
  const table = textTable([
    { heading: "", cells: rows.map(({ model }) => model), align: "left" },
    { heading: "npar", cells: rows.map(({ npar }) => String(npar)) },
    {
      heading: "AIC",
      cells: formatFixed(
        rows.map(({ aic }) => aic),
        2,
      ),
    },
    {
      heading: "BIC",
      cells: formatFixed(
        rows.map(({ bic }) => bic),
        2,
      ),
    },
    {
      heading: "logLik",
      cells: formatFixed(
        rows.map(({ logLik }) => logLik),
        2,
      ),
    },
    {
      heading: method === "REML" ? "REML criterion" : "deviance",
      cells: formatFixed(
        rows.map(({ deviance }) => deviance),
        2,
      ),
    },
    {
      heading: "chi-square",
      cells: formatFixed(
        rows.map(({ chiSquare }) => chiSquare),
        3,
      ),
    },
    { heading: "d.f.", cells: rows.map(({ df }) => (df === null ? "" : String(df))) },
    { heading: "p", cells: rows.map(({ pValue }) => formatP(pValue)) },
  ]);
  const tested = rows.filter(({ reference }) => reference !== null);
  const tests = tested.map(({ model, reference }) => `  ${onOneLine(model)}: ${reference}`);
  return [
    `Models of ${onOneLine(response)}, fitted by ${method} to ${nobs} rows${testedWords(rows.length - 1, tested.length)}.`,
    ...rows.flatMap(({ model, formula, differs }) => [
      ...wrappedSum(onOneLine(formula), `  ${onOneLine(model)}: `, "      "),
      ...(differs === null ? [] : wrapped(onOneLine(differs), 110, "      ", "      ")),
    ]),
    "",
    ...table,
    ...(tests.length > 0 ? ["", "Likelihood-ratio tests compared with", ...tests] : []),
    ...noteLines(notes),
  ].join("\n");
}

/** What the models are tested against; nothing where none can be. */
function testedWords(possible: number, tested: number): string {
  if (tested === 0) return "";
  return tested === possible
    ? "; each is tested against the one above it"
    : "; each is tested against the one above it where that lies within it";
}

/** Notes as a list, under a heading; nothing where there are none. */
export function noteLines(notes: readonly Note[]): string[] {
  if (notes.length === 0) return [];
  return ["", notes.length === 1 ? "Note" : "Notes", ...notes.flatMap(({ message }) => wrapped(onOneLine(message), 110, " - ", "   "))];
}
