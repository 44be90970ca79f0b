/**
 * The random part of a generalized model as a table: variance, standard deviation with its interval, correlations.
 *
 * The interval is Wald's on the log scale, exp(log sd -/+ q se): a standard deviation's own sampling distribution is skewed.
 */
import type { RandomTermFit } from "../../models/fit.js";
import type { RandomError } from "../../models/generalized-fit.js";
import { normalQuantile } from "../../models/special/normal.js";
import { components } from "../../models/variance-components.js";
import { formatColumn, formatInterval } from "./numbers.js";
import { textTable } from "./text-table.js";

/**
 * Lines of the table, headings first.
 *
 * @param errors standard errors of the terms' components, in their order; none where none are known
 */
export function generalizedRandom(terms: readonly RandomTermFit[], errors: readonly RandomError[]): string[] {
  const widest = Math.max(1, ...terms.map(({ effects, covariance }) => (covariance === "unstructured" ? effects.length : 1)));
  let next = 0;
  const rows = terms.flatMap((term) => {
    const { group, effects, covariance, sigma } = term;
    const size = effects.length;
    const first = next;
    next += components(term).length;
    return effects.map((effect, s) => {
      const variance = sigma[s * size + s]!;
      const correlations = Array.from({ length: widest - 1 }, (_, r) => {
        if (covariance === "diagonal" || r >= s) return "";
        const scale = Math.sqrt(variance * sigma[r * size + r]!);
        return scale > 0 ? (sigma[r * size + s]! / scale).toFixed(2) : "-";
      });
      return { group: s === 0 ? group : "", effect, variance, correlations, interval: sdInterval(variance, errors[first + s]) };
    });
  });
  const known = rows.some(({ interval }) => interval !== null);
  return textTable([
    { heading: "Groups", cells: rows.map((row) => row.group), align: "left" },
    { heading: "Name", cells: rows.map((row) => row.effect), align: "left" },
    { heading: "Variance", cells: formatColumn(rows.map((row) => row.variance)) },
    { heading: "Std.Dev.", cells: formatColumn(rows.map((row) => Math.sqrt(row.variance))) },
    {
      heading: known ? "95 % interval" : "",
      cells: rows.map(({ interval }) => interval ?? ""),
    },
    ...Array.from({ length: widest - 1 }, (_, r) => ({
      heading: r === 0 ? "Corr" : "",
      cells: rows.map((row) => row.correlations[r] ?? ""),
    })),
  ]);
}

/** Beyond a factor of e^4 either way nothing is known. */
const UNDETERMINED = 2;

/** Of the standard deviation; null where no standard error is known. */
function sdInterval(variance: number, error: RandomError | undefined): string | null {
  const stdError = error?.stdError ?? null;
  if (stdError === null || !(variance > 0)) return null;
  if (stdError > UNDETERMINED) return "undetermined";
  const centre = Math.log(variance) / 2;
  const reach = normalQuantile(0.025, "upper") * stdError;
  return formatInterval(Math.exp(centre - reach), Math.exp(centre + reach));
}
