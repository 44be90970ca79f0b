/**
 * `mist means`: marginal means of a model's factors, and contrasts of them with p values and intervals for several tests at once.
 */
import { Table } from "../data/table.js";
import { type ContrastMethod, contrastsOfMeans, type MeanContrasts } from "../inference/contrasts-of-means.js";
import type { DfMethod } from "../inference/df-method.js";
import { SCHEMA_VERSION } from "../inference/json.js";
import { type CategoryMode, type MarginalMeans, type MeanWeights, marginalMeans } from "../inference/marginal-means.js";
import { isGeneralized, type MixedFit } from "../inference/mixed-fit.js";
import { ADJUSTMENTS, type Adjustment } from "../inference/multiplicity.js";
import { noteLines } from "../inference/summary/comparison-text.js";
import { TESTS } from "../inference/summary/lme4-style.js";
import { formatColumn, formatDf, formatFixed, formatNumber, formatP } from "../inference/summary/numbers.js";
import { onOneLine, type TextColumn, textTable, wrapped, wrappedSum } from "../inference/summary/text-table.js";
import { cliMessages } from "../messages.js";
import { namesIn } from "../models/formula/variables.js";
import { predictorVariables } from "../models/frame/variables.js";
import { type Choices, chosen, DF } from "./choices.js";
import type { Command } from "./command.js";
import { percent } from "./interval-table.js";
import { assignmentsOf, gridValues, namesOf } from "./lists.js";
import { modelKind } from "./model-kind.js";
import { checkModelOptions, givenFit, MODEL_OPTIONS, required } from "./model-options.js";
import { coverageOf } from "./numbers.js";
import { type GivenOptions, readOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

const TYPES: Choices = { what: "scale", known: ["link", "response"], later: [] };
const AVERAGES: Choices = { what: "average", known: ["equal", "proportional", "outer", "cells", "flat"], later: [] };
const MODES: Choices = { what: "mode", known: ["latent", "probabilities", "cumulative", "exceedance", "mean-class"], later: [] };
const ADJUST: Choices = { what: "adjustment", known: ADJUSTMENTS, later: [] };

/** By the names that users of emmeans know. */
const CONTRASTS: ReadonlyMap<string, ContrastMethod> = new Map([
  ["pairwise", "pairwise"],
  ["trt.vs.ctrl", "treatment"],
  ["poly", "polynomial"],
  ["eff", "effects"],
  ["consec", "consecutive"],
]);

export const meansCommand: Command = {
  read: (argv) => {
    const own = readOptions(argv, {
      command: "mist means",
      options: {
        ...MODEL_OPTIONS,
        formula: "value",
        specs: "value",
        by: "value",
        at: "values",
        average: "value",
        type: "value",
        mode: "value",
        "bias-adjust": "flag",
        df: "value",
        adjust: "value",
        conf: "value",
        json: "flag",
      },
    });
    // Here --contrasts are those of the means, which do not depend on how factors are coded.
    const coding = own.value("contrasts");
    if (coding?.includes("=") === true) throw new UsageError(cliMessages.meansAreCodingFree(coding));
    checkModelOptions(withoutCoding(own));
    namesOf("--specs", required(own, "specs"));
    meansOptions(own);
    comparisonOf(own);
    return own;
  },
  async run(given) {
    const { fit, table } = await givenFit(withoutCoding(given), "reml");
    const at = gridValues(assignmentsOf(given.values("at")), table);
    const means = marginalMeans(fit, namesOf("--specs", required(given, "specs")), {
      ...meansOptions(given),
      at,
      data: tableForGrid(fit, table),
    });
    const asked = comparisonOf(given);
    const contrasts = asked === null ? null : contrastsOfMeans(means, asked.method, asked.adjust === null ? {} : { adjust: asked.adjust });
    const df = dfOf(given) ?? (isGeneralized(fit) ? "none" : "satterthwaite");
    return given.flag("json") ? JSON.stringify(meansJson(fit, means, contrasts, df), null, 2) : meansText(fit, means, contrasts, df);
  },
};

/** The table without the columns that the formula makes factors of: of `factor(x)` the levels are wanted, not those of the mean of x. */
function tableForGrid({ frame }: MixedFit, table: Table): Table {
  const recipes = [frame.recipe, ...frame.further.map(({ recipe }) => recipe)];
  const made = recipes
    .flatMap(({ formula }) => predictorVariables(formula))
    .filter(({ expression }) => expression.kind === "call" && expression.callee === "factor")
    .flatMap(({ expression }) => namesIn(expression));
  return Table.ofColumns(table.columns.filter(({ name }) => !made.includes(name)));
}

function withoutCoding(given: GivenOptions): GivenOptions {
  return {
    ...given,
    value: (name) => (name === "contrasts" ? null : given.value(name)),
    values: (name) => (name === "contrasts" ? [] : given.values(name)),
  };
}

function dfOf(given: GivenOptions): DfMethod | null {
  const df = given.value("df");
  return df === null ? null : (chosen(df, DF) as DfMethod);
}

interface AskedMeans {
  readonly by?: readonly string[];
  readonly weights?: MeanWeights;
  readonly type: "link" | "response";
  readonly mode?: CategoryMode;
  readonly biasAdjust: boolean;
  readonly df?: DfMethod;
  readonly level: number;
}

function meansOptions(given: GivenOptions): AskedMeans {
  const [by, average, mode] = [given.value("by"), given.value("average"), given.value("mode")];
  const type = chosen(given.value("type") ?? "link", TYPES) as "link" | "response";
  const biasAdjust = given.flag("bias-adjust");
  if (biasAdjust && type === "link") throw new UsageError(cliMessages.biasNeedsResponse);
  if (mode !== null && modelKind(withoutCoding(given)) === "linear") {
    throw new UsageError(cliMessages.notForModel("mode", "linear", null));
  }
  assignmentsOf(given.values("at"));
  const df = dfOf(given);
  return {
    ...(by === null ? {} : { by: namesOf("--by", by) }),
    ...(average === null ? {} : { weights: chosen(average, AVERAGES) as MeanWeights }),
    type,
    ...(mode === null ? {} : { mode: chosen(mode, MODES) as CategoryMode }),
    biasAdjust,
    ...(df === null ? {} : { df }),
    level: coverageOf(given),
  };
}

interface Comparison {
  readonly method: ContrastMethod;
  /** null: the method's own. */
  readonly adjust: Adjustment | null;
}

function comparisonOf(given: GivenOptions): Comparison | null {
  const [name, asked] = [given.value("contrasts"), given.value("adjust")];
  if (name === null) {
    if (asked !== null) throw new UsageError(cliMessages.adjustWithoutContrasts);
    return null;
  }
  const method = CONTRASTS.get(chosen(name, { what: "kind of contrasts", known: [...CONTRASTS.keys()], later: [] }))!;
  const adjust = asked === null ? null : (chosen(asked, ADJUST) as Adjustment);
  if (adjust === "tukey" && method !== "pairwise") throw new UsageError(cliMessages.tukeyIsPairwise);
  return { method, adjust };
}

function meansJson(fit: MixedFit, means: MarginalMeans, contrasts: MeanContrasts | null, df: DfMethod): object {
  const { rows, notes, factors, by, averagedOver, heldAt, weights, type, mode, level } = means;
  const { formula, family, link } = fit;
  const head = { schemaVersion: SCHEMA_VERSION, formula, family, link, specs: factors, by, type, mode, average: weights };
  return { ...head, averagedOver, heldAt, level, df, means: rows, contrasts, notes };
}

function meansText(fit: MixedFit, means: MarginalMeans, contrasts: MeanContrasts | null, df: DfMethod): string {
  const { rows, factors, by, averagedOver, heldAt, weights, level, type, notes } = means;
  const names = [...factors, ...by.filter((name) => !factors.includes(name))];
  const numbers = formatColumn([...rows.map(({ estimate }) => estimate), ...rows.map(({ stdError }) => stdError)]);
  const held = Object.entries(heldAt).map(([name, value]) => `${name} = ${formatNumber(value)}`);
  const scale = scaleName(fit, means);
  return [
    ...wrapped(cliMessages.meansOpening(names, scale), 110, "", "  "),
    ...wrappedSum(onOneLine(fit.formula), "", "    "),
    "",
    ...textTable([
      ...names.map((name): TextColumn => ({ heading: name, cells: cellsOf(rows.map(({ cell }) => cell[name]!)), align: "left" })),
      ...categoryColumn(rows),
      { heading: type === "response" ? "Response" : "Mean", cells: numbers.slice(0, rows.length) },
      { heading: "Std. Error", cells: numbers.slice(rows.length) },
      ...(df === "none" ? [] : [{ heading: "df", cells: rows.map((row) => formatDf(row.df)) }]),
      ...limitColumns(rows),
    ]),
    ...wrapped(cliMessages.meansFoot(percent(level), TESTS[df], averagedOver, weights, held), 110, "", "  "),
    ...(contrasts === null ? [] : contrastLines(contrasts)),
    ...noteLines(notes),
  ].join("\n");
}

/** What generalized and cumulative models have means of. */
function scaleName(fit: MixedFit, { mode, type }: MarginalMeans): string | null {
  if (!isGeneralized(fit)) return null;
  if (mode !== null && mode !== "latent") return mode;
  return type === "response" && mode === null ? "response" : `${fit.link} scale`;
}

function contrastLines({ rows, scale, adjust, level }: MeanContrasts): string[] {
  const numbers = formatColumn([...rows.map(({ estimate }) => estimate), ...rows.map(({ stdError }) => stdError)]);
  const within = [...new Set(rows.flatMap(({ by }) => Object.keys(by)))];
  // A contrast alone is not adjusted.
  const single = new Set(rows.map(({ by, category }) => JSON.stringify([by, category]))).size === rows.length;
  const tested = rows.map(({ df }) => df).some((df) => df !== null);
  return [
    "",
    cliMessages.contrastsHeading(percent(level), single ? null : adjust),
    ...textTable([
      ...within.map((name): TextColumn => ({ heading: name, cells: cellsOf(rows.map(({ by }) => by[name]!)), align: "left" })),
      ...categoryColumn(rows),
      { heading: "Contrast", cells: rows.map(({ contrast }) => contrast), align: "left" },
      { heading: scale === "difference" ? "Estimate" : scale === "ratio" ? "Ratio" : "Odds ratio", cells: numbers.slice(0, rows.length) },
      { heading: "Std. Error", cells: numbers.slice(rows.length) },
      ...(tested ? [{ heading: "df", cells: rows.map((row) => formatDf(row.df)) }] : []),
      ...limitColumns(rows),
      {
        heading: tested ? "t value" : "z value",
        cells: formatFixed(
          rows.map(({ statistic }) => statistic),
          2,
        ),
      },
      { heading: "p", cells: rows.map(({ pValue }) => formatP(pValue)) },
    ]),
  ];
}

function categoryColumn(rows: readonly { readonly category: string | null }[]): readonly TextColumn[] {
  if (rows.every(({ category }) => category === null)) return [];
  return [{ heading: "Category", cells: rows.map(({ category }) => category ?? ""), align: "left" }];
}

function limitColumns(rows: readonly { readonly lower: number; readonly upper: number }[]): readonly TextColumn[] {
  const limits = formatColumn([...rows.map(({ lower }) => lower), ...rows.map(({ upper }) => upper)]);
  return [
    { heading: "Lower", cells: limits.slice(0, rows.length) },
    { heading: "Upper", cells: limits.slice(rows.length) },
  ];
}

/** Levels as they are, numbers with the decimals they need. */
function cellsOf(values: readonly (string | number)[]): readonly string[] {
  return values.map((value) => (typeof value === "number" ? String(Number(value.toPrecision(6))) : value));
}
