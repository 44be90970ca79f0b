/**
 * A formula -> the level equations that it combines, to print a fit as users of HLM read it.
 *
 *   two levels     y_ij  = β0j + β1j*x_ij + r_ij          three levels   y_ijk = π0jk + π1jk*x_ijk + e_ijk
 *                  βqj   = γq0 + γq1*w_j + uqj                           πpjk  = βp0k + βp1k*w_jk + rpjk
 *                                                                        βpqk  = γpq0 + γpq1*z_k + upqk
 *
 * Each term is split by the levels of its variables: those of level 1 choose the coefficient of the first equation, those of level 2
 * the coefficient of its equation, those of level 3 that of the last.
 *
 * Source: Raudenbush & Bryk (2002), chapters 4 and 8.
 */
import { FormulaError, formulaMessages } from "../../messages.js";
import type { Formula, TermSet } from "./ast.js";

export interface LevelEquationsOptions {
  /** 1 where a variable (its text in the formula) varies within level-2 units, 2 where it is constant in them, 3 where in level-3 units. */
  readonly levelOf: (variable: string) => 1 | 2 | 3;
  /** Labels of the grouping factors from level 2 up; default: in the formula's order, which for (1 | a/b) is b:a, a. */
  readonly groups?: readonly string[];
}

export interface LevelEquations {
  readonly levels: readonly { readonly level: number; readonly group: string | null; readonly equations: readonly string[] }[];
  /** All equations put into one. */
  readonly mixed: string;
  /** The levels with headings, one equation a line: `levelEquations` reads it back. */
  readonly text: string;
}

/** A column of a model matrix as a product of variables' columns, each with its level; empty for the intercept. */
export type EquationColumn = readonly { readonly name: string; readonly level: 1 | 2 | 3 }[];

/** What level equations are written from. */
export interface EquationColumns {
  readonly response: string;
  readonly offsets: readonly string[];
  readonly fixed: readonly EquationColumn[];
  readonly random: readonly { readonly group: string; readonly effects: readonly EquationColumn[] }[];
  /** One label or two, from level 2 up. */
  readonly groups: readonly string[];
}

/** A coefficient as tables name it: `β1`, the product of the predictors it multiplies in its equation (none for an intercept). */
export interface CoefficientName {
  readonly symbol: string;
  readonly predictors: readonly string[];
}

/** The equations and, for each fixed column in the order given, the coefficients from level 1 up to its own. */
export interface ColumnEquations extends LevelEquations {
  readonly fixed: readonly (readonly CoefficientName[])[];
}

/**
 * A coefficient. Its equation, at the next level up, is the sum of its children, each times that child's predictors, and of a residual
 * where the coefficient is random. The root is the outcome; the leaves are the fixed effects.
 */
interface Coefficient {
  /** Numbers in the name: q and 1 in γq1. */
  readonly numbers: readonly number[];
  readonly predictors: readonly string[];
  readonly children: Map<string, Coefficient>;
  random: boolean;
}

/** Letters of coefficients and of residuals from level 1 up. */
interface Letters {
  readonly coefficients: readonly string[];
  readonly residuals: readonly string[];
}
const twoLevels: Letters = { coefficients: ["β", "γ"], residuals: ["r", "u"] };
const threeLevels: Letters = { coefficients: ["π", "β", "γ"], residuals: ["e", "r", "u"] };

/**
 * @throws FormulaError for a formula without response or random terms, with more than two grouping factors or multiple membership, or
 *   with a random slope of a variable that does not vary within its group
 * @example toLevelEquations(parseFormula("y ~ x + (1 | g)"), { levelOf: () => 1 }).mixed // => "y_ij = γ00 + γ10*x_ij + u0j + r_ij"
 */
