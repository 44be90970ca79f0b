/**
 * What a row must have to be used: every variable of the model's formulas present; of a multiple membership one member, and for
 * every member that is present its weight.
 */
import type { Formula, RandomTerm, Variable } from "../formula/ast.js";
import { unitsKey } from "./groups.js";
import { presence, type Requirement } from "./rows.js";
import { type ColumnValue, eachMissing } from "./values.js";
import { variablesOfTerms } from "./variables.js";

/**
 * @param formulas the main formula, then those of further parts
 * @param offsets given apart from the formulas; they come after the main formula
 * @returns each variable once, in the order: response, fixed terms, offsets, random effects and their groups
 */
export function requirements(
  formulas: readonly Formula[],
  offsets: readonly Variable[],
  evaluatedOf: (variable: Variable) => ColumnValue,
  rowCount: number,
): readonly Requirement[] {
  const required: Requirement[] = [];
  const seen = new Set<string>();
  const require = (variable: Variable): void => {
    if (seen.has(variable.text)) return;
    seen.add(variable.text);
    required.push(presence(variable.text, evaluatedOf(variable), rowCount));
  };
  formulas.forEach((formula, k) => {
    if (formula.response !== null) require(formula.response);
    variablesOfTerms(formula.fixed).forEach(require);
    formula.fixed.offsets.forEach(require);
    for (const { effects, group } of formula.random) {
      variablesOfTerms(effects).forEach(require);
      if (group.kind === "factor") group.variables.forEach(require);
      else if (!seen.has(unitsKey(group))) {
        seen.add(unitsKey(group));
        required.push(...membershipRequirements(group, evaluatedOf, rowCount));
      }
    }
    if (k === 0) offsets.forEach(require);
  });
  return required;
}

/** One member must be present, and every member that is must have a weight. */
function membershipRequirements(
  group: Extract<RandomTerm["group"], { kind: "membership" }>,
  evaluatedOf: (variable: Variable) => ColumnValue,
  rowCount: number,
): readonly Requirement[] {
  const absent = new Uint8Array(rowCount);
  const required: Requirement[] = [];
  group.members.forEach((member, m) => {
    const lacking = new Uint8Array(rowCount);
    eachMissing(evaluatedOf(member), rowCount, (row) => {
      lacking[row] = 1;
      absent[row]!++;
    });
    const weight = group.weights?.[m];
    if (weight === undefined) return;
    required.push({
      variable: weight.text,
      eachFailing: (visit) => eachMissing(evaluatedOf(weight), rowCount, (row) => lacking[row] === 0 && visit(row)),
    });
  });
  const members = group.members.length;
  const none: Requirement = {
    variable: group.label,
    eachFailing: (visit) => {
      for (let i = 0; i < rowCount; i++) if (absent[i] === members) visit(i);
    },
  };
  return [none, ...required];
}
