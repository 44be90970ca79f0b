/**
 * Kenward & Roger's matrices from blocks, in the working columns with sigma = 1: with B = Z'V0^-1 X and K = Z'V0^-1 Z
 *
 *   P_r = -B'E_r B,   Q_rs = B'E_r K E_s B,   tr(V0^-1 G_r V0^-1 G_s) = tr(E_r K E_s K)   for G_r = Z E_r Z'
 *
 * and those of the residual's G = I follow from V0^-2 = V0^-1 - sum_r tau_r V0^-1 G_r V0^-1 (Kenward & Roger 1997).
 */
import type { LinearProblem } from "../models/blocks/criterion.js";
import { applyLambda, forwardSolveSystem, multiplyGram } from "../models/blocks/solve.js";
import { multiply } from "../models/linalg/symmetric.js";
import { varianceTraces } from "./linear-variance.js";
import { randomByFixed, twiceInverse } from "./satterthwaite.js";

/** p x p matrices in the working columns. */
export interface WorkingAdjustment {
  /** By (co)variance, the residual's last: Phi P_r Phi. */
  readonly changes: readonly Float64Array[];
  /** W. */
  readonly weights: Float64Array;
  /** Phi_A - Phi. */
  readonly correction: Float64Array;
}

/**
 * For the current factor, at factors that are not lifted.
 *
 * @param phi (X'V0^-1 X)^-1
 * @param without by parameter: whether it is left out as if known; null for none
 */
export function kenwardRogerAdjustment(
  problem: LinearProblem,
  lambda: readonly Float64Array[],
  phi: Float64Array,
  without: readonly boolean[] | null,
): WorkingAdjustment {
  const { structure, parameters } = problem;
  const { p } = structure;
  const count = parameters.length;
  const all = count + 1;
  const { first, second } = varianceTraces(problem, lambda);
  const { squares, products } = fixedProducts(problem, lambda);
  const tau = parameters.map(({ group, row, column }) => relativeCovariance(lambda[group]!, structure.groups[group]!.size, row, column));

  // The residual's from the others': V0^-2 = V0^-1 - sum_r tau_r V0^-1 G_r V0^-1.
  const inverse = fixedInformation(problem);
  const withResidual = squares.map((square, r) =>
    tau.reduce((rest, t, s) => rest.map((value, x) => value - t * products[s * count + r]![x]!), square),
  );
  const residualSquare = tau.reduce((rest, t, r) => rest.map((value, x) => value - t * squares[r]![x]!), inverse);
  const residualProduct = tau.reduce((rest, t, r) => rest.map((value, x) => value - t * withResidual[r]![x]!), residualSquare);
  const secondWithResidual = Array.from(first, (value, r) => tau.reduce((rest, t, s) => rest - t * second[s * count + r]!, value));
  const firstOfResidual = tau.reduce((rest, t, r) => rest - t * first[r]!, problem.n);
  const secondOfResidual = tau.reduce((rest, t, r) => rest - t * secondWithResidual[r]!, firstOfResidual);

  const minusSquares = [...squares, residualSquare].map((square) => square.map((value) => -value));
  const productOf = (r: number, s: number): Float64Array =>
    r < count && s < count
      ? products[s * count + r]!
      : r < count
        ? withResidual[r]!
        : s < count
          ? transposed(withResidual[s]!, p)
          : residualProduct;
  const traceOf = (r: number, s: number): number =>
    r < count && s < count ? second[s * count + r]! : r === s ? secondOfResidual : secondWithResidual[Math.min(r, s)]!;

  const phiP = minusSquares.map((own) => multiply(phi, own, p));
  const information = new Float64Array(all * all);
  for (let s = 0; s < all; s++) {
    for (let r = 0; r < all; r++) {
      if (without?.[r] === true || without?.[s] === true) continue;
      information[s * all + r] = traceOf(r, s) - 2 * traceOfProduct(phi, productOf(r, s), p) + traceOfProduct(phiP[r]!, phiP[s]!, p);
    }
  }
  const weights = twiceInverse(information, all);
  const inner = new Float64Array(p * p);
  for (let s = 0; s < all; s++) {
    for (let r = 0; r < all; r++) {
      const w = weights[s * all + r]!;
      if (w === 0) continue;
      const q = productOf(r, s);
      const pPhiP = multiply(minusSquares[r]!, phiP[s]!, p);
      for (let x = 0; x < p * p; x++) inner[x]! += w * (q[x]! - pPhiP[x]!);
    }
  }
  return {
    changes: phiP.map((own) => multiply(own, phi, p)),
    weights,
    correction: multiply(multiply(phi, inner, p), phi, p).map((value) => 2 * value),
  };
}

