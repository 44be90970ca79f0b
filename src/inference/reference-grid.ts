/**
 * The reference grid of a fit (Lenth 2016; Searle, Speed & Milliken 1980): every combination of its factors' levels, with numeric
 * predictors at their means over the rows used, or at given values.
 *
 * Variables are computed from the grid's columns as they were in the fit, so that `poly(x, 2)`, `ns(x, 3)` or `cgm(x)` are those of x at its
 * mean. Of a column that stands in the formula only inside such an expression the fit does not keep the values: its mean is known where the
 * expression remembers it (`cgm`, `scale`, `poly`) and from the table where that is given; else the expression itself, `log(x)`, is held at its
 * own mean. What depends on a unit's mean, `cwc(x, g)` and `groupMean(x, g)`, is always held at its own mean unless values are given for it.
 */
import { Table } from "../data/table.js";
import { DataError, didYouMean, FitError, type Note, predictionMessages } from "../messages.js";
import type { Formula, TermSet, Variable } from "../models/formula/ast.js";
import { namesIn } from "../models/formula/variables.js";
import type { Predictor } from "../models/frame/design-matrix.js";
import type { TableColumns } from "../models/frame/evaluation.js";
import { designForNewData } from "../models/frame/new-data.js";
import type { FrameRecipe, RememberedVariable } from "../models/frame/recipe.js";
import { variablesOfTerms } from "../models/frame/variables.js";
import type { MixedFit } from "./mixed-fit.js";
import type { PartDesign, RowDesigns } from "./predict-rows.js";

/** One value or several, of a column or of a variable as it stands in the formula. */
export type GridValues = Readonly<Record<string, number | string | boolean | readonly (number | string | boolean)[]>>;

export interface GridOptions {
  /** Values by column (`x`) or by variable (`cwc(x, g)`); a factor's levels may be chosen too. Default: means, and all levels. */
  readonly at?: GridValues | undefined;
  /** The table that the model was fitted to: needed only where the formula has a column inside functions alone. */
  readonly data?: TableColumns | undefined;
}

/** One thing that varies over the grid, or is held in it. */
export interface GridDimension {
  /** A column's name, or a variable's text. */
  readonly name: string;
  readonly kind: "factor" | "number";
  /** The values of the grid, levels or numbers. */
  readonly values: readonly (string | number)[];
  /** The rows used: index of each row's level among all of the fit's; null for numbers. */
  readonly codes: Int32Array | null;
  readonly levels: readonly string[];
  /** Of numbers: their standard deviation over the rows used, or what is known of their size; positive. */
  readonly spread: number;
}

export interface ReferenceGrid {
  readonly dimensions: readonly GridDimension[];
  /** Number of cells: the product of the dimensions' numbers of values, the first running fastest. */
  readonly cellCount: number;
  /** By dimension: index of each cell's value. */
  readonly index: readonly Int32Array[];
  readonly notes: readonly Note[];
  /** The design of the cells; a numeric dimension moved by `by`, for slopes. */
  designs(moved?: { readonly name: string; readonly by: number }): RowDesigns;
  /** Columns of a random term's effects, cells x S. */
  effects(term: TermSet): PartDesign["fixed"];
}

/** Cells of a grid; more would be a misunderstanding. */
const MOST_CELLS = 100_000;

/** Columns under which values of held variables are found. */
const heldColumn = (text: string): string => `\u0000${text}`;

/**
 * @throws FitError for values of what is no predictor, values that are no levels, and expressions of several columns without values
 */
