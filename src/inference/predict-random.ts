/**
 * The random part of rows on which a fit says something: which units they name, what these units' effects add, and the variance of
 * what they would add were they not known.
 *
 *   z_i'b_hat  over the units that the fit knows,     v_i = z_i'Sigma z_i  over those that it does not (or over all)
 *
 * A row of multiple membership adds up its members with their weights w: sum_m w_m z'b_m, of variance sum_m w_m^2 z'Sigma z.
 */
import type { Grouping } from "../models/formula/ast.js";
import { evaluate, evaluateVariable } from "../models/frame/evaluate.js";
import type { TableColumns } from "../models/frame/evaluation.js";
import { groupingFactor } from "../models/frame/groups.js";
import { recallFrom } from "../models/frame/memory.js";
import type { FrameRecipe } from "../models/frame/recipe.js";
import { eachMissing, type FactorValue } from "../models/frame/values.js";
import type { RandomRows } from "./predict-rows.js";

/** Calls `visit` for every unit that row i names in the term, with its share; level -1 is a unit that the fit does not know. */
export function eachUnit({ frame }: RandomRows, row: number, visit: (level: number, share: number) => void): void {
  const { membership, levelOf, effects } = frame;
  if (membership === null) {
    visit(levelOf[row]!, 1);
    return;
  }
  const n = effects.rowCount;
  for (let m = 0; m < membership.count; m++) {
    const share = membership.weights[m * n + row]!;
    if (share !== 0) visit(membership.levelOf[m * n + row]!, share);
  }
}

/** z'b_hat of the units that the fit knows, by predictor; NaN where a variable of the effects is missing. */
export function knownEffects(random: readonly RandomRows[], predictorCount: number, rowCount: number): Float64Array[] {
  const out = Array.from({ length: predictorCount }, () => new Float64Array(rowCount));
  for (const rows of random) {
    const { effects } = rows.frame;
    const { modes } = rows.term;
    const size = rows.term.effects.length;
    const into = out[rows.predictor]!;
    for (let i = 0; i < rowCount; i++) {
      eachUnit(rows, i, (level, share) => {
        if (level < 0) return;
        for (let s = 0; s < size; s++) into[i] = into[i]! + share * effects.values[s * rowCount + i]! * modes[level * size + s]!;
      });
    }
  }
  return out;
}

/**
 * z'Sigma z by predictor.
 *
 * @param which "all": as if no unit were known; "unknown": over the units that the fit does not know
 * @param sigma the terms' covariance matrices, default the fit's
 */
export function randomVariances(
  random: readonly RandomRows[],
  predictorCount: number,
  rowCount: number,
  which: "all" | "unknown",
  sigma: (rows: RandomRows, index: number) => Float64Array = ({ term }) => term.sigma,
): Float64Array[] {
  const out = Array.from({ length: predictorCount }, () => new Float64Array(rowCount));
  random.forEach((rows, index) => {
    const { values } = rows.frame.effects;
    const size = rows.term.effects.length;
    const matrix = sigma(rows, index);
    const into = out[rows.predictor]!;
    for (let i = 0; i < rowCount; i++) {
      let shares = 0;
      eachUnit(rows, i, (level, share) => {
        if (which === "all" || level < 0) shares += share * share;
      });
      if (shares === 0) continue;
      let variance = 0;
      for (let b = 0; b < size; b++) {
        const zb = values[b * rowCount + i]!;
        for (let a = 0; a < size; a++) variance += values[a * rowCount + i]! * matrix[b * size + a]! * zb;
      }
      into[i] = into[i]! + shares * variance;
    }
  });
  return out;
}

/** What a row's unit is to the fit. */
export type UnitStatus = "known" | "not in the fit" | "missing";

/** The units that the rows of a table name. */
export interface NamedUnits {
  readonly group: string;
  readonly status: readonly UnitStatus[];
  /** Rows (0-based) with a unit that the fit did not have, and its name. */
  readonly strangers: readonly { readonly row: number; readonly name: string }[];
  /** The fit's units. */
  readonly levels: readonly string[];
}

/** For each grouping factor of the recipe's random terms. The table has the columns (designForNewData has read them). */
export function namedUnits(recipe: FrameRecipe, table: TableColumns, random: readonly RandomRows[]): readonly NamedUnits[] {
  const done = new Set<string>();
  return recipe.formula.random.flatMap(({ group }): NamedUnits[] => {
    if (done.has(group.label)) return [];
    done.add(group.label);
    const rows = random.find(({ frame }) => frame.group === group.label);
    return rows === undefined ? [] : [unitsOfGroup(recipe, group, table, rows)];
  });
}

function unitsOfGroup(recipe: FrameRecipe, group: Grouping, table: TableColumns, rows: RandomRows): NamedUnits {
  const factors = new Map<string, FactorValue>();
  const variables = group.kind === "factor" ? group.variables : group.members;
  const values = variables.map((variable) => {
    const { remembered } = recipe.variables.find(({ text }) => text === variable.text)!;
    return evaluateVariable(variable, {
      table,
      formula: recipe.formula.text,
      memory: recallFrom(remembered),
      used: null,
      factors,
      evaluate,
    });
  });
  const absent = values.map((value) => {
    const marks = new Uint8Array(table.rowCount);
    eachMissing(value, table.rowCount, (row) => {
      marks[row] = 1;
    });
    return marks;
  });
  const named = values.map(groupingFactor);
  const status: UnitStatus[] = [];
  const strangers: { row: number; name: string }[] = [];
  const { levels } = rows.frame;
  const known = new Set(levels);
  for (let i = 0; i < table.rowCount; i++) {
    const present = named.filter((_, v) => absent[v]![i] === 0).map(({ codes, levels: own }) => own[codes[i]!]!);
    if (group.kind === "factor") {
      if (present.length < named.length) status.push("missing");
      else if (rows.frame.levelOf[i]! >= 0) status.push("known");
      else {
        status.push("not in the fit");
        strangers.push({ row: i, name: present.join(":") });
      }
      continue;
    }
    const unfamiliar = present.filter((name) => !known.has(name));
    status.push(present.length === 0 ? "missing" : unfamiliar.length === 0 ? "known" : "not in the fit");
    for (const name of unfamiliar) strangers.push({ row: i, name });
  }
  return { group: group.label, status, strangers, levels };
}
