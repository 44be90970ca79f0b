/**
 * Formulas beside the main one: those of further parts of a model, `~ x + (1 | g)`, and offsets given apart from the formula.
 *
 *   zi           logit of the probability of an excess zero        random terms allowed
 *   dispersion   logarithm of the dispersion                       fixed terms only
 *   scale        logarithm of the latent scale (cumulative)        fixed terms only
 *   nominal      terms whose effects differ by threshold           fixed terms only
 *
 * Source: Brooks et al. (2017) for zi and dispersion; Christensen (2018) for scale and nominal.
 */
import { FormulaError, formulaMessages, type ModelPart } from "../../messages.js";
import type { Formula, Variable } from "./ast.js";
import { parseFormula } from "./formula.js";
import { parseExpression } from "./parser.js";
import { tokenize } from "./tokens.js";
import { namesIn, variableOf } from "./variables.js";

/** An offset given apart from the formula: its own text, to which positions refer, and the variable that it means. */
export interface GivenOffset {
  readonly text: string;
  readonly variable: Variable;
}

/**
 * The formula of a further part. Its dot stands for all columns that are neither in the main formula's response nor grouping factors.
 *
 * @param main the main formula
 * @param columns the table's columns, for the dot
 * @throws FormulaError as `parseFormula` does; for a formula with a left-hand side or without ~, for the model's response among the
 *   terms, and for a random term in a part that takes none
 * @example parsePart("~ x + (1 | g)", "zi", parseFormula("y ~ 1"), []).fixed.terms.map((term) => term.label) // => ["x"]
 */
export function parsePart(text: string, part: ModelPart, main: Formula, columns: readonly string[]): Formula {
  const tokens = tokenize(text);
  if (tokens[0]!.kind === "end") throw new FormulaError(formulaMessages.partEmpty(part), text);
  if (!tokens.some(({ kind, text: sign }) => kind === "operator" && sign === "~")) {
    throw new FormulaError(formulaMessages.partWithoutTilde(part), text);
  }
  const taken = new Set(
    [main.response, ...main.random.flatMap(({ group }) => (group.kind === "factor" ? group.variables : group.members))].flatMap(
      (variable) => (variable === null ? [] : namesIn(variable.expression)),
    ),
  );
  const formula = parseFormula(text, { columns: columns.filter((column) => !taken.has(column)) });
  const { response, fixed, random } = formula;
  if (response !== null) throw new FormulaError(formulaMessages.partWithResponse(part, response.text), text, response.expression.span);
  const term = random[0];
  if (part !== "zi" && term !== undefined) throw new FormulaError(formulaMessages.partWithRandomTerm(part, term.text), text, term.span);
  const terms = [fixed, ...random.map(({ effects }) => effects)].flatMap(({ terms }) => terms);
  const outcome = terms.find(({ label }) => label === main.response?.text);
  if (outcome !== undefined) {
    throw new FormulaError(formulaMessages.responseOnRight(outcome.label), text, outcome.variables[0]!.expression.span);
  }
  return formula;
}

/**
 * An offset as an option gives it: the name of a column as it stands in the table, or an expression, `log(time)` or `a + b`.
 *
 * @param columns the table's columns
 * @throws FormulaError for a text that is neither
 * @example parseOffset("log(my.time)", ["my.time"]).variable.text // => "log(my.time)"
 */
export function parseOffset(text: string, columns: readonly string[]): GivenOffset {
  if (columns.includes(text)) {
    const expression = { kind: "name", name: text, span: { start: 0, end: text.length } } as const;
    return { text, variable: variableOf(expression, `\`${text}\``) };
  }
  if (text.trim() === "") throw new FormulaError(formulaMessages.offsetEmpty(), text);
  return { text, variable: variableOf(parseExpression(text), text) };
}
