/**
 * The random part as a table: variance, standard deviation and correlations of each effect, each term's share of the
 * variance of a row, and how reliably the units can be told apart.
 */
import type { LinearMixedFit } from "../../models/fit.js";
import { meanTermVariances } from "../icc.js";
import { reliability } from "../reliability.js";
import { formatColumn } from "./numbers.js";
import { textTable } from "./text-table.js";

/** Lines of the table, headings first. */
export function randomBlock(fit: LinearMixedFit): string[] {
  const reliabilities = reliability(fit);
  const termVariances = meanTermVariances(fit);
  const total = termVariances.reduce((sum, variance) => sum + variance, fit.sigma * fit.sigma);
  const widest = Math.max(1, ...fit.randomTerms.map(({ effects, covariance }) => (covariance === "unstructured" ? effects.length : 1)));
  const rows = fit.randomTerms.flatMap(({ group, effects, covariance, sigma }, k) =>
    effects.map((effect, s) => {
      const size = effects.length;
      const variance = sigma[s * size + s]!;
      const correlations = Array.from({ length: widest - 1 }, (_, r) => {
        if (covariance === "diagonal" || r >= s) return "";
        const scale = Math.sqrt(variance * sigma[r * size + r]!);
        return scale > 0 ? (sigma[r * size + s]! / scale).toFixed(2) : "-";
      });
      return {
        group: s === 0 ? group : "",
        effect,
        variance,
        correlations,
        share: s === 0 ? percent(termVariances[k]! / total) : "",
        reliability: reliabilities.find((row) => row.group === group && row.term === effect)?.reliability.toFixed(3) ?? "",
      };
    }),
  );
  const residual = {
    group: "Residual",
    effect: "",
    variance: fit.sigma * fit.sigma,
    correlations: [],
    share: percent(fit.sigma ** 2 / total),
    reliability: "",
  };
  const all = [...rows, residual];
  return textTable([
    { heading: "Groups", cells: all.map((row) => row.group), align: "left" },
    { heading: "Name", cells: all.map((row) => row.effect), align: "left" },
    { heading: "Variance", cells: formatColumn(all.map((row) => row.variance)) },
    { heading: "Std.Dev.", cells: formatColumn(all.map((row) => Math.sqrt(row.variance))) },
    ...Array.from({ length: widest - 1 }, (_, r) => ({
      heading: r === 0 ? "Corr" : "",
      cells: all.map((row) => row.correlations[r] ?? ""),
    })),
    { heading: "Share", cells: all.map((row) => row.share) },
    ...(reliabilities.length === 0 ? [] : [{ heading: "Reliability", cells: all.map((row) => row.reliability) }]),
  ]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
