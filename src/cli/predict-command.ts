/**
 * `mist predict`: predictions for a model's own rows or for those of another file, printed or written as CSV.
 */
import type { Column } from "../data/column.js";
import { Table } from "../data/table.js";
import { SCHEMA_VERSION } from "../inference/json.js";
import type { MixedFit } from "../inference/mixed-fit.js";
import { type NewUnits, type PredictedValues, type Predictions, type PredictOptions, predict } from "../inference/predict.js";
import { noteLines } from "../inference/summary/comparison-text.js";
import { formatColumn } from "../inference/summary/numbers.js";
import { onOneLine, type TextColumn, textTable, wrapped, wrappedSum } from "../inference/summary/text-table.js";
import { isDirectory } from "../io/files.js";
import { readSchema, readTable } from "../io/read-table.js";
import { writeTable } from "../io/write-table.js";
import { cliMessages, DataError } from "../messages.js";
import { type Choices, chosen } from "./choices.js";
import type { Command } from "./command.js";
import { percent } from "./interval-table.js";
import { checkModelOptions, givenFit, MODEL_OPTIONS, readingOf } from "./model-options.js";
import { coverageOf } from "./numbers.js";
import { type GivenOptions, readOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

const LEVELS: Choices = { what: "level of prediction", known: ["unit", "population"], later: [] };
const NEW_UNITS: Choices = { what: "choice for --new-units", known: ["error", "new", "unknown"], later: [] };
const TYPES: Choices = { what: "type of prediction", known: ["response", "link", "probabilities"], later: [] };
const INTERVALS: Choices = { what: "interval", known: ["none", "confidence", "prediction"], later: [] };

export const predictCommand: Command = {
  read: (argv) => {
    const given = readOptions(argv, {
      command: "mist predict",
      options: {
        ...MODEL_OPTIONS,
        formula: "value",
        newdata: "value",
        level: "value",
        "new-units": "value",
        type: "value",
        interval: "value",
        conf: "value",
        trials: "value",
        out: "value",
        json: "flag",
      },
    });
    checkModelOptions(given);
    predictOptions(given);
    return given;
  },
  async run(given) {
    const { fit, table } = await givenFit(given, "reml");
    const rows = await newData(given);
    const trials = trialsOf(given, rows ?? table);
    const predictions = predicted(fit, rows, { ...predictOptions(given), ...(trials === null ? {} : { trials }) });
    const path = given.value("out");
    if (path !== null) await writeTable(path, withPredictions(rows ?? table, predictions));
    if (given.flag("json")) return JSON.stringify(predictionsJson(fit, predictions), null, 2);
    return predictionsText(fit, predictions, path);
  },
};

/** What is said of units that the model has not seen also names the options. */
function predicted(fit: MixedFit, rows: Table | null, options: PredictOptions): Predictions {
  try {
    return predict(fit, rows ?? undefined, options);
  } catch (error) {
    const ofUnits = error instanceof DataError && error.rows.length > 0 && fit.groups.some(({ name }) => name === error.column);
    if (!ofUnits || options.newUnits !== "error") throw error;
    throw new DataError(`${error.message} ${cliMessages.newUnitsOption}`, { column: error.column ?? undefined, rows: error.rows });
  }
}

function predictOptions(given: GivenOptions): PredictOptions {
  const newUnits = given.value("new-units");
  const level = chosen(given.value("level") ?? "unit", LEVELS) as "unit" | "population";
  const type = chosen(given.value("type") ?? "response", TYPES) as "response" | "link" | "probabilities";
  const interval = chosen(given.value("interval") ?? "none", INTERVALS) as "none" | "confidence" | "prediction";
  const taken = newUnits === null ? "error" : (chosen(newUnits, NEW_UNITS) as NewUnits);
  if (newUnits !== null && level === "population") throw new UsageError(cliMessages.populationHasNoUnits);
  if (newUnits !== null && given.value("newdata") === null) throw new UsageError(cliMessages.newUnitsNeedNewData);
  if (given.value("trials") !== null && interval !== "prediction") throw new UsageError(cliMessages.trialsOfPrediction);
  if (given.value("conf") !== null && interval === "none") throw new UsageError(cliMessages.confWithoutInterval);
  return { type, level, interval, newUnits: taken, conf: coverageOf(given) };
}

/** Numbers of trials: one for all rows, or a column. */
function trialsOf(given: GivenOptions, rows: Table): number | Float64Array | null {
  const text = given.value("trials");
  if (text === null) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  const column = rows.has(text) ? rows.column(text) : null;
  if (column === null || column.kind !== "number") throw new UsageError(cliMessages.badTrials(text, rows.columnNames));
  return column.values;
}

/** The table of `--newdata`, null where it was not given. The schema holds for those of its columns that the file has. */
async function newData(given: GivenOptions): Promise<Table | null> {
  const path = given.value("newdata");
  if (path === null) return null;
  if (await isDirectory(path)) throw new UsageError(cliMessages.dataIsDirectory(path));
  const schemaPath = given.value("schema");
  if (schemaPath === null) return readTable(path, readingOf(given));
  const { primaryKey: _key, uniqueKeys: _keys, ...schema } = await readSchema(schemaPath);
  return readTable(path, { ...readingOf(given), schema: { ...schema, fieldsMatch: "partial" } });
}

/** The values of one quantity under names that begin with a full stop. */
function columnsOf({ values, stdErrors, lower, upper }: PredictedValues, of: string): readonly Column[] {
  const named = (name: string, numbers: Float64Array): Column => ({ kind: "number", name: `.${name}${of}`, values: numbers });
  return [
    named("predicted", values),
    named("stdError", stdErrors),
    ...(lower === null ? [] : [named("lower", lower)]),
    ...(upper === null ? [] : [named("upper", upper)]),
  ];
}

function withPredictions(table: Table, predictions: Predictions): Table {
  const added =
    predictions.categories === null
      ? columnsOf(predictions, "")
      : predictions.categories.flatMap((own) => columnsOf(own, `.${own.category}`));
  const twice = added.find(({ name }) => table.has(name));
  if (twice !== undefined) throw new UsageError(cliMessages.columnIsThere(twice.name));
  return Table.ofColumns([...table.columns, ...added]);
}

function predictionsJson(fit: MixedFit, predictions: Predictions): object {
  const { type, level, interval, conf, categories, units, notes, values } = predictions;
  const at = (own: PredictedValues, i: number): object => ({
    predicted: own.values[i]!,
    stdError: own.stdErrors[i]!,
    lower: own.lower?.[i] ?? null,
    upper: own.upper?.[i] ?? null,
  });
  return {
    schemaVersion: SCHEMA_VERSION,
    formula: fit.formula,
    family: fit.family,
    link: fit.link,
    type,
    level,
    interval,
    conf: interval === "none" ? null : conf,
    predictions: Array.from(values, (_, i) => ({
      row: i + 1,
      ...(categories === null ? at(predictions, i) : { categories: categories.map((own) => ({ category: own.category, ...at(own, i) })) }),
    })),
    units: units.map(({ group, taken }) => ({ group, taken })),
    notes,
  };
}

function predictionsText(fit: MixedFit, predictions: Predictions, path: string | null): string {
  const { type, level, interval, conf, categories, units, notes, values } = predictions;
  const missing = values.filter(Number.isNaN).length;
  const strangers = units.flatMap(({ group, taken }) =>
    (["new", "unknown", "missing"] as const).flatMap((kind) => {
      const count = taken.filter((own) => own === kind).length;
      return count === 0 ? [] : wrapped(cliMessages.takenUnits(onOneLine(group), kind, count), 110, "", "  ");
    }),
  );
  return [
    ...wrapped(
      cliMessages.predictOpening(type, level, values.length - missing, interval === "none" ? null : `${percent(conf)} ${interval}`),
      110,
      "",
      "  ",
    ),
    ...wrappedSum(onOneLine(fit.formula), "", "    "),
    ...strangers,
    ...(missing === 0 ? [] : [cliMessages.rowsWithout(missing)]),
    "",
    ...(path === null
      ? textTable(categories === null ? textColumns(predictions) : categoryColumns(predictions))
      : [cliMessages.predictedIn(path)]),
    ...noteLines(notes),
  ].join("\n");
}

function rowNumbers({ values }: PredictedValues): TextColumn {
  return { heading: "Row", cells: Array.from(values, (_, i) => String(i + 1)) };
}

function textColumns(own: PredictedValues): readonly TextColumn[] {
  const { values, stdErrors, lower, upper } = own;
  const shown = (heading: string, numbers: Float64Array): TextColumn => ({ heading, cells: formatColumn(Array.from(numbers)) });
  return [
    rowNumbers(own),
    shown("Predicted", values),
    shown("Std. Error", stdErrors),
    ...(lower === null ? [] : [shown("Lower", lower)]),
    ...(upper === null ? [] : [shown("Upper", upper)]),
  ];
}

/** One column a category; standard errors and intervals are in the file and in JSON. */
function categoryColumns(predictions: Predictions): readonly TextColumn[] {
  const own = predictions.categories ?? [];
  return [
    rowNumbers(predictions),
    ...own.map(({ category, values }): TextColumn => ({ heading: category, cells: formatColumn(Array.from(values)) })),
  ];
}
