/**
 * V8, one number for a lesson's instruction: the mean of potential, implementation and discussion; a teacher-year's is the mean over its lessons.
 *
 *   first principal component   y_i = sum_j v_j z_ij / sqrt(lambda),  v the first eigenvector of the correlations of the three
 *
 * Alternatives: that component (Jolliffe 2002), a graded-response score (graded-response.ts), or one rubric alone.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { meanPresent, variancePresent } from "./arithmetic.js";
import { gradedResponse } from "./graded-response.js";

export type IqaComposite = "mean" | "principal_component" | "graded_response" | "potential" | "implementation" | "discussion";

/**
 * V8 for all lessons at once: components and graded-response scores need them all.
 *
 * @param rubrics potential, implementation, discussion; n scores each
 * @returns n numbers; NaN where a rubric that is asked for is missing
 * @example iqaComposite([Float64Array.of(3, 3), Float64Array.of(2, NaN), Float64Array.of(1, 0)]) // => Float64Array [2, NaN]
 */
export function iqaComposite(rubrics: readonly [Float64Array, Float64Array, Float64Array], how: IqaComposite = "mean"): Float64Array {
  const [potential, implementation, discussion] = rubrics;
  switch (how) {
    case "mean":
      return potential.map((score, i) => meanPresent([score, implementation[i]!, discussion[i]!], 3));
    case "principal_component":
      return firstComponent(rubrics);
    case "graded_response":
      return gradedResponse(rubrics, { least: 3 }).scores;
    case "potential":
      return potential;
    case "implementation":
      return implementation;
    case "discussion":
      return discussion;
  }
}

/**
 * Scores on the first principal component of the correlation matrix, of mean 0 and variance 1 over the complete rows, signed so that
 * the loadings sum to a positive number. NaN throughout where a column does not vary.
 *
 * @example firstComponent([Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6)]) // => Float64Array [-1, 0, 1]
 */
export function firstComponent(columns: readonly Float64Array[]): Float64Array {
  const n = columns[0]!.length;
  const complete = Array.from({ length: n }, (_, i) => i).filter((i) => columns.every((column) => !Number.isNaN(column[i]!)));
  const standardized = columns.map((column) => {
    const used = complete.map((i) => column[i]!);
    const mean = meanPresent(used);
    const sd = Math.sqrt(variancePresent(used));
    return column.map((value) => (value - mean) / sd);
  });
  if (complete.length < 2 || standardized.some((column) => !Number.isFinite(column[complete[0]!]!)))
    return new Float64Array(n).fill(Number.NaN);
  const correlations = standardized.map((a) =>
    standardized.map((b) => complete.reduce((sum, i) => sum + a[i]! * b[i]!, 0) / (complete.length - 1)),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(correlations), { assumeSymmetric: true });
  const first = realEigenvalues.indexOf(Math.max(...realEigenvalues));
  const vector = eigenvectorMatrix.getColumn(first);
  const scale = Math.sign(vector.reduce((sum, v) => sum + v, 0)) / Math.sqrt(realEigenvalues[first]!);
  return Float64Array.from({ length: n }, (_, i) => scale * standardized.reduce((sum, column, j) => sum + vector[j]! * column[i]!, 0));
}
