/**
 * Hypotheses about the terms of a model as contrasts of its coefficients, and which terms contain which.
 */
import type { DesignMatrix } from "../models/frame/design.js";

/** A term and its contrasts: rows of p entries, one for each coefficient of the fit. Empty where nothing can be tested. */
export interface TermHypothesis {
  readonly term: string;
  readonly rows: readonly Float64Array[];
}

/** For each term its own coefficients. */
export function ownHypotheses({ terms, termOf }: DesignMatrix, kept: readonly number[]): readonly TermHypothesis[] {
  return terms.map(({ label }, t) => ({
    term: label,
    rows: kept.flatMap((column, j) => {
      if (termOf[column] !== t) return [];
      const row = new Float64Array(kept.length);
      row[j] = 1;
      return [row];
    }),
  }));
}

/**
 * For each term the terms that contain it: all its variables, the same numeric ones, and more. As in lmerTest only variables count that R's
 * `terms` marks 1, those whose margin is in the model: in `f/b` the term `f:b` stands for b within f and does not contain f.
 */
export function containingTerms({ terms }: DesignMatrix): number[][] {
  const texts = terms.map((term) => term.variables.map(({ text }) => text));
  const counted = terms.map((term, t) =>
    term.variables.filter((variable) => {
      const margin = texts[t]!.filter((text) => text !== variable.text);
      return margin.length === 0 || texts.slice(0, t).some((earlier) => margin.every((text) => earlier.includes(text)));
    }),
  );
  const names = counted.map((variables) => new Set(variables.map(({ text }) => text)));
  const numeric = counted.map((variables) =>
    variables.filter(({ kind, width }) => kind === "numeric" && width === 1).map(({ text }) => text),
  );
  return terms.map((_, t) =>
    terms.flatMap((_other, o) => {
      const contained = names[o]!.size > names[t]!.size && [...names[t]!].every((name) => names[o]!.has(name));
      const alike = numeric[t]!.length === numeric[o]!.length && numeric[o]!.every((name) => names[t]!.has(name));
      return contained && alike ? [o] : [];
    }),
  );
}

/** No effect in any equation of a multinomial model. */
export function inEveryEquation(hypotheses: readonly TermHypothesis[], count: number): readonly TermHypothesis[] {
  if (count === 1) return hypotheses;
  return hypotheses.map(({ term, rows }) => ({
    term,
    rows: Array.from({ length: count }, (_, c) =>
      rows.map((row) => {
        const wide = new Float64Array(count * row.length);
        wide.set(row, c * row.length);
        return wide;
      }),
    ).flat(),
  }));
}
