/**
 * The tail integral of a log-concave density, for large parameters, where series and continued fractions need thousands of
 * terms near the mode:
 *
 *   integral of exp(g(u)) du from `start` outwards, as far as g falls by 40 (what lies beyond is below 1e-17 of the whole)
 *
 * by one Gauss-Legendre rule with 32 nodes. On such an interval the integrand lies between exp(-40 s) and exp(-40 s^2),
 * 0 <= s <= 1, for which the error bound of the rule (Trefethen 2013, theorem 19.3) is below 1e-20; every term is positive,
 * so the relative error is that of g itself. It takes the place of Temme's (1979) and DiDonato & Morris's (1992, section 10)
 * asymptotic expansions: one method for the gamma and the beta integral, with no table of coefficients and no gap between
 * regimes.
 */

/** A log-concave integrand on the scale on which it is integrated. */
export interface LogConcave {
  /** g(u) */
  readonly log: (u: number) => number;
  /** g'(u) */
  readonly derivative: (u: number) => number;
  /** -g''(start), greater than 0 */
  readonly curvature: number;
}

const NODES = 32;
const DROP = 40;

/**
 * @param g log-concave, falling from `start` in the direction of `sign`
 * @param start where the tail begins
 * @param sign 1: the upper tail; -1: the lower tail
 * @param limit the distance from `start` to the end of the support
 * @example logConcaveTail({ log: (u) => (-u * u) / 2, derivative: (u) => -u, curvature: 1 }, 0, 1, Infinity) // => 1.2533141373155012
 */
export function logConcaveTail(g: LogConcave, start: number, sign: 1 | -1, limit: number): number {
  const atStart = g.log(start);
  const steepness = Math.max(0, -sign * g.derivative(start));
  let length = (2 * DROP) / (steepness + Math.sqrt(steepness * steepness + 2 * DROP * g.curvature));
  // The drop is a convex function of the length, so that Newton's steps end at or beyond the length that is wanted.
  for (let step = 0; step < 3; step++) {
    length = Math.min(length, 0.999 * limit);
    const end = start + sign * length;
    length -= (atStart - g.log(end) - DROP) / (-sign * g.derivative(end));
  }
  length = Math.min(length, limit);
  const { nodes, weights } = legendreRule();
  let sum = 0;
  for (let i = 0; i < NODES; i++) sum += weights[i]! * Math.exp(g.log(start + sign * length * nodes[i]!));
  return sum * length;
}

interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

let rule: Rule | null = null;

/** Gauss-Legendre nodes and weights on [0, 1], made at first use: Newton's method on P_32 (DLMF 3.5.v, 18.9.1). */
function legendreRule(): Rule {
  if (rule !== null) return rule;
  const nodes = new Float64Array(NODES);
  const weights = new Float64Array(NODES);
  for (let i = 0; i < NODES; i++) {
    let z = Math.cos((Math.PI * (i + 0.75)) / (NODES + 0.5));
    let derivative = 0;
    for (let step = 0; step < 6; step++) {
      let previous = 1;
      let current = z;
      for (let k = 2; k <= NODES; k++) {
        const next = ((2 * k - 1) * z * current - (k - 1) * previous) / k;
        previous = current;
        current = next;
      }
      derivative = (NODES * (previous - z * current)) / ((1 - z) * (1 + z));
      z -= current / derivative;
    }
    nodes[i] = (1 + z) / 2;
    weights[i] = 1 / ((1 - z) * (1 + z) * derivative * derivative);
  }
  rule = { nodes, weights };
  return rule;
}
