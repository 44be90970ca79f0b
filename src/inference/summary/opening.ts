/**
 * The first sentence of a summary: how the model was fitted, to how much at each level, and whether that went well.
 */
import { counted } from "../../messages.js";
import type { LinearMixedFit } from "../../models/fit.js";
import { onOneLine, wrapped } from "./text-table.js";

/**
 * @example openingSentence(lmm("mAch ~ 1 + (1 | school)", hsb)) // => "Linear mixed model fitted by REML to 7185 rows: 160 levels of school; converged."
 */
export function openingSentence(fit: LinearMixedFit): string {
  const levels = fit.groups.map(({ name, levels: count }) => `${count} levels of ${onOneLine(name)}`);
  const method = fit.method === "REML" ? "REML" : "maximum likelihood";
  const sizes = levels.length === 0 ? "" : `: ${levels.join(", ")}`;
  return `Linear mixed model fitted by ${method} to ${counted(fit.nobs, "row")}${sizes}; ${outcome(fit)}.`;
}

/** The sentence in lines of at most 120 characters. */
export function openingLines(fit: LinearMixedFit): string[] {
  return wrapped(openingSentence(fit), 120, "", "  ");
}

function outcome({ converged, singular }: LinearMixedFit): string {
  if (!converged) return "NOT converged (see the notes)";
  return singular ? "converged, at the boundary (see the notes)" : "converged";
}
