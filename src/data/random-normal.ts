/**
 * Quantiles of the standard normal distribution by Wichura (1988, algorithm AS 241, PPND16, Applied Statistics 37): rational functions of
 * (p - 1/2)^2 in the centre and of sqrt(-log p) in the tails, relative error below 1e-15; the same to the last bit on every machine.
 */
import { portableLog } from "./random-math.js";

/**
 * The z with P(Z <= z) = p.
 * @param p in (0, 1); infinite at its ends, NaN outside
 * @example portableNormalQuantile(0.975) // => 1.959963984540054
 */
export function portableNormalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_P, r)) / polynomial(CENTRE_Q, r);
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-portableLog(tail));
  const z = r <= 5 ? polynomial(TAIL_P, r - 1.6) / polynomial(TAIL_Q, r - 1.6) : polynomial(FAR_P, r - 5) / polynomial(FAR_Q, r - 5);
  return q < 0 ? -z : z;
}

/** coefficients[0] + coefficients[1] t + ... */
function polynomial(coefficients: readonly number[], t: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * t + coefficients[k]!;
  return sum;
}

/** PPND16 of the paper, constant term first: |p - 1/2| at most 0.425, then the tails down to e^-25 and beyond. */
const CENTRE_P: readonly number[] = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813,
  2509.0809287301227,
];
const CENTRE_Q: readonly number[] = [
  1.0, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
];
const TAIL_P: readonly number[] = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const TAIL_Q: readonly number[] = [
  1.0, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
  1.0507500716444169e-9,
];
const FAR_P: readonly number[] = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784,
  2.7115555687434876e-5, 2.0103343992922881e-7,
];
const FAR_Q: readonly number[] = [
  1.0, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5, 1.421511758316446e-7,
  2.0442631033899397e-15,
];
