/**
 * Standard errors of the random effects' standard deviations and correlations, by the delta method from the joint covariance of the
 * parameters, on the scales on which their estimates are nearly normal: log(sd) and atanh(correlation).
 */
import { lambdaOf, unwhitened } from "../blocks/covariance-parameters.js";
import type { RandomTermFit } from "../fit.js";
import type { RandomError } from "../generalized-fit.js";
import { timesTransposed } from "../linalg/symmetric.js";
import type { LaplaceProblem } from "./problem.js";

/** One entry for each of the term's components, variances first and then the pairs, as `components` lists them. */
export function randomErrors(
  { structure, parameters }: LaplaceProblem,
  point: Float64Array,
  covariance: Float64Array | null,
  term: RandomTermFit,
): RandomError[] {
  const { groups } = structure;
  const k = groups.findIndex((group) => group.parts.some((part) => part.term === term.index));
  const part = groups[k]!.parts.find((own) => own.term === term.index)!;
  const places = parameters.flatMap((parameter, j) => (parameter.part === part ? [j] : []));
  const size = point.length;
  const at = (theta: Float64Array): (number | null)[] => scaled(lambdaOf(groups, parameters, theta)[k]!);
  const values = at(point);
  if (covariance === null) return values.map(() => ({ stdError: null }));
  // Central differences of a closed form: steps of a thousandth of the parameter's size.
  const slopes = places.map((j) => {
    const step = 1e-5 * Math.max(1e-2, Math.abs(point[j]!));
    const moved = (by: number): (number | null)[] => {
      const theta = Float64Array.from(point);
      theta[j] = theta[j]! + by;
      return at(theta);
    };
    const above = moved(step);
    const below = moved(-step);
    return values.map((_, i) => (above[i] === null || below[i] === null ? null : (above[i]! - below[i]!) / (2 * step)));
  });
  return values.map((value, i) => {
    if (value === null) return { stdError: null };
    let variance = 0;
    for (let a = 0; a < places.length; a++) {
      for (let b = 0; b < places.length; b++) {
        const left = slopes[a]![i];
        const right = slopes[b]![i];
        if (left == null || right == null) return { stdError: null };
        variance += left * right * covariance[places[a]! * size + places[b]!]!;
      }
    }
    return { stdError: variance > 0 ? Math.sqrt(variance) : null };
  });

  /** log(sd) and atanh(correlation); null at the boundary. */
  function scaled(lambda: Float64Array): (number | null)[] {
    const group = groups[k]!;
    const full = unwhitened(group, lambda);
    const m = part.size;
    const own = new Float64Array(m * m);
    for (let c = 0; c < m; c++) for (let r = c; r < m; r++) own[c * m + r] = full[(part.start + c) * group.size + part.start + r]!;
    const sigma = timesTransposed(own, m);
    const out: (number | null)[] = [];
    for (let i = 0; i < m; i++) out.push(sigma[i * m + i]! > 0 ? 0.5 * Math.log(sigma[i * m + i]!) : null);
    if (part.covariance === "diagonal") return out;
    for (let i = 0; i < m; i++) {
      for (let j = i + 1; j < m; j++) {
        const correlation = sigma[i * m + j]! / Math.sqrt(sigma[i * m + i]! * sigma[j * m + j]!);
        out.push(Math.abs(correlation) < 1 - 1e-12 ? Math.atanh(correlation) : null);
      }
    }
    return out;
  }
}
