/**
 * A start from moments, without iteration: MINQUE(0) (Rao 1971). With e = Z'(y - X b_ols) and K0 = Z'Z - Z'X (X'X)^-1 X'Z
 *
 *   sum_s tr(E_r K0 E_s K0) tau_s + tr(E_r K0) sigma^2 = e'E_r e
 *   sum_r tr(E_r K0) tau_r + (n - p) sigma^2 = rss
 *
 * for every unique element tau_r of every covariance matrix (E_r its pattern of zeros and ones). In balanced designs it is the
 * REML estimate. Everything is taken from the Gram blocks.
 */
import { cholesky, solveRightTransposed } from "../linalg/cholesky.js";
import { lowerFactor, symmetricEigen } from "../linalg/symmetric.js";
import { setPartBlock, thetaOf } from "./covariance-parameters.js";
import type { LinearProblem } from "./criterion.js";
import type { GroupPart } from "./random-groups.js";
import { multiplyGram } from "./solve.js";

interface Element {
  readonly group: number;
  readonly part: GroupPart;
  readonly row: number;
  readonly column: number;
}

/** Eigenvalues of a start below this are raised to it: never start at the boundary. */
const SMALLEST = 0.01;

/** @returns theta for the whitened factors */
export function momentStart(problem: LinearProblem): Float64Array {
  const { structure, gram, parameters, n } = problem;
  const { groups, nodeOf, position, q, p, b } = structure;
  const elements: Element[] = [];
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      for (let c = part.start; c < part.start + part.size; c++) {
        const last = part.covariance === "diagonal" ? c : part.start + part.size - 1;
        for (let r = c; r <= last; r++) elements.push({ group: k, part, row: r, column: c });
      }
    }
  });
  const count = elements.length;

  // B = Z'X L_X^-T and e = Z'y - B (L_X^-1 X'y), q x (p + 1) row by row.
  const fixed = Float64Array.from(gram.fixed);
  if (cholesky(fixed, 0, b, p) >= 0) return startAt(problem, () => 1);
  const rows = new Float64Array(q * b);
  for (let t = 0; t < structure.nodeCount; t++) {
    const size = groups[structure.nodeGroup[t]!]!.size;
    for (let s = 0; s < size; s++) {
      const bottom = structure.aStart[t]! + (s + 1) * structure.aLd[t]! - b;
      for (let j = 0; j < b; j++) rows[j * q + position[t]! + s] = gram.random[bottom + j]!;
    }
  }
  solveRightTransposed(rows, 0, q, q, fixed, 0, b, p);
  const xy = new Float64Array(b);
  for (let j = 0; j < p; j++) {
    let sum = gram.fixed[p * b + j]!;
    for (let k = 0; k < j; k++) sum -= fixed[k * b + j]! * xy[k]!;
    xy[j] = sum / fixed[j * b + j]!;
  }
  const e = rows.subarray(p * q, (p + 1) * q);
  let rss = gram.fixed[p * b + p]!;
  for (let j = 0; j < p; j++) {
    rss -= xy[j]! * xy[j]!;
    for (let i = 0; i < q; i++) e[i] = e[i]! - rows[j * q + i]! * xy[j]!;
  }

  // K0 = A - BB': products of the parts, element by element.
  const size = count + 1;
  const system = new Float64Array(size * size);
  const right = new Float64Array(size);
  const sandwich = elements.map((element) => bEb(structure, element, rows, q, p));
  const vectors = new Float64Array(q * p);
  const product = new Float64Array((q + p) * Math.max(1, p));
  for (let s = 0; s < count; s++) {
    const element = elements[s]!;
    // A E_s B
    vectors.fill(0);
    for (const t of nodeOf[element.group]!) {
      const a = position[t]! + element.row;
      const c = position[t]! + element.column;
      for (let j = 0; j < p; j++) {
        vectors[a * p + j] = rows[j * q + c]!;
        if (a !== c) vectors[c * p + j] = rows[j * q + a]!;
      }
    }
    if (p > 0) multiplyGram(structure, gram, vectors, p, product);
    for (let r = 0; r < count; r++) {
      const other = elements[r]!;
      let cross = 0;
      if (p > 0) {
        for (const t of nodeOf[other.group]!) {
          const a = position[t]! + other.row;
          const c = position[t]! + other.column;
          for (let j = 0; j < p; j++) {
            cross += rows[j * q + c]! * product[a * p + j]!;
            if (a !== c) cross += rows[j * q + a]! * product[c * p + j]!;
          }
        }
      }
      let square = 0;
      for (let x = 0; x < p * p; x++) square += sandwich[r]![x]! * sandwich[s]![x]!;
      system[s * size + r] = square - 2 * cross;
    }
    let trace = 0;
    let moment = 0;
    for (const t of nodeOf[element.group]!) {
      const a = position[t]! + element.row;
      const c = position[t]! + element.column;
      const twice = a === c ? 1 : 2;
      trace += twice * gram.random[structure.aStart[t]! + element.column * structure.aLd[t]! + element.row]!;
      moment += twice * e[a]! * e[c]!;
    }
    for (let j = 0; j < p; j++) trace -= sandwich[s]![j * p + j]!;
    system[s * size + count] = trace;
    system[count * size + s] = trace;
    right[s] = moment;
  }
  addGramTraces(problem, elements, system, size);
  system[count * size + count] = n - p;
  right[count] = rss;

  const solution = solveSymmetric(system, right, size);
  if (solution === null) return startAt(problem, () => 1);
  const residual = Math.max(solution[count]!, (0.05 * rss) / Math.max(1, n - p));
  return startAt(problem, (element) => solution[elements.findIndex((x) => sameElement(x, element))]! / residual);

  function sameElement(x: Element, y: Element): boolean {
    return x.group === y.group && x.row === y.row && x.column === y.column;
  }

  /** Covariances from `value`, eigenvalues raised, as theta. */
  function startAt(of: LinearProblem, value: (element: Element) => number): Float64Array {
    const lambda = of.structure.groups.map((group, k) => {
      const matrix = new Float64Array(group.size * group.size);
      for (const part of group.parts) {
        const m = part.size;
        const block = new Float64Array(m * m);
        for (let c = 0; c < m; c++) {
          for (let r = c; r < m; r++) {
            if (part.covariance === "diagonal" && r !== c) continue;
            const v = value({ group: k, part, row: part.start + r, column: part.start + c });
            block[c * m + r] = v;
            block[r * m + c] = v;
          }
        }
        setPartBlock(matrix, group.size, part, raisedFactor(block, part));
      }
      return matrix;
    });
    return thetaOf(of.structure.groups, parameters, lambda);
  }
}