export function referenceGrid(fit: MixedFit, options: GridOptions = {}): ReferenceGrid {
  const { frame } = fit;
  const recipes = [frame.recipe, ...frame.further.map(({ recipe }) => recipe)];
  const predictors = new Map<string, Predictor>([...frame.predictors, ...frame.further.flatMap((own) => [...own.predictors])]);
  const variables = distinct(recipes.flatMap(gridVariables));
  const remembered = new Map(recipes.flatMap((recipe) => recipe.variables.map((own) => [own.text, own] as const)));
  const at = new Map(
    Object.entries(options.at ?? {}).map(([name, given]) => [
      name,
      (Array.isArray(given) ? given : [given]) as readonly (number | string | boolean)[],
    ]),
  );
  const notes: Note[] = [];
  const dimensions = new Map<string, GridDimension>();
  const held = new Set<string>();
  const sources = new Map<string, ColumnSource>();
  for (const variable of variables) {
    const predictor = predictors.get(variable.text);
    if (variable.expression.kind === "name" && predictor !== undefined) sources.set(variable.expression.name, { predictor });
  }
  const tableColumn = (name: string): ColumnSource | null => columnOfTable(options.data, name, frame.rows);
  const known = (name: string, variable: Variable): boolean => {
    if (sources.has(name)) return true;
    const found = at.has(name) ? { numbers: null } : (tableColumn(name) ?? rememberedMean(variable, remembered.get(variable.text)!));
    if (found === null) return false;
    sources.set(name, found);
    return true;
  };
  const add = (name: string, source: ColumnSource): void => {
    if (!dimensions.has(name)) dimensions.set(name, dimensionOf(name, source, at.get(name)));
  };
  for (const variable of variables) {
    const own = remembered.get(variable.text)!;
    const byUnit = own.remembered.some(({ kind }) => kind === "unit-means");
    const names = [...new Set(namesIn(variable.expression))].filter((name) => !CONSTANTS.has(name));
    const named = at.has(variable.text) && variable.expression.kind !== "name";
    const predictor = predictors.get(variable.text);
    if (byUnit && !named) {
      const asked = names.find((name) => at.has(name));
      if (asked !== undefined) throw new FitError(predictionMessages.gridUnitMean(asked, variable.text));
    }
    if (!byUnit && !named && names.every((name) => known(name, variable))) {
      for (const name of names) add(name, sources.get(name)!);
      continue;
    }
    if (predictor === undefined) continue;
    if (predictor.kind === "numeric" && predictor.width > 1) throw new FitError(predictionMessages.gridMatrix(variable.text, names));
    held.add(variable.text);
    add(variable.text, { predictor });
    if (predictor.kind === "numeric" && !byUnit && !named)
      notes.push({ code: "held", message: predictionMessages.gridHeld(variable.text, names) });
  }
  for (const name of at.keys()) {
    if (dimensions.has(name)) continue;
    const all = [...dimensions.keys()];
    throw new FitError(predictionMessages.gridNoPredictor(name, all, didYouMean(name, all)));
  }
  return gridOf(fit, [...dimensions.values()], held, notes);
}

const CONSTANTS: ReadonlySet<string> = new Set(["TRUE", "FALSE", "pi"]);

/** Where the values of a column come from. */
interface ColumnSource {
  readonly predictor?: Predictor;
  /** Over the rows used; null where only given values will do. */
  readonly numbers?: Float64Array | null;
  readonly mean?: number;
}

function distinct(variables: readonly Variable[]): readonly Variable[] {
  return [...new Map(variables.map((variable) => [variable.text, variable])).values()];
}

/** What the fixed part is made of; what random terms have besides is not needed for means. */
function gridVariables({ formula }: FrameRecipe): readonly Variable[] {
  return [...variablesOfTerms(formula.fixed), ...formula.random.flatMap(({ effects }) => variablesOfTerms(effects))];
}

