/**
 * R's `model.matrix`: the columns of a sum of terms.
 *
 * The columns of a term are all products of one column from each of its variables, the first variable's running fastest. A
 * factor is coded by contrasts in term T where T without that factor is part of an earlier term (or nothing: the
 * intercept), else by all its levels. Without an intercept the first factor of the first term that has one is coded by all
 * its levels (Chambers & Hastie 1992, section 2.4.1; R's `terms.formula` and `model.matrix`).
 */
import { FitError, frameMessages } from "../../messages.js";
import type { Term, TermSet } from "../formula/ast.js";
import { type Coding, type ContrastName, indicatorMatrix } from "./contrasts.js";
import type { DesignMatrix, DesignTerm, DesignVariable } from "./design.js";

/** A variable ready for a model matrix of n rows. */
export type Predictor = NumericPredictor | FactorPredictor;

export interface NumericPredictor {
  readonly kind: "numeric";
  readonly width: number;
  /** What follows the variable's text in the columns' names; null for a single column without suffix. */
  readonly columnNames: readonly string[] | null;
  /** n x width, column-major. */
  readonly values: Float64Array;
}

export interface FactorPredictor {
  readonly kind: "factor";
  readonly codes: Int32Array;
  readonly levels: readonly string[];
  readonly contrasts: Coding & { readonly name: ContrastName };
}

/** The part of a term that one variable contributes. */
interface Part {
  readonly predictor: Predictor;
  readonly names: readonly string[];
  /** A factor's coding, levels x names, column-major. */
  readonly coding: Float64Array | null;
}

/**
 * @param predictors by the text of the variable; a code of -1 (missing) gives NaN
 * @param rowCount n
 * @returns n x p; the intercept first where there is one, then the terms in order
 * @throws FitError where the matrix does not fit into memory
 */
export function designMatrix(terms: TermSet, predictors: ReadonlyMap<string, Predictor>, rowCount: number): DesignMatrix {
  const contrastCoded = codingPattern(terms, predictors);
  const parts = terms.terms.map((term, t) => term.variables.map((variable, v) => partOf(variable.text, predictors, contrastCoded[t]![v]!)));
  const widths = parts.map((term) => term.reduce((width, { names }) => width * names.length, 1));
  const intercept = terms.intercept ? 1 : 0;
  const p = widths.reduce((sum, width) => sum + width, intercept);
  const values = allocate(rowCount, p, terms, widths);
  const names: string[] = [];
  const termOf = new Int32Array(p).fill(-1);
  if (terms.intercept) {
    names.push("(Intercept)");
    values.fill(1, 0, rowCount);
  }
  parts.forEach((term, t) => {
    for (let column = 0; column < widths[t]!; column++) {
      const at = names.length;
      termOf[at] = t;
      names.push(writeColumn(term, column, values.subarray(at * rowCount, (at + 1) * rowCount)));
    }
  });
  const designTerms = terms.terms.map((term, t) => describeTerm(term, predictors, contrastCoded[t]!));
  return { rowCount, names, values, termOf, terms: designTerms, intercept: terms.intercept };
}

/** For each term and each of its variables: coded by contrasts (true) or by all levels (false); true for numbers. */
export function codingPattern(terms: TermSet, predictors: ReadonlyMap<string, Predictor>): boolean[][] {
  const isFactor = (text: string): boolean => predictors.get(text)?.kind === "factor";
  const variablesOf = terms.terms.map((term) => new Set(term.variables.map(({ text }) => text)));
  const pattern = terms.terms.map((term, t) =>
    term.variables.map((variable) => {
      if (!isFactor(variable.text)) return true;
      const others = term.variables.filter(({ text }) => text !== variable.text);
      return others.length === 0 || variablesOf.slice(0, t).some((earlier) => others.every(({ text }) => earlier.has(text)));
    }),
  );
  if (!terms.intercept) {
    for (let t = 0; t < pattern.length; t++) {
      const first = terms.terms[t]!.variables.findIndex(({ text }) => isFactor(text));
      if (first < 0) continue;
      pattern[t]![first] = false;
      break;
    }
  }
  return pattern;
}

function partOf(text: string, predictors: ReadonlyMap<string, Predictor>, contrastCoded: boolean): Part {
  const predictor = predictors.get(text)!;
  if (predictor.kind === "numeric") {
    const names = predictor.columnNames === null || predictor.width === 1 ? [text] : predictor.columnNames.map((name) => text + name);
    return { predictor, names, coding: null };
  }
  const coding = contrastCoded ? predictor.contrasts : indicatorMatrix(predictor.levels);
  return { predictor, names: coding.columnNames.map((name) => text + name), coding: coding.values };
}

/** Writes one column of a term and gives its name. */
function writeColumn(term: readonly Part[], column: number, out: Float64Array): string {
  const n = out.length;
  const names: string[] = [];
  let rest = column;
  term.forEach(({ predictor, names: own, coding }, v) => {
    const k = rest % own.length;
    rest = Math.floor(rest / own.length);
    names.push(own[k]!);
    if (predictor.kind === "numeric") {
      const x = predictor.values.subarray(k * n, (k + 1) * n);
      if (v === 0) out.set(x);
      else for (let i = 0; i < n; i++) out[i] = out[i]! * x[i]!;
      return;
    }
    const { codes, levels } = predictor;
    // Code -1 (missing) reads the NaN in front.
    const coded = new Float64Array(levels.length + 1).fill(Number.NaN, 0, 1);
    coded.set(coding!.subarray(k * levels.length, (k + 1) * levels.length), 1);
    if (v === 0) for (let i = 0; i < n; i++) out[i] = coded[codes[i]! + 1]!;
    else for (let i = 0; i < n; i++) out[i] = out[i]! * coded[codes[i]! + 1]!;
  });
  return names.join(":");
}

function describeTerm(term: Term, predictors: ReadonlyMap<string, Predictor>, contrastCoded: readonly boolean[]): DesignTerm {
  const variables = term.variables.map(({ text }): DesignVariable => {
    const predictor = predictors.get(text)!;
    if (predictor.kind === "numeric") return { text, kind: "numeric", width: predictor.width, levels: [], contrasts: null };
    const { levels, contrasts } = predictor;
    return { text, kind: "factor", width: levels.length, levels, contrasts };
  });
  return { label: term.label, variables, contrastCoded };
}

function allocate(n: number, p: number, terms: TermSet, widths: readonly number[]): Float64Array {
  try {
    return new Float64Array(n * p);
  } catch {
    const widest = widths.indexOf(Math.max(...widths));
    throw new FitError(frameMessages.designTooLarge(n, p, terms.terms[widest]?.label ?? "", widths[widest] ?? 0));
  }
}
