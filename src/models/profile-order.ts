/**
 * A random term with its effects in another order. With effect i first, the lower-triangular factor of their covariance matrix has the
 * standard deviation of effect i alone in its first row, and with i and j first their correlation in the first two:
 *
 *   L = [ sd_i                    0
 *         rho sd_j   sqrt(1 - rho^2) sd_j  ... ]
 *
 * so that holding one of them holds one element of L, or ties two. Columns stay whitened: with W the part's whitening, z* = z W, and P the
 * permutation, W_P = the lower factor of P W, and the columns are turned by the orthogonal Q = W^-1 P'W_P (an RQ decomposition; Golub &
 * Van Loan 2013, section 5.2), lambda*_P = the lower factor of Q'lambda*.
 */
import type { GroupPart, RandomGroup } from "./blocks/random-groups.js";
import type { RandomColumn } from "./blocks/whitening.js";
import { invertLower, lowerFactor, multiply } from "./linalg/symmetric.js";

export interface OrderedPart {
  /** The group with its part's columns and whitening in the new order; the same in all else. */
  readonly group: RandomGroup;
  /** The part's block of a whitened factor: from the old order to the new. */
  toOrder(block: Float64Array): Float64Array;
  /** And back. */
  fromOrder(block: Float64Array): Float64Array;
}

/** @param order by new position the old one, inside the part */
export function orderedPart(group: RandomGroup, part: GroupPart, order: readonly number[]): OrderedPart {
  const m = part.size;
  const { size, start } = { size: group.size, start: part.start };
  if (order.every((old, place) => old === place)) return { group, toOrder: (block) => block, fromOrder: (block) => block };
  const whitening = new Float64Array(m * m);
  const permuted = new Float64Array(m * m);
  for (let c = 0; c < m; c++) {
    for (let r = 0; r < m; r++) {
      whitening[c * m + r] = group.whitening[(start + c) * size + start + r]!;
      permuted[c * m + r] = group.whitening[(start + c) * size + start + order[r]!]!;
    }
  }
  const ordered = lowerFactor(permuted, m);
  const back = new Float64Array(m * m);
  for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) back[c * m + order[r]!] = ordered[c * m + r]!;
  const turn = multiply(invertLower(whitening, m), back, m);
  const own = group.columns.slice(start, start + m);
  const columns = [...group.columns];
  for (let c = 0; c < m; c++) columns[start + c] = combination(own, turn.subarray(c * m, (c + 1) * m));
  const whole = Float64Array.from(group.whitening);
  for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) whole[(start + c) * size + start + r] = ordered[c * m + r]!;
  const turnBack = transposed(turn, m);
  return {
    group: { ...group, columns, whitening: whole },
    toOrder: (block) => lowerFactor(multiply(turnBack, block, m), m),
    fromOrder: (block) => lowerFactor(multiply(turn, block, m), m),
  };
}

/** Constant columns stay constants. */
function combination(columns: readonly RandomColumn[], coefficients: Float64Array): RandomColumn {
  const n = columns.reduce((most: number, column) => (typeof column === "number" ? most : column.length), 0);
  let constant = 0;
  let out: Float64Array | null = null;
  columns.forEach((column, s) => {
    const by = coefficients[s]!;
    if (by === 0) return;
    if (typeof column === "number") {
      constant += by * column;
      return;
    }
    out ??= new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = out[i]! + by * column[i]!;
  });
  const sum = out as Float64Array | null;
  return sum === null ? constant : sum.map((x) => x + constant);
}

function transposed(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) out[r * n + c] = a[c * n + r]!;
  return out;
}