function columnOfTable(table: TableColumns | undefined, name: string, rows: Int32Array): ColumnSource | null {
  if (table === undefined || !table.has(name)) return null;
  const column = table.column(name);
  const take = (values: ArrayLike<number>): Int32Array => Int32Array.from(rows, (row) => values[row]!);
  switch (column.kind) {
    case "number":
      return { numbers: Float64Array.from(rows, (row) => column.values[row]!) };
    case "boolean":
      return { predictor: { kind: "factor", codes: take(column.values), levels: ["FALSE", "TRUE"], contrasts: NO_CODING } };
    case "factor":
      return { predictor: { kind: "factor", codes: take(column.codes), levels: column.levels, contrasts: NO_CODING } };
    case "text": {
      const levels = [...new Set(column.values.filter((value) => value !== null))].sort();
      const codes = Int32Array.from(rows, (row) => levels.indexOf(column.values[row] ?? ""));
      return { predictor: { kind: "factor", codes, levels, contrasts: NO_CODING } };
    }
  }
}

/** Codes of a column that only expressions use: it is never a predictor itself. */
const NO_CODING = { name: "treatment", columnNames: [], values: new Float64Array(0) } as const;

/** The mean of x that `cgm(x)`, `scale(x)` and `poly(x, d)` remember. */
function rememberedMean({ expression }: Variable, { remembered }: RememberedVariable): ColumnSource | null {
  if (expression.kind !== "call" || expression.args[0]?.value.kind !== "name") return null;
  for (const entry of remembered) {
    if (expression.callee === "cgm" && entry.kind === "mean") return { mean: entry.mean };
    if (expression.callee === "scale" && entry.kind === "scale" && entry.center !== 0) return { mean: entry.center };
    if (expression.callee === "poly" && entry.kind === "polynomials") return { mean: entry.basis.mean };
  }
  return null;
}

function dimensionOf(name: string, source: ColumnSource, given: readonly (number | string | boolean)[] | undefined): GridDimension {
  const { predictor } = source;
  if (predictor?.kind === "factor") {
    const { levels, codes } = predictor;
    const values = given === undefined ? levels : given.map((value) => levelNamed(name, value, levels));
    return { name, kind: "factor", values, codes, levels, spread: 1 };
  }
  if (given !== undefined) {
    const wrong = given.find((value) => typeof value !== "number" || !Number.isFinite(value));
    if (wrong !== undefined || given.length === 0) throw new FitError(predictionMessages.gridNumbers(name, String(wrong ?? "")));
  }
  const numbers = predictor?.values ?? source.numbers ?? null;
  const values = given?.map(Number) ?? [source.mean ?? meanOf(numbers!)];
  return { name, kind: "number", values, codes: null, levels: [], spread: spreadOf(numbers, values) };
}

function spreadOf(numbers: Float64Array | null, values: readonly number[]): number {
  if (numbers !== null) {
    const mean = meanOf(numbers);
    const sd = Math.sqrt(meanOf(numbers.map((x) => (x - mean) ** 2)));
    if (sd > 0) return sd;
  }
  return Math.max(...values.map(Math.abs)) || 1;
}

function levelNamed(name: string, value: number | string | boolean, levels: readonly string[]): string {
  const text = typeof value === "boolean" ? String(value).toUpperCase() : String(value);
  if (!levels.includes(text)) throw new FitError(predictionMessages.gridLevel(name, text, levels, didYouMean(text, levels)));
  return text;
}