/** Entry of lambda lambda'. */
function relativeCovariance(lambda: Float64Array, size: number, row: number, column: number): number {
  let sum = 0;
  for (let c = 0; c < size; c++) sum += lambda[c * size + row]! * lambda[c * size + column]!;
  return sum;
}

/** X'V0^-1 X = L_XX L_XX'. */
function fixedInformation({ factor: { root }, structure: { p, rootSize, b } }: LinearProblem): Float64Array {
  const out = new Float64Array(p * p);
  const ld = rootSize + b;
  for (let c = 0; c < p; c++) {
    for (let r = 0; r < p; r++) {
      let sum = 0;
      for (let k = 0; k <= Math.min(c, r); k++)
        sum += root[(rootSize + k) * ld + rootSize + r]! * root[(rootSize + k) * ld + rootSize + c]!;
      out[c * p + r] = sum;
    }
  }
  return out;
}

/** B'E_r B by parameter, and B'E_r K E_s B by pair (r + s R); p x p each. */
function fixedProducts(
  problem: LinearProblem,
  lambda: readonly Float64Array[],
): { readonly squares: readonly Float64Array[]; readonly products: readonly Float64Array[] } {
  const { structure, gram, factor, parameters } = problem;
  const { nodeOf, position, q, p } = structure;
  const count = parameters.length;
  const width = count * p;
  const b = randomByFixed(problem, lambda);
  // E_r B, side by side
  const moved = new Float64Array(q * width);
  parameters.forEach(({ group, row, column }, r) => {
    for (const t of nodeOf[group]!) {
      const at = position[t]!;
      for (let j = 0; j < p; j++) {
        moved[(at + row) * width + r * p + j] = b[(at + column) * p + j]!;
        moved[(at + column) * width + r * p + j] = b[(at + row) * p + j]!;
      }
    }
  });
  const squares = parameters.map((_, r) => {
    const out = new Float64Array(p * p);
    for (let i = 0; i < q; i++) {
      for (let c = 0; c < p; c++) {
        const value = moved[i * width + r * p + c]!;
        if (value !== 0) for (let a = 0; a < p; a++) out[c * p + a]! += b[i * p + a]! * value;
      }
    }
    return out;
  });
  // c'K c = c'Z'Z c - |L_ZZ^-1 Lambda'Z'Z c|^2
  const product = new Float64Array((q + p) * width);
  multiplyGram(structure, gram, moved, width, product);
  const whole = new Float64Array(width * width);
  accumulate(whole, moved, product, q, width, 1);
  const solved = new Float64Array((q + p) * width);
  applyLambda(structure, lambda, true, product, width, solved);
  forwardSolveSystem(factor, solved, width);
  accumulate(whole, solved, solved, q, width, -1);
  const products = Array.from({ length: count * count }, (_, x) => {
    const r = x % count;
    const s = (x - r) / count;
    const out = new Float64Array(p * p);
    for (let c = 0; c < p; c++) for (let a = 0; a < p; a++) out[c * p + a] = whole[(s * p + c) * width + r * p + a]!;
    return out;
  });
  return { squares, products };
}

/** out += sign A'B for row-by-row A and B; column-major out. */
function accumulate(out: Float64Array, a: Float64Array, b: Float64Array, rows: number, width: number, sign: 1 | -1): void {
  for (let i = 0; i < rows; i++) {
    const at = i * width;
    for (let c = 0; c < width; c++) {
      const value = sign * b[at + c]!;
      if (value !== 0) for (let r = 0; r < width; r++) out[c * width + r]! += a[at + r]! * value;
    }
  }
}

function transposed(a: Float64Array, p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (let c = 0; c < p; c++) for (let r = 0; r < p; r++) out[r * p + c] = a[c * p + r]!;
  return out;
}

function traceOfProduct(a: Float64Array, b: Float64Array, p: number): number {
  let sum = 0;
  for (let c = 0; c < p; c++) for (let r = 0; r < p; r++) sum += a[c * p + r]! * b[r * p + c]!;
  return sum;
}
