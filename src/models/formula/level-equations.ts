/**
 * Level equations, as users of HLM write them -> the mixed-model formula that they combine to.
 *
 *   Level-1: mathach_ij = b0j + b1j*cses + r_ij
 *   Level-2 (school): b0j = g00 + g01*meanses + u0j
 *                     b1j = g10 + u1j
 *
 * Grammar, a line (or what stands before a semicolon) being one equation; a line that ends with + * = or begins with + * goes on:
 *   heading      Level-1:  Level 2 (group):  Level-1 Model  LEVEL 2 MODEL (group)   the equations follow in the same line or below
 *   equation     outcome or coefficient = term + term + ...
 *   term         coefficient | coefficient*predictor | coefficient*predictor*predictor | residual | offset(x) at level 1
 *   coefficient  b, beta, β; g, gamma, γ; p, pi, π; d, delta, δ, then digits, then subscripts: b0j, β_{0j}, beta_0j, π₀ⱼ
 *   residual     e, r, u, v, ε, then digits and subscripts, both optional: r_ij, u0j, e
 *   predictor    a column or an expression of columns, in parentheses or not; subscripts _i, _ij, _{ijk} are taken off, and so are
 *                ij and the like after HLM's capitals (SESij), unless a column is so called
 * What stands before the first heading without =, and under "Mixed model" and "Formula", is passed over: what HLM and
 * `summary(fit, { style: "hlm" })` print can be read as it is.
 *
 * A coefficient without an equation of its own is a fixed effect. Two levels or more. With three, the units of level 2 are
 * those within the units of level 3: level 2 (child) and level 3 (school) give the groups school:child and school, as
 * (1 | school/child) does, so that children may be numbered afresh in each school. A group that already names the higher
 * one (child:school) stays as it is.
 *
 * Source: Raudenbush & Bryk (2002), chapters 4 and 8.
 */
import { FormulaError, formulaMessages, type Span } from "../../messages.js";
import { deparse } from "./deparse.js";
import { parseFormula } from "./formula.js";
import { parseExpression } from "./parser.js";
import { type Piece, piecesOf, splitAt } from "./pieces.js";
import { withoutParentheses } from "./variables.js";

export interface LevelEquationOptions {
  /** Grouping factors from level 2 up, the innermost first; a group in a heading, `Level-2 (school):`, comes before them. */
  readonly groups?: readonly string[];
  /** The table's columns: a name that is one of them keeps what looks like a subscript. */
  readonly columns?: readonly string[];
}

interface Equation {
  readonly level: number;
  readonly left: Piece;
  readonly terms: readonly EquationTerm[];
}

type EquationTerm =
  | { readonly kind: "coefficient"; readonly key: string; readonly predictors: readonly string[] }
  | { readonly kind: "residual" }
  | { readonly kind: "offset"; readonly text: string };

/** What the equations add up to: products of predictors with fixed coefficients, and those with a random one at each level. */
interface Combined {
  readonly fixed: string[][];
  readonly random: Map<number, string[][]>;
  readonly offsets: string[];
}

/**
 * The formula that level equations combine to. Cross-level products carry the higher level's predictor first.
 *
 * @throws FormulaError with the position in the equations: no heading, no =, a term that is none of the above, a coefficient that the
 *   level below does not have or that has two equations, a level with residuals but without a group
 * @example levelEquations("Level-1: y_ij = b0j + r_ij\nLevel-2: b0j = g00 + u0j", { groups: ["school"] }) // => "y ~ 1 + (1 | school)"
 */
export function levelEquations(text: string, options: LevelEquationOptions = {}): string {
  const { equations, groups } = read(text, options);
  const first = equations.filter(({ level }) => level === 1);
  if (first.length === 0) throw new FormulaError(formulaMessages.levelOneMissing(), text);
  if (first.length > 1) throw new FormulaError(formulaMessages.levelOneTwice(), text, spanOf(first[1]!.left));
  const ofCoefficient = new Map<string, Equation>();
  for (const equation of equations) if (equation.level > 1) addCoefficient(equation, equations, ofCoefficient, text);

  const combined: Combined = { fixed: [], random: new Map(), offsets: [] };
  combine(first[0]!, [], ofCoefficient, combined);
  const randomTerms = [...combined.random].sort(([a], [b]) => a - b).map(([level, products]) => randomTerm(level, products, groups, text));
  const outcome = predictorText(first[0]!.left, text, options);
  const formula = `${outcome} ~ ${[sum(combined.fixed), ...combined.offsets, ...randomTerms].join(" + ")}`;
  parseFormula(formula);
  return formula;
}

