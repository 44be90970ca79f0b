/**
 * Means of smooth functions over a normal distribution, by the trapezoidal rule, which converges geometrically (Trefethen & Weideman 2014).
 *
 *   E f(x + sqrt(v) z) = sum_k w_k f(x + sqrt(v) z_k),   z ~ N(0, 1)
 */

interface NormalRule {
  /** Of the standard normal distribution. */
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const REACH = 8;
/** Distance of the nodes in units of the function's argument, at most; the inverse links vary over a unit or more. */
const STEP = 0.5;

const rules = new Map<number, NormalRule>();

/** The rule for a standard deviation: the larger it is the closer are the nodes. */
export function normalRule(deviation: number): NormalRule {
  const half = Math.ceil((REACH / STEP) * Math.max(1, deviation));
  let rule = rules.get(half);
  if (rule === undefined) {
    const count = 2 * half + 1;
    const nodes = Float64Array.from({ length: count }, (_, k) => ((k - half) / half) * REACH);
    const heights = nodes.map((z) => Math.exp(-0.5 * z * z));
    const total = heights.reduce((sum, height) => sum + height, 0);
    rule = { nodes, weights: heights.map((height) => height / total) };
    if (rules.size < 1000) rules.set(half, rule);
  }
  return rule;
}

/** E f(x + sqrt(variance) z). */
export function meanOver(x: number, variance: number, f: (at: number) => number): number {
  if (!(variance > 0)) return f(x);
  const deviation = Math.sqrt(variance);
  const { nodes, weights } = normalRule(deviation);
  let sum = 0;
  for (let k = 0; k < nodes.length; k++) sum += weights[k]! * f(x + deviation * nodes[k]!);
  return sum;
}