export function toLevelEquations(formula: Formula, options: LevelEquationsOptions): LevelEquations {
  const { text, response } = formula;
  if (response === null) throw new FormulaError(formulaMessages.levelNoResponse(), text);
  const groups = options.groups ?? [...new Set(formula.random.map((term) => term.group.label))];
  if (groups.length === 0) throw new FormulaError(formulaMessages.levelNoGroups(), text);
  const odd = formula.random.find(({ group }) => group.kind === "membership" || !groups.includes(group.label));
  if (groups.length > 2 || odd !== undefined) throw new FormulaError(formulaMessages.levelTooMany(), text, odd?.span ?? null);

  const columnsOf = ({ intercept, terms }: TermSet): readonly EquationColumn[] => [
    ...(intercept ? [[]] : []),
    ...terms.map(({ variables }) => variables.map((variable) => ({ name: variable.text, level: options.levelOf(variable.text) }))),
  ];
  for (const { effects, group, span } of formula.random) {
    const below = groups.indexOf(group.label) + 1;
    const constant = columnsOf(effects)
      .flat()
      .find(({ level }) => level > below);
    if (constant !== undefined) throw new FormulaError(formulaMessages.levelSlope(constant.name, group.label), text, span);
  }
  const {
    levels,
    mixed,
    text: lines,
  } = equationsOfColumns({
    response: response.text,
    offsets: formula.fixed.offsets.map((offset) => offset.text),
    fixed: columnsOf(formula.fixed),
    random: formula.random.map(({ effects, group }) => ({ group: group.label, effects: columnsOf(effects) })),
    groups,
  });
  return { levels, mixed, text: lines };
}

/**
 * The level equations of a model matrix, one coefficient a column: a factor with three levels has two, as it has in a table of estimates.
 * The columns of a random term must vary within its units.
 */
export function equationsOfColumns({ response, offsets, fixed, random, groups }: EquationColumns): ColumnEquations {
  const depth = groups.length + 1;
  const root: Coefficient = { numbers: [], predictors: [], children: new Map(), random: false };
  const paths = fixed.map((column) => pathTo(root, column, depth));
  for (const { group, effects } of random)
    for (const column of effects) pathTo(root, column, groups.indexOf(group) + 1).at(-1)!.random = true;

  const letters = groups.length === 1 ? twoLevels : threeLevels;
  const outcome = withSubscript(response, 1, letters);
  const equations: string[][] = [[], ...groups.map((): string[] => [])];
  equations[0]!.push(`${outcome} = ${[...summandsOf(root, letters), ...offsets, residualName(root, letters)].join(" + ")}`);
  for (const coefficient of descendants(root)) {
    const level = coefficient.numbers.length + 1;
    if (level > letters.coefficients.length) continue;
    const residual = coefficient.random ? [residualName(coefficient, letters)] : [];
    equations[level - 1]!.push(
      `${coefficientName(coefficient, letters)} = ${[...summandsOf(coefficient, letters), ...residual].join(" + ")}`,
    );
  }
  const levels = equations.map((of, index) => ({ level: index + 1, group: groups[index - 1] ?? null, equations: of }));
  const lines = levels.flatMap(({ level, group, equations: of }) => [heading(level, group), ...of.map((equation) => `  ${equation}`)]);
  const leaves = leavesOf(root, [], letters).filter(({ level }) => level === letters.coefficients.length);
  const residuals = residualsOf(root, [], letters);
  const mixed = `${outcome} = ${[...leaves.map((leaf) => leaf.text), ...offsets, ...residuals, residualName(root, letters)].join(" + ")}`;
  const named = (coefficient: Coefficient): CoefficientName => ({
    symbol: symbolOf(coefficient, letters),
    predictors: coefficient.predictors,
  });
  return { levels, mixed, text: lines.join("\n"), fixed: paths.map((path) => path.map(named)) };
}

const heading = (level: number, group: string | null): string => `Level-${level}${group === null ? "" : ` (${group})`}:`;