/** `meanses + sector + meanses:cses`; 1 alone is written out, and so is that there is none. */
function sum(products: readonly (readonly string[])[]): string {
  const terms = products.filter((product) => product.length > 0).map((product) => product.join(":"));
  const intercept = terms.length < products.length;
  if (!intercept) return ["0", ...terms].join(" + ");
  return terms.length === 0 ? "1" : terms.join(" + ");
}

function randomTerm(level: number, products: readonly (readonly string[])[], groups: ReadonlyMap<number, string>, text: string): string {
  const group = groups.get(level);
  if (group === undefined) throw new FormulaError(formulaMessages.levelGroupMissing(level), text);
  const effects = sum(products);
  const written = effects.startsWith("0") || effects === "1" ? effects : `1 + ${effects}`;
  return `(${written} | ${group})`;
}

/** Adds an equation's terms times `outer`, the predictors that its coefficient multiplies in the levels below. */
function combine(equation: Equation, outer: readonly string[], ofCoefficient: ReadonlyMap<string, Equation>, into: Combined): void {
  for (const term of equation.terms) {
    if (term.kind === "offset") into.offsets.push(term.text);
    else if (term.kind === "residual") {
      if (equation.level === 1) continue;
      const products = into.random.get(equation.level) ?? [];
      products.push([...outer]);
      into.random.set(equation.level, products);
    } else {
      const product = [...term.predictors, ...outer];
      const next = ofCoefficient.get(`${equation.level + 1} ${term.key}`);
      if (next === undefined) into.fixed.push(product);
      else combine(next, product, ofCoefficient, into);
    }
  }
}

function addCoefficient(equation: Equation, equations: readonly Equation[], ofCoefficient: Map<string, Equation>, text: string): void {
  const { left, level } = equation;
  const key = coefficientKey(left.text);
  const below = equations.filter((other) => other.level === level - 1);
  const known = key !== null && below.some(({ terms }) => terms.some((term) => term.kind === "coefficient" && term.key === key));
  if (!known) throw new FormulaError(formulaMessages.levelCoefficientUnknown(left.text, level), text, spanOf(left));
  const place = `${level} ${key}`;
  if (ofCoefficient.has(place)) throw new FormulaError(formulaMessages.levelCoefficientTwice(left.text), text, spanOf(left));
  ofCoefficient.set(place, equation);
}

const heading = /^level[\s-]*(\d)(?:\s+model)?\s*(?:\(((?:[^()]|\([^()]*\))*)\))?\s*(?::|$)/i;
/** What follows repeats the equations in another form. */
const repetition = /^(?:(?:mixed|combined)[\s-]*model|formula)\s*(?::|$)/i;

function read(
  text: string,
  options: LevelEquationOptions,
): { readonly equations: readonly Equation[]; readonly groups: ReadonlyMap<number, string> } {
  const equations: Equation[] = [];
  const groups = new Map((options.groups ?? []).map((group, index) => [index + 2, group]));
  let level: number | null = null;
  const lines = equationLines(text);
  const firstHeading = lines.findIndex((line) => heading.test(line.text));
  let passedOver = false;
  for (const [index, line] of lines.entries()) {
    const head = heading.exec(line.text);
    const body = head === null ? line : trimmed({ text: line.text.slice(head[0].length), start: line.start + head[0].length });
    if (head !== null) {
      level = Number(head[1]);
      const group = head[2]?.trim() ?? "";
      if (group !== "" && level > 1) groups.set(level, group);
    }
    passedOver = head === null && (passedOver || repetition.test(line.text));
    const preamble = index < firstHeading && splitAt(line, "=").length === 1;
    if (body.text === "" || passedOver || preamble) continue;
    if (level === null || level === 0) throw new FormulaError(formulaMessages.levelHeadingMissing(), text, spanOf(line));
    equations.push(readEquation(body, level, text, options));
  }
  return { equations, groups: nested(groups) };
}

/** Lines, those joined that are one equation broken at a sign. */
function equationLines(text: string): readonly Piece[] {
  const lines: Piece[] = [];
  for (const piece of piecesOf(text)) {
    const last = lines.at(-1);
    const end = last === undefined ? 0 : last.start + last.text.length;
    const goesOn = last !== undefined && (/[+*=]$/.test(last.text) || /^[+*]/.test(piece.text));
    if (goesOn && !text.slice(end, piece.start).includes(";") && !heading.test(piece.text) && !repetition.test(piece.text))
      lines[lines.length - 1] = { text: text.slice(last.start, piece.start + piece.text.length), start: last.start };
    else lines.push(piece);
  }
  return lines;
}