function gridOf(fit: MixedFit, dimensions: readonly GridDimension[], held: ReadonlySet<string>, notes: readonly Note[]): ReferenceGrid {
  const { frame } = fit;
  const cellCount = dimensions.reduce((product, { values }) => product * values.length, 1);
  if (cellCount > MOST_CELLS) {
    throw new FitError(
      predictionMessages.gridTooLarge(
        cellCount,
        dimensions.map(({ name, values }) => `${name} (${values.length})`),
      ),
    );
  }
  let stride = 1;
  const index = dimensions.map(({ values }) => {
    const own = stride;
    stride *= values.length;
    return Int32Array.from({ length: cellCount }, (_, cell) => Math.floor(cell / own) % values.length);
  });
  const tableOf = (moved?: { readonly name: string; readonly by: number }): Table => {
    const columns = dimensions.map(({ name, kind, values, levels }, d) => {
      const columnName = held.has(name) ? heldColumn(name) : name;
      if (kind === "number") {
        const by = moved?.name === name ? moved.by : 0;
        return { kind: "number" as const, name: columnName, values: Float64Array.from(index[d]!, (k) => Number(values[k]) + by) };
      }
      const codes = Int32Array.from(index[d]!, (k) => levels.indexOf(String(values[k])));
      if (isLogical(frame.recipe, name)) return { kind: "boolean" as const, name: columnName, values: Int8Array.from(codes) };
      return { kind: "factor" as const, name: columnName, codes, levels, ordered: false };
    });
    // A table without columns has no rows: models of an intercept alone.
    const rows = { kind: "number" as const, name: heldColumn(""), values: new Float64Array(cellCount) };
    return Table.ofColumns([...columns, rows]);
  };
  return {
    dimensions,
    cellCount,
    index,
    notes,
    designs: (moved) => {
      const table = tableOf(moved);
      const designOf = (recipe: FrameRecipe, offset: Float64Array | null): PartDesign => {
        const { fixed } = designForNewData(heldRecipe(recipe, recipe.formula.fixed, held), table, { random: false });
        return { fixed, offset: offset === null ? null : new Float64Array(cellCount).fill(meanOf(offset)), random: [] };
      };
      return {
        rowCount: cellCount,
        main: designOf(frame.recipe, frame.offset),
        further: new Map(frame.further.map(({ part, recipe, offset }) => [part, designOf(recipe, offset)])),
      };
    },
    effects: (terms) => {
      const recipe = [frame.recipe, ...frame.further.map((own) => own.recipe)].find(({ formula }) =>
        formula.random.some(({ effects }) => effects === terms),
      )!;
      return designForNewData(heldRecipe(recipe, terms, held), tableOf(), { random: false }).fixed;
    },
  };
}

const meanOf = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;

function isLogical({ variables }: FrameRecipe, name: string): boolean {
  const own = variables.find(({ text }) => text === name);
  return own?.remembered.length === 1 && own.remembered[0]!.kind === "column" && own.remembered[0]!.type === "logical";
}

/** The recipe of some terms alone, without offsets; variables that are held are read from columns of their own. */
function heldRecipe(recipe: FrameRecipe, terms: TermSet, held: ReadonlySet<string>): FrameRecipe {
  const replaced = (variable: Variable): Variable =>
    held.has(variable.text)
      ? { text: variable.text, expression: { kind: "name", name: heldColumn(variable.text), span: variable.expression.span } }
      : variable;
  const fixed: TermSet = {
    ...terms,
    terms: terms.terms.map((term) => ({ ...term, variables: term.variables.map(replaced) })),
    offsets: [],
  };
  const formula: Formula = { ...recipe.formula, fixed, random: [] };
  const variables = recipe.variables.map((own): RememberedVariable => {
    if (!held.has(own.text) || own.coding === null) return own;
    const { coding } = own;
    if (coding.kind === "numeric") return { ...own, remembered: [{ kind: "column", type: "numeric" }] };
    return { ...own, remembered: [{ kind: "levels", levels: coding.levels, ordered: false, source: "factor" }] };
  });
  return { schemaVersion: 1, formula, variables, groups: [] };
}

/** The dimension of this name; a column of which one factor alone is made, `factor(x)`, may be named for it. @throws DataError for none */
export function dimensionNamed(grid: ReferenceGrid, name: string): GridDimension {
  const exact = grid.dimensions.find((own) => own.name === name);
  if (exact !== undefined) return exact;
  const inside = grid.dimensions.filter(
    (own) => own.kind === "factor" && own.name.includes("(") && own.name.split(/[^\p{L}\p{N}._]+/u).includes(name),
  );
  if (inside.length === 1) return inside[0]!;
  const names = grid.dimensions.map((own) => own.name);
  throw new DataError(predictionMessages.gridNoPredictor(name, names, didYouMean(name, names)), { column: name });
}
