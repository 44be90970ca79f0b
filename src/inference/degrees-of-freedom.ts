/**
 * Degrees of freedom that are counted, one for each coefficient of a linear model.
 *
 *   residual         n - p
 *   between-within   the rows' degrees of freedom split by level: m_i - m_(i-1) - p_i for coefficients whose predictor varies within units of
 *                    level i - 1 but not within units of level i (Schluchter & Elashoff 1990; Pinheiro & Bates 2000, section 2.4.2, whose
 *                    m_i are the numbers of units, m_0 = 1 for an intercept, and p_i the coefficients of level i)
 *   containment      the least rank that a random effect containing the term adds to [X Z], else n - rank [X Z] (SAS's DDFM=CONTAIN)
 *   m-l-1            units less the predictors of the same random coefficient, J - q - 1; n - p where the coefficient of the rows does not
 *                    vary between units (Raudenbush & Bryk 2002, section 3.4; Snijders & Bosker 2012, section 6.1)
 *
 * Unlike in nlme the intercept counts at the outermost level, where it belongs in designs with units as the sampling units.
 */
import { FitError, testMessages } from "../messages.js";
import { gatherGroups } from "../models/blocks/random-groups.js";
import type { LinearMixedFit } from "../models/fit.js";
import type { RandomFrame } from "../models/frame/frame.js";
import { rankOf } from "./rank.js";
import { fixedColumns, isNested, isUnitMultiple, type Units, unitsOf } from "./units.js";

/** The rules of counting. */
export type CountedDf = "residual" | "between-within" | "containment" | "m-l-1";

const known = new WeakMap<LinearMixedFit, Map<CountedDf, readonly number[]>>();

/**
 * One number a coefficient, in the order of `fit.fixed`; zero or less where a level has no more units than coefficients.
 *
 * @throws FitError for between-within where factors cross or rows belong to several units
 * @example countedDf(lmm("mAch ~ meanses + cses + (1 | school)", hsb), "between-within") // => [158, 158, 7024]
 */
export function countedDf(fit: LinearMixedFit, rule: CountedDf): readonly number[] {
  const own = known.get(fit) ?? new Map<CountedDf, readonly number[]>();
  known.set(fit, own);
  const found = own.get(rule) ?? counted(fit, rule);
  own.set(rule, found);
  return found;
}

function counted(fit: LinearMixedFit, rule: CountedDf): readonly number[] {
  switch (rule) {
    case "residual":
      return fit.fixed.map(() => fit.nobs - fit.fixed.length);
    case "between-within":
      return betweenWithin(fit);
    case "containment":
      return containment(fit);
    case "m-l-1":
      return unitsLessPredictors(fit);
  }
}

function betweenWithin(fit: LinearMixedFit): readonly number[] {
  const levels = [...unitsOf(fit)].sort((a, b) => a.levelCount - b.levelCount);
  const odd = levels.findIndex((inner, i) => inner.levelOf === null || (i > 0 && !isNested(inner, levels[i - 1]!)));
  if (odd >= 0) throw new FitError(testMessages.betweenWithinNeedsNesting(levels.map(({ group }) => group)));
  const columns = fixedColumns(fit);
  const ones = new Float64Array(fit.nobs).fill(1);
  const constant = columns.map((x) => x.every((value) => value === x[0]));
  const stratum = columns.map((x) => {
    const outer = levels.findIndex(({ levelOf, levelCount }) => isUnitMultiple(x, ones, levelOf!, levelCount));
    return outer < 0 ? levels.length : outer;
  });
  const units = [constant.includes(true) ? 1 : 0, ...levels.map(({ levelCount }) => levelCount), fit.nobs];
  const df = units.slice(1).map((count, i) => count - units[i]! - stratum.filter((own, j) => own === i && !constant[j]).length);
  return stratum.map((own, j) => df[constant[j] ? 0 : own]!);
}

/** Coarser factors first, so that the ranks do not depend on the order in which terms were written. */
function containment(fit: LinearMixedFit): readonly number[] {
  const { frame, engine } = fit;
  const { fixed, formula } = frame;
  const { columns, kept } = engine.basis;
  const effects = frame.random
    .flatMap((term, k) => {
      const { group } = formula.random[k]!;
      const units = (group.kind === "factor" ? group.variables : group.members).map(({ text }) => text);
      const own = [...new Set(term.effects.termOf)].sort((a, b) => a - b);
      return own.map((t) => ({
        term,
        columns: Array.from(term.effects.termOf.keys()).filter((j) => term.effects.termOf[j] === t),
        variables: new Set([...units, ...(t < 0 ? [] : term.effects.terms[t]!.variables.map(({ text }) => text))]),
      }));
    })
    .sort((a, b) => a.term.levels.length - b.term.levels.length);
  let before = columns.length;
  const added = effects.map((_, k) => {
    const rank = rankOf(
      gatherGroups(
        effects.slice(0, k + 1).map((effect) => onlyColumns(effect.term, effect.columns)),
        null,
      ),
      columns,
    );
    const more = rank - before;
    before = rank;
    return more;
  });
  const residual = fit.nobs - before;
  const ofTerm = (t: number): number => {
    const variables = t < 0 ? [] : fixed.terms[t]!.variables.map(({ text }) => text);
    const containing = added.filter((_, k) => variables.every((text) => effects[k]!.variables.has(text)));
    return containing.length === 0 ? residual : Math.min(...containing);
  };
  return Array.from(kept, (column) => ofTerm(fixed.termOf[column]!));
}

/** Columns are scaled, not mixed, so that each effect keeps its own. */
function onlyColumns(term: RandomFrame, columns: readonly number[]): RandomFrame {
  const { effects } = term;
  const n = effects.rowCount;
  const values = new Float64Array(n * columns.length);
  columns.forEach((column, j) => {
    values.set(effects.values.subarray(column * n, (column + 1) * n), j * n);
  });
  return {
    ...term,
    covariance: "diagonal",
    effects: {
      ...effects,
      values,
      names: columns.map((column) => effects.names[column]!),
      termOf: Int32Array.from(columns, (column) => effects.termOf[column]!),
    },
  };
}

/** A predictor belongs to the random coefficient whose column it is a multiple of within each unit; to the coarsest factor's, if several. */
function unitsLessPredictors(fit: LinearMixedFit): readonly number[] {
  const levels = [...unitsOf(fit)].filter(({ levelOf }) => levelOf !== null).sort((a, b) => a.levelCount - b.levelCount);
  const columns = fixedColumns(fit);
  const explains = (x: Float64Array, units: Units, z: Float64Array): boolean => isUnitMultiple(x, z, units.levelOf!, units.levelCount);
  return columns.map((x) => {
    for (const units of levels) {
      const z = units.columns.find((column) => explains(x, units, column));
      if (z !== undefined) return units.levelCount - columns.filter((other) => explains(other, units, z)).length;
    }
    return fit.nobs - columns.length;
  });
}