/** Each group within the next higher one: child and school become school:child and school. */
function nested(groups: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  const variablesOf = (group: string): readonly string[] => splitAt({ text: group, start: 0 }, ":").map(({ text }) => text.trim());
  const labels = new Map<number, string>();
  let outer: readonly string[] = [];
  for (const [level, group] of [...groups].sort(([a], [b]) => b - a)) {
    const own = variablesOf(group);
    const missing = outer.filter((variable) => !own.includes(variable));
    const label = missing.length === 0 ? group : [...missing, ...own].join(":");
    labels.set(level, label);
    outer = variablesOf(label);
  }
  return labels;
}

function readEquation(line: Piece, level: number, text: string, options: LevelEquationOptions): Equation {
  const sides = splitAt(line, "=").map(trimmed);
  if (sides.length !== 2 || sides.some((side) => side.text === ""))
    throw new FormulaError(formulaMessages.levelEquation(), text, spanOf(line));
  const [left, right] = sides as [Piece, Piece];
  const terms = splitAt(right, "+").map((term) => readTerm(trimmed(term), level, text, options));
  return { level, left, terms };
}

function readTerm(term: Piece, level: number, text: string, options: LevelEquationOptions): EquationTerm {
  const factors = splitAt(term, "*").map(trimmed);
  const only = factors.length === 1 ? term.text : null;
  if (only !== null && residual.test(plain(only)) && !(options.columns ?? []).includes(only)) return { kind: "residual" };
  if (only?.startsWith("offset(") && level === 1) return { kind: "offset", text: predictorText(term, text, options) };
  const at = factors.findIndex((factor) => coefficientKey(factor.text) !== null);
  if (at < 0) throw new FormulaError(formulaMessages.levelTerm(term.text), text, spanOf(term));
  const predictors = factors.filter((_, index) => index !== at).map((factor) => predictorText(factor, text, options));
  return { kind: "coefficient", key: coefficientKey(factors[at]!.text)!, predictors };
}

const coefficient = /^(beta|gamma|delta|pi|[bgpdβγπδ])_?\{?(\d+(?:,\d+)*)_?[ijkt]{0,3}\}?$/i;
const residual = /^(?:epsilon|[eruvε])(?:_?\{?\d*(?:,\d+)*_?[ijkt]{0,3}\}?)$/i;
const families: Readonly<Record<string, string>> = { b: "β", g: "γ", p: "π", d: "δ" };

/** `β0` for b0j, β_{0j} and beta_0j alike; null for what is no coefficient. */
function coefficientKey(text: string): string | null {
  const match = coefficient.exec(plain(text));
  if (match === null) return null;
  const letter = match[1]![0]!.toLowerCase();
  return `${families[letter] ?? letter}${match[2]}`;
}

const raised = "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₜ";
const lowered = "0123456789ijkt";
/** Subscripts of Unicode as plain signs. */
const plain = (text: string): string => text.replace(/[₀-₉ᵢⱼₖₜ]/gu, (sign) => lowered[raised.indexOf(sign)]!);

const subscript = /_?(?:[ᵢⱼₖₜ]{1,3}|(?<=_)(?:[ijkt]{1,3}|\{[ijkt]{1,3}\}))$/u;
const nameOnly = /^[\p{L}.][\p{L}\p{N}\p{M}._]*(?:_\{[ijkt]{1,3}\}|[ᵢⱼₖₜ]{1,3})?$/u;

/** HLM's names are capitals; what follows in small letters is the subscript. */
const capitals = /^[A-Z][A-Z0-9_]*[A-Z0-9](?:t?ij?k?|jk?|k)$/;

function predictorText(piece: Piece, text: string, options: LevelEquationOptions): string {
  if (piece.text === "") throw new FormulaError(formulaMessages.levelTerm(piece.text), text, spanOf(piece));
  const columns = options.columns ?? [];
  // HLM writes each predictor in parentheses.
  const name = /^\(\s*([^()]*?)\s*\)$/u.exec(piece.text)?.[1] ?? piece.text;
  if (nameOnly.test(name) && !columns.includes(name)) return name.replace(capitals.test(name) ? /[ijkt]+$/ : subscript, "");
  try {
    const expression = parseExpression(piece.text);
    const bare = withoutParentheses(expression);
    const arithmetic = bare.kind === "unary" || (bare.kind === "binary" && bare.operator !== ":");
    return arithmetic ? `I(${deparse(bare)})` : deparse(bare);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const span = error.span ?? { start: 0, end: piece.text.length };
    throw new FormulaError(error.message.split("\n")[0]!, text, { start: span.start + piece.start, end: span.end + piece.start });
  }
}

function trimmed({ text, start }: Piece): Piece {
  const before = text.length - text.trimStart().length;
  return { text: text.trim(), start: start + before };
}

const spanOf = ({ text, start }: Piece): Span => ({ start, end: start + Math.max(1, text.length) });
