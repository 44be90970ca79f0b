/**
 * The quantile of a distribution on (0, infinity): the x at which one of its tails has a given value.
 *
 * Newton's method for log tail(x) = log target in log x, kept inside a bracket. The tails of the gamma and beta families are
 * log-concave functions of log x (Bagnoli & Bergstrom 2005), nearly linear far out, so that the steps settle from one side; a
 * step that leaves the bracket or does not halve the distance is replaced by a bisection.
 */
import type { Tail, Tails } from "./special/tails.js";

const MAX_STEPS = 300;
/** The smallest normal double: below it x / 2 and the like lose digits. */
const SMALLEST = 2 ** -1022;

/**
 * @param tails both tails and their slope at x
 * @param tail which of them is to take the value
 * @param target the value, in (0, 1); the caller picks the smaller tail, for accuracy
 * @param start a first guess, greater than 0
 * @returns x; 0 or Infinity where it lies outside the range of a normal double
 */
export function solveTail(tails: (x: number) => Tails, tail: Tail, target: number, start: number): number {
  const direction = tail === "lower" ? 1 : -1;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let x = inRange(start);
  let reach = 1;
  let before = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MAX_STEPS; i++) {
    const at = tails(x);
    const value = at[tail];
    const excess = Math.log(value / target);
    if (excess === 0) return x;
    const tooLow = direction * excess < 0;
    if (tooLow) {
      if (x === Number.MAX_VALUE) return Number.POSITIVE_INFINITY;
      low = x;
    } else {
      if (x === SMALLEST) return 0;
      high = x;
    }
    const newton = (-direction * excess * value) / at.slope;
    const stalled = Math.abs(excess) > 0.5 * Math.abs(before);
    if (Math.abs(newton) < 1e-15 || (stalled && Math.abs(newton) < 1e-12)) return x + x * newton;
    before = excess;
    const bracketed = low > 0 && high < Number.POSITIVE_INFINITY;
    let step = Number.isFinite(newton) ? newton : tooLow ? reach : -reach;
    if (!bracketed && Math.abs(step) >= reach) {
      step = Math.sign(step) * reach;
      reach *= 2;
    }
    let next = inRange(Math.abs(step) < 1e-3 ? x + x * Math.expm1(step) : x * Math.exp(step));
    if (bracketed && (stalled || !(next > low && next < high))) next = Math.sqrt(low) * Math.sqrt(high);
    if (next === x || (bracketed && (next <= low || next >= high))) return x;
    x = next;
  }
  return x;
}

function inRange(x: number): number {
  return Math.min(Math.max(x, SMALLEST), Number.MAX_VALUE);
}
