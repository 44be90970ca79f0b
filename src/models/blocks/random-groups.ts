/**
 * Random terms gathered by grouping factor, their columns whitened.
 *
 * Terms on the same factor become one group with S columns and a block-diagonal relative covariance factor lambda
 * (Bates, Maechler, Bolker & Walker 2015, section 2.2). Within an unstructured term the columns are replaced by z* = z R^-1
 * (whitening.ts), so that lambda* = I is a start free of scale and origin and lambda = R^-1 lambda* is still lower triangular.
 */
import type { RandomFrame } from "../frame/frame.js";
import { type RandomColumn, whitened } from "./whitening.js";

/** One random term inside its group: columns `start` to `start + size - 1`. */
export interface GroupPart {
  readonly start: number;
  readonly size: number;
  readonly covariance: "unstructured" | "diagonal";
  /** Which random term of the model, terms of further parts counted after those of the main formula. */
  readonly term: number;
}

/** A grouping factor with all its random columns over the rows used. */
export interface RandomGroup {
  readonly label: string;
  readonly levels: readonly string[];
  readonly levelCount: number;
  /** S. */
  readonly size: number;
  /** n: the level of each row; empty for multiple membership. */
  readonly levelOf: Int32Array;
  readonly membership: RandomFrame["membership"];
  /** S whitened columns of n values; a number stands for a constant column. */
  readonly columns: readonly RandomColumn[];
  readonly parts: readonly GroupPart[];
  /** S x S lower triangular, block-diagonal: R^-1. lambda = R^-1 lambda*. */
  readonly whitening: Float64Array;
}

/**
 * @param random random terms of a model frame
 * @param weights prior weights of the rows, null for none
 * @param firstTerm number of the first of these terms among all terms of the model
 */
export function gatherGroups(random: readonly RandomFrame[], weights: Float64Array | null, firstTerm: number = 0): RandomGroup[] {
  // Terms on one factor share their units: the same array of levels a row, or the same membership.
  const byUnits = new Map<object, number[]>();
  random.forEach((term, k) => {
    const units = term.membership ?? term.levelOf;
    const members = byUnits.get(units);
    if (members === undefined) byUnits.set(units, [k]);
    else members.push(k);
  });
  return Array.from(byUnits.values(), (terms) => gatherGroup(random, terms, weights, firstTerm));
}

function gatherGroup(
  random: readonly RandomFrame[],
  terms: readonly number[],
  weights: Float64Array | null,
  firstTerm: number,
): RandomGroup {
  const first = random[terms[0]!]!;
  const size = terms.reduce((sum, k) => sum + random[k]!.effects.names.length, 0);
  const columns: RandomColumn[] = [];
  const parts: GroupPart[] = [];
  const whitening = new Float64Array(size * size);
  for (const k of terms) {
    const { effects, covariance } = random[k]!;
    const start = columns.length;
    const width = effects.names.length;
    parts.push({ start, size: width, covariance, term: firstTerm + k });
    const n = effects.rowCount;
    const raw: RandomColumn[] = [];
    for (let s = 0; s < width; s++) {
      const column = effects.values.subarray(s * n, (s + 1) * n);
      raw.push(effects.intercept && effects.termOf[s] === -1 ? 1 : column);
    }
    const { columns: own, inverse } = whitened(raw, n, covariance === "diagonal", weights);
    for (let s = 0; s < width; s++) for (let r = s; r < width; r++) whitening[(start + s) * size + start + r] = inverse[s * width + r]!;
    columns.push(...own);
  }
  return {
    label: first.group,
    levels: first.levels,
    levelCount: first.levels.length,
    size,
    levelOf: first.levelOf,
    membership: first.membership,
    columns,
    parts,
    whitening,
  };
}
