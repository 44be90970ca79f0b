/**
 * Moments of the upper normal tail beyond a >= 0, measured from a and divided by the density there:
 *
 *   I_k(a) = integral_0^inf t^k exp(-a t - t^2 / 2) dt,     I_0 = (1 - Phi(a)) / phi(a)  (Mills' ratio),     I_k = (-1)^k d^k I_0 / da^k
 *
 * Their ratios are continued fractions without subtractions (Laplace's, DLMF 7.9.3): from I_{k+1} = k I_{k-1} - a I_k
 *
 *   I_k / I_{k-1} = k / (a + I_{k+1} / I_k),     I_0 = 1 / (a + I_1 / I_0),
 *
 * which is how they are computed for a >= 6, where few terms do. Below, the Taylor series about the nearest multiple of 1/8, whose
 * coefficients I_k / k! come from the same fractions once.
 */

const STEP = 0.125;
const LAST = 6;
const NODES = LAST / STEP + 1;
/** Degree of the Taylor polynomial: with |h| <= 1/16 the next term is below 1e-17 also in the second derivative. */
const DEGREE = 15;
/** Terms of the fraction from a = 6 and from a = 20 on; its error falls like exp(-2 a sqrt(terms)). */
const TERMS = 24;
const FAR_TERMS = 10;

const table = taylorTable();

/** (DEGREE + 1) coefficients a node. */
function taylorTable(): Float64Array {
  const coefficients = new Float64Array(NODES * (DEGREE + 1));
  const ratios = new Float64Array(DEGREE + 2);
  for (let node = 0; node < NODES; node++) {
    const a = node * STEP;
    if (node > 0) {
      let ratio = 0;
      for (let k = DEGREE + 2 + Math.ceil(450 / (a * a)); k >= 1; k--) {
        ratio = k / (a + ratio);
        if (k <= DEGREE + 1) ratios[k] = ratio;
      }
    } else {
      ratios[1] = Math.sqrt(2 / Math.PI);
      for (let k = 1; k <= DEGREE; k++) ratios[k + 1] = k / ratios[k]!;
    }
    let value = 1 / (a + ratios[1]!);
    for (let k = 0; k <= DEGREE; k++) {
      coefficients[node * (DEGREE + 1) + k] = value;
      value *= ratios[k + 1]! / (k + 1);
    }
  }
  return coefficients;
}

/**
 * Writes I_0, I_1 and I_2 at a >= 0 to out[0], out[1], out[2], to full relative accuracy; zeros at infinity.
 */
export function normalTailMoments(a: number, out: Float64Array): void {
  if (a < LAST) {
    const node = Math.round(a / STEP);
    const x = node * STEP - a;
    const start = node * (DEGREE + 1);
    let value = 0;
    let first = 0;
    let second = 0; // half the second derivative
    for (let k = DEGREE; k >= 0; k--) {
      second = second * x + first;
      first = first * x + value;
      value = value * x + table[start + k]!;
    }
    out[0] = value;
    out[1] = first;
    out[2] = 2 * second;
    return;
  }
  if (a === Number.POSITIVE_INFINITY) {
    out.fill(0, 0, 3);
    return;
  }
  let ratio2 = 0;
  for (let k = a < 20 ? TERMS : FAR_TERMS; k >= 2; k--) ratio2 = k / (a + ratio2);
  const ratio1 = 1 / (a + ratio2);
  out[0] = 1 / (a + ratio1);
  out[1] = out[0]! * ratio1;
  out[2] = out[1]! * ratio2;
}
