/**
 * The variables of a formula by the part they play.
 */
import type { Formula, RandomTerm, TermSet, Variable } from "../formula/ast.js";

/** Each variable once, by its text, where it is met first. */
export function distinctVariables(variables: readonly Variable[]): readonly Variable[] {
  const distinct = new Map<string, Variable>();
  for (const variable of variables) if (!distinct.has(variable.text)) distinct.set(variable.text, variable);
  return [...distinct.values()];
}

/** The distinct variables of a sum of terms, as first written. */
export function variablesOfTerms(terms: TermSet): readonly Variable[] {
  return distinctVariables(terms.terms.flatMap(({ variables }) => variables));
}

/** The variables of fixed and random terms; a variable may occur twice. */
export function predictorVariables(formula: Formula): readonly Variable[] {
  return [formula.fixed, ...formula.random.map(({ effects }) => effects)].flatMap(variablesOfTerms);
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
    ...(formula.response === null ? [] : [formula.response]),
    ...variablesOfTerms(formula.fixed),
    ...formula.fixed.offsets,
    ...formula.random.flatMap(({ effects, group }) => [
      ...variablesOfTerms(effects),
      ...(group.kind === "membership" ? (group.weights ?? []) : []),
    ]),
  ];
  return distinctVariables(all);
}