/** The coefficients of a column from level 1 to `depth`; made where they are not there yet. */
function pathTo(root: Coefficient, column: EquationColumn, depth: number): readonly Coefficient[] {
  const path: Coefficient[] = [];
  let coefficient = root;
  for (let level = 1; level <= depth; level++) {
    // A variable of a level that this model does not have belongs to its highest level.
    const predictors = column.filter((part) => Math.min(part.level, depth) === level).map(({ name }) => name);
    const key = predictors.join(":");
    let child = coefficient.children.get(key);
    if (child === undefined) {
      // 0 is the intercept's number, whether or not there is one.
      const number = key === "" ? 0 : coefficient.children.size + (coefficient.children.has("") ? 0 : 1);
      child = { numbers: [...coefficient.numbers, number], predictors, children: new Map(), random: false };
      coefficient.children.set(key, child);
    }
    coefficient = child;
    path.push(child);
  }
  return path;
}

/** All coefficients below one, breadth first, so that each level's equations follow one another. */
function descendants(root: Coefficient): readonly Coefficient[] {
  const found: Coefficient[] = [...ordered(root)];
  for (let i = 0; i < found.length; i++) found.push(...ordered(found[i]!));
  return found;
}

const ordered = (coefficient: Coefficient): readonly Coefficient[] =>
  [...coefficient.children.values()].sort((a, b) => a.numbers[a.numbers.length - 1]! - b.numbers[b.numbers.length - 1]!);

const summandsOf = (coefficient: Coefficient, letters: Letters): readonly string[] =>
  ordered(coefficient).map((child) => [coefficientName(child, letters), ...predictorNames(child, letters)].join("*"));

const predictorNames = ({ predictors, numbers }: Coefficient, letters: Letters): readonly string[] =>
  predictors.map((name) => withSubscript(name, numbers.length, letters));

/** Each coefficient that has no equation, times the predictors of all levels. */
function leavesOf(
  coefficient: Coefficient,
  outer: readonly string[],
  letters: Letters,
): readonly { readonly level: number; readonly text: string }[] {
  const predictors = [...predictorNames(coefficient, letters), ...outer];
  if (coefficient.children.size > 0) return ordered(coefficient).flatMap((child) => leavesOf(child, predictors, letters));
  return [{ level: coefficient.numbers.length, text: [coefficientName(coefficient, letters), ...predictors].join("*") }];
}

function residualsOf(coefficient: Coefficient, outer: readonly string[], letters: Letters): readonly string[] {
  const predictors = [...predictorNames(coefficient, letters), ...outer];
  const own = coefficient.random ? [[residualName(coefficient, letters), ...predictors].join("*")] : [];
  return [...own, ...ordered(coefficient).flatMap((child) => residualsOf(child, predictors, letters))];
}

function coefficientName({ numbers }: Coefficient, letters: Letters): string {
  return `${symbolOf({ numbers }, letters)}${subscripts(numbers.length + 1, letters)}`;
}

/** The name without the units' subscripts. */
function symbolOf({ numbers }: Pick<Coefficient, "numbers">, letters: Letters): string {
  return `${letters.coefficients[numbers.length - 1]}${joined(numbers)}`;
}

function residualName({ numbers }: Coefficient, letters: Letters): string {
  const subscript = subscripts(numbers.length + 1, letters);
  return `${letters.residuals[numbers.length]}${numbers.length === 0 ? `_${subscript}` : `${joined(numbers)}${subscript}`}`;
}

const joined = (numbers: readonly number[]): string => numbers.join(numbers.some((number) => number > 9) ? "," : "");

/** ij, j, "" for levels 1, 2, 3 of two. */
const subscripts = (level: number, letters: Letters): string => "ijk".slice(level - 1, letters.coefficients.length);

const plainName = /^[\p{L}.][\p{L}\p{N}\p{M}._]*$/u;
const withSubscript = (name: string, level: number, letters: Letters): string =>
  plainName.test(name) ? `${name}_${subscripts(level, letters)}` : name;