/** Lower factor of a symmetric matrix with its eigenvalues raised to SMALLEST times the larger of 0.1 and the largest. */
function raisedFactor(block: Float64Array, part: GroupPart): Float64Array {
  const m = part.size;
  if (part.covariance === "diagonal") {
    let largest = 0;
    for (let i = 0; i < m; i++) largest = Math.max(largest, block[i * m + i]!);
    const out = new Float64Array(m * m);
    for (let i = 0; i < m; i++) out[i * m + i] = Math.sqrt(Math.max(block[i * m + i]!, SMALLEST * Math.max(0.1, largest)));
    return out;
  }
  const { values, vectors } = symmetricEigen(block, m);
  const floor = SMALLEST * Math.max(0.1, values[m - 1]!);
  const root = new Float64Array(m * m);
  for (let c = 0; c < m; c++) {
    const s = Math.sqrt(Math.max(values[c]!, floor));
    for (let r = 0; r < m; r++) root[c * m + r] = vectors[c * m + r]! * s;
  }
  return lowerFactor(root, m);
}

/** B'E_r B, p x p. */
function bEb({ nodeOf, position }: LinearProblem["structure"], element: Element, rows: Float64Array, q: number, p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (const t of nodeOf[element.group]!) {
    const a = position[t]! + element.row;
    const c = position[t]! + element.column;
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++) {
        let value = rows[j * q + a]! * rows[k * q + c]!;
        if (a !== c) value += rows[j * q + c]! * rows[k * q + a]!;
        out[j * p + k] = out[j * p + k]! + value;
      }
    }
  }
  return out;
}

/** Adds tr(E_r A E_s A), A = Z'Z: sums over pairs of nodes that share rows. */
function addGramTraces({ structure, gram }: LinearProblem, elements: readonly Element[], system: Float64Array, size: number): void {
  const { groups, nodeCount, nodeGroup, aStart, aLd, aNeighbourStart, aNeighbour, aRow } = structure;
  const byGroup = groups.map((_, k) => elements.flatMap((element, x) => (element.group === k ? [x] : [])));
  const visit = (first: number, second: number, offset: number, ld: number, both: boolean): void => {
    // block M (size2 x size1) at offset: tr(E_r M' E_s M)
    for (const r of byGroup[first]!) {
      const er = elements[r]!;
      for (const s of byGroup[second]!) {
        const es = elements[s]!;
        const at = (row: number, column: number): number => gram.random[offset + column * ld + row]!;
        // E_r is 1 at (a, b) and (b, a); tr = sum over the ones of E_r and E_s
        let sum = at(es.row, er.row) * at(es.column, er.column);
        if (es.row !== es.column) sum += at(es.column, er.row) * at(es.row, er.column);
        if (er.row !== er.column) {
          sum += at(es.row, er.column) * at(es.column, er.row);
          if (es.row !== es.column) sum += at(es.column, er.column) * at(es.row, er.row);
        }
        system[s * size + r] = system[s * size + r]! + sum;
        if (both) system[r * size + s] = system[r * size + s]! + sum;
      }
    }
  };
  for (let t = 0; t < nodeCount; t++) {
    const k = nodeGroup[t]!;
    visit(k, k, aStart[t]!, aLd[t]!, false);
    for (let x = aNeighbourStart[t]!; x < aNeighbourStart[t + 1]!; x++) {
      visit(k, nodeGroup[aNeighbour[x]!]!, aStart[t]! + aRow[x]!, aLd[t]!, true);
    }
  }
}

/** Solves a symmetric system by eigenvalues, leaving out directions without information; null where it is not finite. */
function solveSymmetric(a: Float64Array, y: Float64Array, n: number): Float64Array | null {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) scale[i] = 1 / Math.sqrt(Math.max(a[i * n + i]!, Number.MIN_VALUE));
  const scaled = new Float64Array(n * n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) scaled[j * n + i] = a[j * n + i]! * scale[i]! * scale[j]!;
  if (!scaled.every(Number.isFinite)) return null;
  const { values, vectors } = symmetricEigen(scaled, n);
  const x = new Float64Array(n);
  for (let m = 0; m < n; m++) {
    if (!(values[m]! > 1e-10 * values[n - 1]!)) continue;
    let dot = 0;
    for (let i = 0; i < n; i++) dot += vectors[m * n + i]! * y[i]! * scale[i]!;
    for (let i = 0; i < n; i++) x[i] = x[i]! + (vectors[m * n + i]! * dot) / values[m]!;
  }
  for (let i = 0; i < n; i++) x[i] = x[i]! * scale[i]!;
  return x.every(Number.isFinite) ? x : null;
}
