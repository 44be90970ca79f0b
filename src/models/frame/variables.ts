/**
 * The variables of a formula by the part they play.
 */
import type { Formula, RandomTerm, TermSet, Variable } from "../formula/ast.js";

/** The distinct variables of a sum of terms, as first written. */
export function variablesOfTerms(terms: TermSet): readonly Variable[] {
  const distinct = new Map<string, Variable>();
  for (const term of terms.terms)
    for (const variable of term.variables) if (!distinct.has(variable.text)) distinct.set(variable.text, variable);
  return [...distinct.values()];
}

/** The response, then `rightVariables`; a variable may occur twice. */
export function allVariables(formula: Formula): readonly Variable[] {
  return [...(formula.response === null ? [] : [formula.response]), ...rightVariables(formula)];
}

/** Fixed terms, offsets, random effects and their groups; a variable may occur twice. */
export function rightVariables(formula: Formula): readonly Variable[] {
  return [
    ...variablesOfTerms(formula.fixed),
    ...formula.fixed.offsets,
    ...formula.random.flatMap(({ effects, group }) => [...variablesOfTerms(effects), ...groupVariables(group)]),
  ];
}

function groupVariables(group: RandomTerm["group"]): readonly Variable[] {
  return group.kind === "factor" ? group.variables : [...group.members, ...(group.weights ?? [])];
}

/** Variables whose numbers enter the model: infinite values are refused. */
export function numericVariables(formula: Formula): readonly Variable[] {
  const all = [
    formula.response!,
    ...variablesOfTerms(formula.fixed),
    ...formula.fixed.offsets,
    ...formula.random.flatMap(({ effects, group }) => [
      ...variablesOfTerms(effects),
      ...(group.kind === "membership" ? (group.weights ?? []) : []),
    ]),
  ];
  return [...new Map(all.map((variable) => [variable.text, variable])).values()];
}
